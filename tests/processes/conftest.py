from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection

from django_pwdless.localtenant import LocalTenant

from .browser import Browser, RoamingBrowser
from .redis_server import RedisServer
from .site import GUNICORN, Site

# Set where these tests must run: without Redis they then fail, and are not skipped.
REQUIRED = "PWDLESS_REQUIRE_PROCESSES"

Configure = Callable[..., None]
MakeSite = Callable[..., Site]


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    if shutil.which("redis-server") is None:
        text = "There is no redis-server (on Debian: apt install redis-server)."
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set. {text}")
        pytest.skip(text)
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def make_site(
    redis_server: RedisServer, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeSite]:
    """Start a site of these options of a server's and this ``PWDLESS``, until the session ends."""
    with ExitStack() as stack:

        def make_site(
            *options: str,
            keys: dict[str, Any],
            environment: dict[str, str] | None = None,
            server: Sequence[str] = GUNICORN,
        ) -> Site:
            site = Site(
                tmp_path_factory.mktemp("site"),
                SITE_DATABASE=str(connection.settings_dict["NAME"]),
                SITE_REDIS=redis_server.url,
                **(environment or {}),
            )
            site.configure(**keys)
            stack.callback(site.stop)
            site.start(*options, server=server)
            return site

        yield make_site


@pytest.fixture(scope="session")
def ordinary_site(make_site: MakeSite) -> Site:
    """Four workers of gunicorn's ordinary kind."""
    return make_site(keys={})


@pytest.fixture
def tenant() -> Iterator[LocalTenant]:
    """A tenant that no worker has met."""
    with LocalTenant() as tenant:
        yield tenant


@pytest.fixture
def site(
    ordinary_site: Site, redis_server: RedisServer, tenant: LocalTenant, transactional_db: None
) -> Iterator[Site]:
    """The site as a test finds it: nobody is signed in, and Redis has forgotten everything."""
    redis_server.revive()
    ordinary_site.configure(**settings_for(tenant))
    before = len(ordinary_site.log)
    yield ordinary_site
    assert "Traceback" not in ordinary_site.log[before:]


@pytest.fixture
def configure(site: Site, tenant: LocalTenant) -> Configure:
    """Set keys of ``PWDLESS``."""
    return lambda **keys: site.configure(**{**settings_for(tenant), **keys})


@pytest.fixture
def browser(site: Site, tenant: LocalTenant) -> Browser:
    return Browser(site, tenant)


@pytest.fixture
def roaming(site: Site, tenant: LocalTenant) -> RoamingBrowser:
    """A browser whose every request is another worker's."""
    return RoamingBrowser(site, tenant)


def settings_for(tenant: LocalTenant) -> dict[str, Any]:
    return {
        **tenant.settings,
        "TRUSTED_PROXIES": 1,
        "CUSTOMIZE_MFA": True,
        "METHODS": ["email-code", "email-link", "universal"],
        # Where the journeys' tools expect it.
        "BASE_URL": "http://testserver",
    }
