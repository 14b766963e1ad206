"""Two requests of one session at once: what a slower one may not bring back (threats 9 and 11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, SimpleCookie
from django.urls import reverse

from django_pwdless.backends import PasswordlessBackend
from django_pwdless.models import Identity
from tests.first_logins import claims_of, make_user
from tests.meanwhile import meanwhile

from .browser import ANN, BEN, Browser
from .conftest import Configure
from .hosted import log_in_hosted

pytestmark = pytest.mark.django_db(transaction=True)

Step = Callable[..., Any]


def twin(browser: Browser) -> Browser:
    """Another tab of the same browser, as it is now."""
    other = Browser(browser.tenant)
    other.client.cookies = SimpleCookie(browser.client.cookies.output(header="", sep=";"))
    return other


def sign_out_meanwhile(browser: Browser, step: Step) -> Any:
    """Sign out in another tab while Auth0 answers this step; return the step's answer."""
    other = twin(browser)

    def sign_out() -> None:
        assert other.post("logout").status_code == 302

    return meanwhile(browser.tenant, step, sign_out)


def confirming(browser: Browser) -> Step:
    browser.post("login", reconfirm=Identity.objects.get().pk)
    return browser.answer


def confirming_by_universal_login(browser: Browser) -> Step:
    address = browser.get("universal", max_age="600")["Location"]
    path = log_in_hosted(browser.tenant, address)
    return lambda: browser.client.get(path)


def adding(browser: Browser) -> Step:
    browser.identifier = BEN
    browser.post("identity_add", identifier=BEN)
    return browser.answer


def confirming_with_a_second_step(browser: Browser) -> Step:
    browser.tenant.add_person(ANN, factors=["otp"])
    return confirming(browser)


def signing_in_as_somebody_else(browser: Browser) -> Step:
    browser.tenant.add_person(BEN, factors=["otp"])
    browser.ask(BEN)
    return browser.answer


STEPS = [
    *(confirming, confirming_by_universal_login, adding, confirming_with_a_second_step),
    signing_in_as_somebody_else,
]


@pytest.mark.parametrize("prepare", STEPS, ids=lambda prepare: prepare.__name__)
def test_slower_request_does_not_undo_a_logout(
    prepare: Callable[[Browser], Step], browser: Browser, configure: Configure
) -> None:
    configure(CUSTOMIZE_MFA=True, METHODS=["email-code", "universal"])
    browser.sign_in()
    answer = sign_out_meanwhile(browser, prepare(browser))
    assert answer["Location"].startswith(reverse("pwdless:login"))
    assert browser.user_id is None
    assert Identity.objects.count() == 1


@pytest.mark.parametrize("engine", ["cache", "cached_db", "file"])
def test_slower_request_does_not_undo_a_logout_in_any_store(
    engine: str, browser: Browser, settings: Any
) -> None:
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    browser.sign_in()
    sign_out_meanwhile(browser, confirming(browser))
    assert browser.user_id is None


@pytest.mark.parametrize("is_denied", [False, True])
def test_push_is_asked_about_while_the_session_ends(
    is_denied: bool, browser: Browser, configure: Configure, clock: Any
) -> None:
    """The waiting page's script reads JSON only."""
    configure(CUSTOMIZE_MFA=True)
    browser.tenant.add_person(ANN, factors=["push-notification"])
    browser.sign_in()
    if is_denied:
        browser.tenant.deny_push()
    clock.shift(6)

    def poll() -> Any:
        return browser.client.post(
            reverse("pwdless:mfa_poll"), headers={"accept": "application/json"}
        )

    answer = sign_out_meanwhile(browser, poll)
    assert answer.status_code == 200
    assert answer.json()["status"] == "expired"


# --- Adding an identity to an account that changes meanwhile (threat 43) -------------------------


def looking_middleware(get_response: Step) -> Callable[[HttpRequest], Any]:
    """Knows the user before Auth0 is asked, as much middleware does."""

    def middleware(request: HttpRequest) -> Any:
        assert request.user.is_authenticated in (True, False)
        return get_response(request)

    return middleware


@pytest.fixture
def looked_at(settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.looking_middleware"]


def join(user: Any) -> None:
    """The owner of the address signs in for the first time: the account is theirs from now on."""
    PasswordlessBackend().identify(claims_of())


def deactivate(user: Any) -> None:
    user.is_active = False
    user.save()


def change_password(user: Any) -> None:
    user.set_password("new")
    user.save()


def change_address(user: Any) -> None:
    user.email = BEN
    user.save()


def delete(user: Any) -> None:
    user.delete()


@pytest.mark.usefixtures("link_by_email", "looked_at")
@pytest.mark.parametrize("change", [join, deactivate, change_password, change_address, delete])
def test_adding_to_an_account_that_changed(
    change: Callable[[Any], None], browser: Browser, configure: Configure
) -> None:
    ann = make_user()
    browser.client.force_login(ann)
    answer = meanwhile(browser.tenant, adding(browser), lambda: change(ann))
    assert (answer.status_code, answer.context["outcome"]) == (403, "refused")
    assert not Identity.objects.filter(email=BEN).exists()


def test_adding_to_an_account_that_did_not_change(browser: Browser) -> None:
    ann = make_user()
    browser.client.force_login(ann)
    answer = meanwhile(browser.tenant, adding(browser), lambda: None)
    assert answer.status_code == 302
    assert Identity.objects.get().user == ann
