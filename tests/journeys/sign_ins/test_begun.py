"""What was begun in a session whose sign-in has ended: it goes with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from django_pwdless.models import Identity
from django_pwdless.sign_ins import end
from tests.journeys.browser import ANN, BEN, Browser, sent
from tests.journeys.conftest import Configure
from tests.journeys.factors.browser import FactorsBrowser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ended(clock: Any, signed_in: Browser) -> Browser:
    """Somebody began to confirm who they are, and has been signed out from another device."""
    clock.shift(60)
    signed_in.post("login", reconfirm=Identity.objects.get().pk)
    assert signed_in.is_asked_for_code
    clock.shift(60)
    assert end(get_user_model().objects.get()) == 1
    return signed_in


@pytest.mark.parametrize("name", ["verify", "resend"])
def test_nothing_is_sent_for_them(name: str, ended: Browser) -> None:
    before = sent(ended.tenant)
    answer = ended.post(name, code="000000")
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert sent(ended.tenant) == before


def test_page_does_not_show_their_address(ended: Browser) -> None:
    answer = ended.get("verify")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/")


def test_state_as_json_does_not_show_it_either(ended: Browser) -> None:
    state = ended.client.get("/api/login/").json()
    assert (state["step"], state["user"], state["identifier"]) == ("identify", None, None)


def test_login_begun_then_goes_on(ended: Browser) -> None:
    """It begins in a session of nobody, and loses nothing when the user is asked for."""
    ended.sign_in(BEN)
    assert ended.client.get("/who/").text == get_user_model().objects.get(email=BEN).username
    assert ended.client.session.get("_pwdless_sign_in")


def test_secret_of_a_new_factor_is_shown_no_more(browser: Browser, configure: Configure) -> None:
    configure(
        SIGN_INS=True, CUSTOMIZE_MFA=True, METHODS=["email-code", "universal"], FACTORS_PAGE=True
    )
    person = FactorsBrowser(browser.tenant)
    person.sign_in()
    person.tenant.add_person(ANN, factors=["otp"], mfa=None)
    person.prove_now()
    person.add("phone", phone_number="+4915123456789", channel="sms")
    assert person.get("mfa_challenge").status_code == 200
    end(get_user_model().objects.get())
    assert person.get("mfa_challenge").status_code == 302


def test_step_up_is_that_of_nobody(signed_in: Browser, configure: Configure) -> None:
    """It comes back to a session that still knows it, and signs in whoever proves themselves."""
    configure(SIGN_INS=True, METHODS=["email-code", "universal"])
    end(get_user_model().objects.get())
    assert signed_in.get("universal", mfa="1").status_code == 302
    assert "_pwdless_states" in signed_in.client.session
