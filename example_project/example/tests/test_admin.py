from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from django_pwdless.testing import sign_in

pytestmark = pytest.mark.django_db


def test_staff_open_it(client: Client) -> None:
    assert sign_in(client, "staff@example.com").is_staff
    assert client.get("/admin/").status_code == 200


def test_others_are_told_that_they_are_not_staff(client: Client) -> None:
    sign_in(client, "ann@example.com")
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "ann@example.com" in response.text


def test_with_a_second_factor(client: Client, settings: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "ADMIN_MFA": True}
    sign_in(client, "staff@example.com")
    assert client.get("/admin/").status_code == 403
    sign_in(client, "staff@example.com", mfa=True)
    assert client.get("/admin/").status_code == 200
