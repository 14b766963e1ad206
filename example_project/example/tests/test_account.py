from __future__ import annotations

import pytest
from django.test import Client, TestCase

from django_pwdless.testing import sign_in

pytestmark = pytest.mark.django_db


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    assert client.get("/account/").headers["Location"] == "/accounts/login/?next=/account/"


@pytest.mark.parametrize("number", range(50))
def test_each_reader_sees_their_own_account(client: Client, number: int) -> None:
    sign_in(client, f"reader{number}@example.com")
    page = client.get("/account/").text
    assert f"<bdi>reader{number}@example.com</bdi>" in page
    assert "<code>email_verified</code>" in page


class SignInMethodTests(TestCase):
    def test_they_change_after_a_fresh_proof_only(self) -> None:
        sign_in(self.client, "ann@example.com", fresh=False)
        response = self.client.get("/accounts/identities/add/")
        self.assertRedirects(response, "/accounts/login/?next=/accounts/identities/add/")
        sign_in(self.client, "ann@example.com")
        self.assertContains(self.client.get("/accounts/identities/add/"), "identifier")

    def test_each_device_is_listed(self) -> None:
        user = sign_in(self.client, "ann@example.com")
        sign_in(Client(), "ann@example.com")
        assert user.pwdless_sign_ins.count() == 2
        self.assertContains(self.client.get("/accounts/sign-ins/"), "</form>", 3)
