"""A test with the local tenant."""

from __future__ import annotations

from django.test import AsyncClient, Client, TestCase
from typing_extensions import assert_type

from django_pwdless.localtenant import LocalTenant
from django_pwdless.testing import TenantMixin, asign_in, sign_in


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


def test_account(client: Client, db: None) -> None:
    user = sign_in(client, "ann@example.com", mfa=True, fresh=False)
    sign_in(client, "ann@example.com", user=user)


async def test_account_async(async_client: AsyncClient, db: None) -> None:
    await asign_in(async_client, "ann@example.com")


class AccountTests(TenantMixin, TestCase):
    def test_tenant(self) -> None:
        assert_type(self.tenant, LocalTenant)
        sign_in(self.client, "ann@example.com")
