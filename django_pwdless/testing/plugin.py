"""The pytest plugin: the fixture ``pwdless_tenant``.

Imports nothing but pytest until the fixture is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

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
    yield tenant
    _pwdless_servers.clean()
