"""A test with the local tenant."""

from __future__ import annotations

from django.test import Client
from typing_extensions import assert_type

from django_pwdless.localtenant import LocalTenant


def test_sign_in(client: Client, db: None, pwdless_tenant: LocalTenant) -> None:
    pwdless_tenant.add_person("ann@example.com", factors=["otp"])
    client.post("/accounts/login/", {"identifier": "ann@example.com"})
    message = pwdless_tenant.inbox.latest("ann@example.com")
    assert_type(message.code, str | None)
    client.post("/accounts/verify/", {"code": message.code or ""})
    assert client.session["_auth_user_id"]


def test_without_the_fixture() -> None:
    with LocalTenant(demo=True) as tenant:
        assert_type(tenant.domain, str)
        tenant.clock.advance(60)
        tenant.fail("/oauth/token", "timeout", times=1)
