"""How long to wait, by the headers of a 429."""

from __future__ import annotations

from email.utils import formatdate

import pytest
import responses
import time_machine

from django_pwdless import exceptions as exc
from django_pwdless.auth0 import Auth0Client
from tests.auth0.calls import error_of

Tenant = responses.RequestsMock
NOW = 1_800_000_000
WAITS: list[tuple[dict[str, str], int]] = [
    ({}, 60),
    ({"Retry-After": "7"}, 7),
    ({"retry-after": " 7 "}, 7),
    ({"Retry-After": "0"}, 1),
    ({"Retry-After": "-5"}, 60),
    ({"Retry-After": "1.5"}, 60),
    ({"Retry-After": ""}, 60),
    ({"Retry-After": "soon"}, 60),
    ({"Retry-After": "²"}, 60),
    ({"Retry-After": "1, 2"}, 60),
    ({"Retry-After": "99999999"}, 3600),
    ({"Retry-After": "9" * 5000}, 60),
    ({"Retry-After": formatdate(NOW + 90, usegmt=True)}, 90),
    ({"Retry-After": formatdate(NOW + 90)}, 90),
    ({"Retry-After": formatdate(NOW - 90, usegmt=True)}, 1),
    ({"Retry-After": formatdate(NOW + 10**6, usegmt=True)}, 3600),
    ({"Retry-After": "Fri, 31 Dec 0000 23:59:59 GMT"}, 1),
    ({"Retry-After": "Fri, 32 Foo 2027 25:61:61 GMT"}, 60),
    ({"x-ratelimit-reset": str(NOW + 30)}, 30),
    ({"X-RateLimit-Reset": str(NOW + 30)}, 30),
    ({"x-ratelimit-reset": str(NOW - 30)}, 1),
    ({"x-ratelimit-reset": "0"}, 1),
    ({"x-ratelimit-reset": str(NOW * 1000)}, 60),
    ({"x-ratelimit-reset": "999999999999"}, 3600),
    ({"x-ratelimit-reset": "never"}, 60),
    ({"Retry-After": "7", "x-ratelimit-reset": str(NOW + 30)}, 7),
    ({"Retry-After": "soon", "x-ratelimit-reset": str(NOW + 30)}, 30),
]


@pytest.mark.parametrize(("headers", "seconds"), WAITS)
def test_wait_is_read_from_the_headers(
    tenant: Tenant, client: Auth0Client, headers: dict[str, str], seconds: int
) -> None:
    with time_machine.travel(NOW, tick=False):
        found = error_of(tenant, "start", client, status=429, json={}, headers=headers)
    assert isinstance(found, exc.RateLimited)
    assert found.retry_after == seconds


def test_slow_down_says_how_long(tenant: Tenant, client: Auth0Client) -> None:
    body, headers = {"error": "slow_down"}, {"Retry-After": "9"}
    found = error_of(tenant, "verify_oob", client, status=400, json=body, headers=headers)
    assert isinstance(found, exc.SlowDown)
    assert found.retry_after == 9
