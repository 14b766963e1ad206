"""A tenant for the session, as good as new for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django_pwdless.localtenant import LocalTenant

from .site import Site


@pytest.fixture(scope="session")
def running_tenant() -> Iterator[LocalTenant]:
    with LocalTenant() as tenant:
        yield tenant


@pytest.fixture
def tenant(running_tenant: LocalTenant) -> Iterator[LocalTenant]:
    running_tenant.reset()
    yield running_tenant
    running_tenant.reset()


@pytest.fixture
def site(tenant: LocalTenant) -> Iterator[Site]:
    site = Site(tenant)
    yield site
    site.session.close()
