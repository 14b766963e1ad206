"""A tenant over TLS, which Auth0's libraries insist on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django_pwdless.localtenant import LocalTenant


@pytest.fixture
def secure() -> Iterator[LocalTenant]:
    # Some of the libraries take no address for a domain.
    with LocalTenant(tls=True, host="localhost") as tenant:
        yield tenant
