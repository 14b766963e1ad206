"""How a login comes to its second factor, and what can be chosen there."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN, TOKEN, outcome
from tests.journeys.conftest import Configure, NewBrowser
from tests.journeys.hosted import press_mailed_link

from .browser import CHALLENGE, LIST, NUMBER, Begin, MFABrowser, page, paths

pytestmark = pytest.mark.django_db


def test_one_factor_is_challenged_at_once(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    assert outcome(begin("sms", "recovery-code")) == (302, page("mfa_challenge"))
    assert paths(tenant)[1:] == [TOKEN, LIST, CHALLENGE]
    assert browser.user_id is None


def test_session_key_changes_before_a_second_factor(
    browser: MFABrowser, tenant: LocalTenant, new_browser: NewBrowser
) -> None:
    """Threat 11: who planted the cookie of before cannot go on from the first factor."""
    browser.person = tenant.add_person(ANN, factors=["otp"])
    browser.ask()
    stranger = new_browser()
    stranger.client.cookies["sessionid"] = str(browser.session_key)
    browser.answer()
    assert outcome(stranger.get("mfa_challenge")) == (302, page("login"))
    before = browser.session_key
    browser.prove(tenant.totp(browser.person))
    assert browser.user_id and browser.session_key != before


def test_authenticator_app_needs_no_challenge(begin: Begin, tenant: LocalTenant) -> None:
    assert outcome(begin("otp", "recovery-code")) == (302, page("mfa_challenge"))
    assert paths(tenant)[1:] == [TOKEN, LIST]


def test_several_factors_are_listed(begin: Begin, browser: MFABrowser, tenant: LocalTenant) -> None:
    assert outcome(begin("recovery-code", "email", "otp", "push-notification")) == (
        302,
        page("mfa"),
    )
    listed = browser.get("mfa").context["authenticators"]
    assert [choice.factor for choice in listed] == [
        *("push-notification", "otp", "email", "recovery-code")
    ]
    assert paths(tenant)[1:] == [TOKEN, LIST]


@pytest.mark.parametrize("status", [401, 403])
def test_status_of_mfa_required_does_not_matter(
    status: int, begin: Begin, tenant: LocalTenant
) -> None:
    tenant.switches.mfa_required_status = status
    assert outcome(begin("otp")) == (302, page("mfa_challenge"))


@pytest.mark.parametrize("shape", ["absent", "empty", "null", "challenge_types", "challenge"])
def test_shape_of_requirements(shape: str, begin: Begin, browser: MFABrowser) -> None:
    begin("otp", "email", mfa=shape)
    assert len(browser.get("mfa").context["authenticators"]) == 2


def test_requirements_restrict_the_choice(begin: Begin, browser: MFABrowser) -> None:
    begin("otp", "email", "sms", mfa={"challenge": [{"type": "email"}, {"type": "otp"}]})
    assert [c.factor for c in browser.get("mfa").context["authenticators"]] == ["otp", "email"]


def test_settings_restrict_the_choice(
    begin: Begin, browser: MFABrowser, configure: Configure
) -> None:
    configure(MFA_FACTORS=["email", "otp"])
    begin("otp", "email", "sms")
    assert [c.factor for c in browser.get("mfa").context["authenticators"]] == ["email", "otp"]


@pytest.mark.parametrize("switch", ["authenticators_have_type", "oob_channels_as_list"])
def test_shape_of_the_list(
    switch: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    setattr(tenant.switches, switch, not getattr(tenant.switches, switch))
    begin("otp", "sms", "email")
    listed = browser.get("mfa").context["authenticators"]
    assert [choice.factor for choice in listed] == ["otp", "phone", "email"]


@pytest.mark.parametrize(
    ("factors", "more"),
    [
        (("otp",), {"mfa": "unknown"}),
        (("sms",), {"mfa": {"challenge": [{"type": "webauthn-roaming"}]}}),
    ],
)
def test_only_what_the_api_cannot_do(
    factors: tuple[str, ...], more: Any, begin: Begin, browser: MFABrowser
) -> None:
    response = begin(*factors, **more)
    assert outcome(response) == (403, "mfa_required")
    assert response.context["universal_url"] == page("universal") + "?next=/in/"
    assert outcome(browser.get("mfa")) == (302, page("login"))


def test_without_customize_mfa(
    begin: Begin, browser: MFABrowser, configure: Configure, tenant: LocalTenant
) -> None:
    configure(CUSTOMIZE_MFA=False)
    assert outcome(begin("otp")) == (403, "mfa_required")
    assert paths(tenant)[1:] == [TOKEN]
    for name in ("mfa", "mfa_challenge", "mfa_enroll", "recovery_codes"):
        assert browser.get(name).status_code == 404
    assert browser.post("mfa_poll").status_code == 404


def test_link_lands_on_the_choice(browser: MFABrowser, tenant: LocalTenant) -> None:
    """A GET sends nothing, so even one authenticator waits to be chosen."""
    tenant.add_person(ANN, phone_number=NUMBER, factors=["sms"])
    browser.ask(method="email-link", next="/in/")
    response = browser.client.get(press_mailed_link(tenant))
    assert outcome(response) == (302, page("mfa"))
    assert paths(tenant)[-2:] == [TOKEN, LIST]
    browser.choose("sms")
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


@pytest.mark.parametrize("name", ["mfa", "mfa_challenge", "mfa_enroll"])
def test_step_without_a_pending_login(name: str, browser: MFABrowser) -> None:
    assert outcome(browser.get(name)) == (302, page("login"))
    assert outcome(browser.post(name)) == (302, page("login"))


@pytest.mark.parametrize("name", ["mfa", "mfa_challenge", "mfa_enroll"])
def test_step_before_the_first_factor(name: str, browser: MFABrowser) -> None:
    browser.ask()
    assert outcome(browser.get(name)) == (302, page("login"))


def test_code_of_the_first_factor_is_spent(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    begin("otp", "email")
    assert outcome(browser.answer("123456")) == (302, page("mfa"))
    assert paths(tenant).count(TOKEN) == 1


def test_authenticator_that_was_not_listed(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    """Threat 14."""
    begin("otp", "email")
    before = len(tenant.requests)
    assert outcome(browser.post("mfa", authenticator="sms|dev_stranger")) == (302, page("mfa"))
    assert len(tenant.requests) == before


def test_authenticator_that_is_gone(begin: Begin, browser: MFABrowser, tenant: LocalTenant) -> None:
    begin("otp", "email", "sms")
    browser.person.factors[:] = [f for f in browser.person.factors if f.factor != "email"]
    assert outcome(browser.choose("email")) == (302, page("mfa"))
    listed = browser.get("mfa").context["authenticators"]
    assert [choice.factor for choice in listed] == ["otp", "phone"]


def test_choosing_costs_one_call_and_the_answer_one(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    begin("otp", "email")
    browser.choose("email")
    browser.get("mfa_challenge")
    browser.prove(browser.sent_code)
    assert paths(tenant)[3:] == [CHALLENGE, TOKEN]


def test_choosing_again_within_the_cooldown_sends_nothing(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    begin("sms", "email")
    browser.choose("email")
    code = browser.sent_code
    browser.choose("sms")
    assert outcome(browser.choose("email")) == (302, page("mfa_challenge"))
    assert len(tenant.calls(CHALLENGE)) == 2
    assert outcome(browser.prove(code)) == (302, "/in/")
