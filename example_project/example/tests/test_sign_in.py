"""The sign-in itself, and what apps call: here the local tenant is needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client, TestCase

from django_pwdless.localtenant import LocalTenant
from django_pwdless.testing import TenantMixin, sign_in

pytestmark = pytest.mark.django_db


def test_code_leads_to_the_account(client: Client, pwdless_tenant: LocalTenant) -> None:
    client.post("/accounts/login/", {"identifier": "ann@example.com"})
    code = pwdless_tenant.inbox.latest("ann@example.com").code
    response = client.post("/accounts/verify/", {"code": code}, follow=True)
    assert response.redirect_chain == [("/account/", 302)]
    assert "ann@example.com" in response.text


class BlockedTests(TenantMixin, TestCase):
    def test_blocked_people_stay_outside(self) -> None:
        self.tenant.add_person("eve@example.com", denied=True)
        self.client.post("/accounts/login/", {"identifier": "eve@example.com"})
        code = self.tenant.inbox.latest("eve@example.com").code
        response = self.client.post("/accounts/verify/", {"code": code})
        assert response.status_code == 403


def test_app_calls_the_api(client: Client, pwdless_access_token: Callable[..., str]) -> None:
    user = sign_in(Client(), "ann@example.com")
    token = pwdless_access_token(user, scopes=["read:account"])
    response = client.get("/api/account/", headers={"Authorization": f"Bearer {token}"})
    assert response.json()["user"] == user.get_username()
