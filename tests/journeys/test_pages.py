"""What the pages say where the context alone decides it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant

from .browser import ANN, BEN, Browser, outcome
from .conftest import Configure

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("email", "name"), [(ANN, ANN), ("", "ann")])
def test_people_are_called_by_their_address(client: Client, email: str, name: str) -> None:
    client.force_login(get_user_model().objects.create_user("ann", email))
    context = client.get("/accounts/login/?next=/in/").context
    assert context["signed_in_as"] == name


def test_person_of_our_making_is_called_by_the_address(signed_in: Browser) -> None:
    assert signed_in.get("login", next="/in/").context["signed_in_as"] == ANN


def test_another_address_while_adding_one(signed_in: Browser) -> None:
    signed_in.post("identity_add", identifier=BEN, next="/in/")
    again = signed_in.get("verify").context["change_url"]
    assert again == reverse("pwdless:identity_add") + "?next=/in/"
    assert signed_in.client.get(again).context["next"] == "/in/"


def test_tries_are_counted_on_the_any_device_page_too(half_way: Browser) -> None:
    assert half_way.get("link").context["tries_left"] is None
    left = [half_way.post("link", code=half_way.wrong_code).context["tries_left"] for _ in range(3)]
    assert left == [2, 1, 0]
    assert outcome(half_way.answer())[0] == 200


@pytest.fixture
def half_way_to_mfa(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    """Return what brings a browser before the second factor of somebody with these."""
    configure(CUSTOMIZE_MFA=True)

    def begin(*factors: str, **more: Any) -> Browser:
        tenant.add_person(ANN, factors=factors, **more)
        browser.sign_in()
        return browser

    return begin


def test_another_way_while_enrolling_one(half_way_to_mfa: Any) -> None:
    browser = half_way_to_mfa(mfa="enroll")
    browser.post("mfa_enroll", factor="otp")
    assert outcome(browser.get("mfa")) == (302, reverse("pwdless:mfa_enroll"))


@pytest.mark.parametrize(
    ("token_fault", "text"),
    [(None, "The request was denied on your phone."), ("wrong_iss", "We could not sign you in")],
)
def test_next_page_tells_what_the_script_was_told(
    token_fault: str | None, text: str, half_way_to_mfa: Any, tenant: LocalTenant, clock: Any
) -> None:
    browser = half_way_to_mfa("push-notification", "otp")
    push = browser.get("mfa").context["authenticators"][0]
    browser.post("mfa", authenticator=push.id)
    tenant.token_fault = token_fault
    (tenant.approve_push if token_fault else tenant.deny_push)()
    clock.shift(6)
    headers = {"accept": "application/json"}
    answer = browser.client.post(reverse("pwdless:mfa_poll"), headers=headers).json()
    assert answer["status"] == "rejected"
    page = browser.client.get(answer["redirect"])
    assert [str(message) for message in get_messages(page.wsgi_request)] == [text]
