"""What the challenge page says to somebody without their phone."""

from __future__ import annotations

import pytest

from tests.journeys.browser import outcome
from tests.journeys.conftest import Configure

from .browser import Begin, MFABrowser, page

pytestmark = pytest.mark.django_db

HELP = "https://www.example.com/help/"


@pytest.mark.parametrize(
    ("factors", "chosen", "has_another_way", "has_code"),
    [
        (["otp"], "", False, False),
        (["otp", "recovery-code"], "", False, True),
        (["otp", "sms"], "totp", True, False),
        (["push-notification", "email", "recovery-code"], "push", True, True),
        (["sms", "recovery-code"], "", False, True),
    ],
)
def test_what_is_left(
    factors: list[str],
    chosen: str,
    has_another_way: bool,
    has_code: bool,
    begin: Begin,
    browser: MFABrowser,
    configure: Configure,
) -> None:
    configure(SUPPORT_URL=HELP)
    begin(*factors)
    if chosen:
        browser.choose(chosen)
    shown = browser.get("mfa_challenge")
    lost = shown.context["lost_phone"]
    assert (lost["has_another_way"], bool(lost["recovery_code"])) == (has_another_way, has_code)
    assert lost["support_url"] == HELP and f'href="{HELP}"' in shown.content.decode()


@pytest.mark.parametrize("chosen", ["email", "recovery-code"])
def test_no_phone_is_asked_for(chosen: str, begin: Begin, browser: MFABrowser) -> None:
    begin("otp", "email", "recovery-code")
    browser.choose(chosen)
    assert browser.get("mfa_challenge").context["lost_phone"] is None


def test_recovery_code_is_one_button_away(begin: Begin, browser: MFABrowser) -> None:
    begin("otp", "recovery-code")
    lost = browser.get("mfa_challenge").context["lost_phone"]
    answer = browser.post("mfa", authenticator=lost["recovery_code"])
    assert outcome(answer) == (302, page("mfa_challenge"))
    assert browser.get("mfa_challenge").context["factor"] == "recovery-code"


def test_site_without_help_of_its_own(begin: Begin, browser: MFABrowser) -> None:
    begin("otp")
    shown = browser.get("mfa_challenge")
    assert shown.context["lost_phone"]["support_url"] is None
    assert "Contact the people who run this site." in shown.content.decode()


def test_not_what_the_site_does_not_support(
    begin: Begin, browser: MFABrowser, configure: Configure
) -> None:
    configure(MFA_FACTORS=["otp"])
    begin("otp", "sms", "recovery-code")
    lost = browser.get("mfa_challenge").context["lost_phone"]
    assert (lost["has_another_way"], lost["recovery_code"]) == (False, None)
