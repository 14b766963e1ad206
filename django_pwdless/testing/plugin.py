"""The pytest plugin: the fixtures ``pwdless_tenant`` and ``pwdless_access_token``.

Imports nothing but pytest until one of them is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from .limits import caches_of_ones_own

if TYPE_CHECKING:
    from django_pwdless.localtenant import LocalTenant


class _Servers:
    """The tenant of this test session, made when first asked for."""

    def __init__(self) -> None:
        self._tenant: LocalTenant | None = None

    def fresh(self) -> LocalTenant:
        """Return a running tenant that has forgotten everything."""
        if self._tenant is None or not self._tenant.is_running:
            self._tenant = self._start()
        self._tenant.reset()
        return self._tenant

    def clean(self) -> None:
        """End what a test left hanging; a tenant whose keys changed is not used again.

        A site may have cached its keys, and waits before it fetches others.
        """
        if self._tenant is not None:
            is_worn = self._tenant.is_worn
            self._tenant.reset()
            if is_worn:
                self.stop()

    def stop(self) -> None:
        """Stop the tenant, if there is one."""
        tenant, self._tenant = self._tenant, None
        if tenant is not None:
            tenant.stop()

    def _start(self) -> LocalTenant:
        try:
            from django_pwdless.localtenant import LocalTenant
        except ImportError as problem:
            raise pytest.UsageError(problem) from None
        return LocalTenant().start()


@pytest.fixture(scope="session")
def _pwdless_servers() -> Iterator[_Servers]:
    servers = _Servers()
    yield servers
    servers.stop()


@pytest.fixture
def pwdless_tenant(
    request: pytest.FixtureRequest, _pwdless_servers: _Servers
) -> Iterator[LocalTenant]:
    """A running local tenant, as good as new for each test, that ``settings.PWDLESS`` leads to.

    No limits are used yet: the cache that counts has a prefix of the test's own.

    Needs pytest-django, whose ``settings`` fixture restores the settings afterwards. The other
    keys of the site's ``PWDLESS`` are kept.
    """
    try:
        settings: Any = request.getfixturevalue("settings")
    except pytest.FixtureLookupError:
        raise pytest.UsageError("pwdless_tenant needs pytest-django") from None
    tenant = _pwdless_servers.fresh()
    site = dict(getattr(settings, "PWDLESS", {}))
    site.pop("CLIENT_ASSERTION_KEY", None)
    settings.PWDLESS = {**site, **tenant.settings}
    settings.CACHES = caches_of_ones_own(settings)
    tenant.add_apis(_audiences(site))
    usual = tenant.default_audience
    tenant.default_audience = lambda: _api_audience(settings) or usual()
    yield tenant
    tenant.default_audience = usual
    _pwdless_servers.clean()


def _api_audience(settings: Any) -> Any:
    """Return the site's own API, the first one of several."""
    return next(iter(_listed(settings.PWDLESS.get("API_AUDIENCE"))), None)


def _audiences(site: dict[str, Any]) -> list[str]:
    """Return the APIs that a site's ``PWDLESS`` names."""
    return [*_listed(site.get("AUDIENCE")), *_listed(site.get("API_AUDIENCE"))]


def _listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, (list, tuple)) else [value] if value else []


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
