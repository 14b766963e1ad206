"""The local tenant of a test run, as good as new for each test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .limits import caches_of_ones_own

if TYPE_CHECKING:
    from django_pwdless.localtenant import LocalTenant


class Servers:
    """The tenant of this process, made when first asked for."""

    def __init__(self) -> None:
        self._tenant: LocalTenant | None = None

    def fresh(self) -> LocalTenant:
        """Return a running tenant that has forgotten everything.

        Raises ImportError, which says what to install, without the extra.
        """
        if self._tenant is None or not self._tenant.is_running:
            from django_pwdless.localtenant import LocalTenant

            self._tenant = LocalTenant().start()
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


SERVERS = Servers()


@contextmanager
def lent(settings: Any) -> Iterator[LocalTenant]:
    """Lend the tenant to one test of a site with these Django settings, whose APIs it knows."""
    tenant = SERVERS.fresh()
    tenant.add_apis(_audiences(getattr(settings, "PWDLESS", {})))
    usual = tenant.default_audience
    tenant.default_audience = lambda: _api_audience(settings) or usual()
    try:
        yield tenant
    finally:
        tenant.default_audience = usual
        SERVERS.clean()


def leading_to(tenant: LocalTenant, settings: Any) -> dict[str, Any]:
    """Return the settings that lead a site to this tenant, and let it use no limit of another's.

    The other keys of its ``PWDLESS`` are kept.
    """
    site = dict(getattr(settings, "PWDLESS", {}))
    site.pop("CLIENT_ASSERTION_KEY", None)
    return {"PWDLESS": {**site, **tenant.settings}, "CACHES": caches_of_ones_own(settings)}


def _api_audience(settings: Any) -> Any:
    """Return the site's own API, the first one of several."""
    return next(iter(_listed(settings.PWDLESS.get("API_AUDIENCE"))), None)


def _audiences(site: dict[str, Any]) -> list[str]:
    """Return the APIs that a site's ``PWDLESS`` names."""
    return [*_listed(site.get("AUDIENCE")), *_listed(site.get("API_AUDIENCE"))]


def _listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, (list, tuple)) else [value] if value else []
