"""The pytest plugin: the fixtures ``pwdless_tenant`` and ``pwdless_access_token``.

Imports nothing but pytest until one of them is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from .tenants import SERVERS, leading_to, lent

if TYPE_CHECKING:
    from django_pwdless.localtenant import LocalTenant


@pytest.fixture(scope="session")
def _pwdless_servers() -> Iterator[None]:
    yield
    SERVERS.stop()


@pytest.fixture
def pwdless_tenant(request: pytest.FixtureRequest, _pwdless_servers: None) -> Iterator[LocalTenant]:
    """A running local tenant, as good as new for each test, that ``settings.PWDLESS`` leads to.

    No limits are used yet: the cache that counts has a prefix of the test's own.

    Needs pytest-django, whose ``settings`` fixture restores the settings afterwards. The other
    keys of the site's ``PWDLESS`` are kept.
    """
    try:
        settings: Any = request.getfixturevalue("settings")
    except pytest.FixtureLookupError:
        raise pytest.UsageError("pwdless_tenant needs pytest-django") from None
    with ExitStack() as stack:
        try:
            tenant = stack.enter_context(lent(settings))
        except ImportError as problem:
            raise pytest.UsageError(problem) from None
        for name, value in leading_to(tenant, settings).items():
            setattr(settings, name, value)
        yield tenant


@pytest.fixture
def pwdless_access_token(db: None, pwdless_tenant: LocalTenant) -> Callable[..., str]:
    """Make an access token of a user, who gets an identity for it, or of a subject.

    Takes the arguments of ``LocalTenant.access_token`` too: ``scopes``, ``permissions``, …
    """
    from django_pwdless.models import Identity

    def make(user: Any, **options: Any) -> str:
        if isinstance(user, str):
            return pwdless_tenant.access_token(user, **options)
        identity, _ = Identity.objects.get_or_create(
            user=user, issuer=pwdless_tenant.issuer, defaults={"subject": f"email|test-{user.pk}"}
        )
        return pwdless_tenant.access_token(identity.subject, **options)

    return make
