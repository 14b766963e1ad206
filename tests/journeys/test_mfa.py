"""Second factors on the site's own pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.urls import reverse

from django_pwdless import signals
from django_pwdless.localtenant import LocalTenant

from .browser import ANN, BEN, KEYS, TOKEN, Browser, outcome
from .conftest import Configure, NewBrowser
from .hosted import press_mailed_link

pytestmark = pytest.mark.django_db

NUMBER = "+4915123456789"
LIST, CHALLENGE, ASSOCIATE = "/mfa/authenticators", "/mfa/challenge", "/mfa/associate"
HOME = "/"

Begin = Callable[..., Any]


def page(name: str) -> str:
    return reverse(f"pwdless:{name}")


class MFABrowser(Browser):
    """A browser of somebody with second factors; ``person`` is theirs at the tenant."""

    person: Any

    def choose(self, prefix: str) -> Any:
        """Choose the authenticator whose id begins so."""
        choices = self.get("mfa").context["authenticators"]
        (found,) = (choice.id for choice in choices if choice.id.startswith(f"{prefix}|"))
        return self.post("mfa", authenticator=found)

    def prove(self, code: str) -> Any:
        return self.post("mfa_challenge", code=code)

    def poll(self) -> dict[str, Any]:
        """Poll as the page's script does."""
        headers = {"accept": "application/json"}
        response = self.client.post(page("mfa_poll"), headers=headers)
        assert response.status_code == 200
        answer: dict[str, Any] = json.loads(response.content)
        return answer

    @property
    def sent_code(self) -> str:
        """The newest code that was sent to anybody."""
        return str(self.tenant.inbox.latest().code)


@pytest.fixture(autouse=True)
def mfa(configure: Configure) -> None:
    configure(CUSTOMIZE_MFA=True, METHODS=["email-code", "email-link", "universal"])


@pytest.fixture
def browser(tenant: LocalTenant) -> MFABrowser:
    return MFABrowser(tenant)


@pytest.fixture
def begin(browser: MFABrowser, tenant: LocalTenant) -> Begin:
    """Prove the address of somebody with these factors; return the answer to that."""

    def begin(*factors: Any, next: str = "/in/", **more: Any) -> Any:
        browser.person = tenant.add_person(ANN, phone_number=NUMBER, factors=factors, **more)
        browser.ask(next=next)
        return browser.answer()

    return begin


def paths(tenant: LocalTenant) -> list[str]:
    return [call.path for call in tenant.requests]


# Getting there


def test_one_factor_is_challenged_at_once(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    key = browser.session_key
    assert outcome(begin("sms", "recovery-code")) == (302, page("mfa_challenge"))
    assert paths(tenant)[1:] == [TOKEN, LIST, CHALLENGE]
    assert browser.user_id is None and browser.session_key != key


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


# Answering


def test_authenticator_app(begin: Begin, browser: MFABrowser, tenant: LocalTenant) -> None:
    begin("otp")
    assert outcome(browser.prove(tenant.totp(browser.person))) == (302, "/in/")
    assert browser.user_id == str(get_user_model().objects.get().pk)


@pytest.mark.parametrize(
    ("factor", "name"), [("sms", "phone"), ("voice", "phone"), ("email", "email")]
)
def test_code_that_was_sent(factor: str, name: str, begin: Begin, browser: MFABrowser) -> None:
    begin(factor)
    context = browser.get("mfa_challenge").context
    assert (context["factor"], context["can_resend"]) == (name, True)
    assert NUMBER not in str(context["hint"])
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


def test_code_in_other_digits(begin: Begin, browser: MFABrowser) -> None:
    begin("sms")
    arabic = browser.sent_code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert outcome(browser.prove(f" {arabic[:3]} - {arabic[3:]} ")) == (302, "/in/")


def test_wrong_code(begin: Begin, browser: MFABrowser) -> None:
    begin("otp")
    response = browser.prove("000000")
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"code"}
    assert response.context["tries_left"] == 9
    assert b'value="000000"' not in response.content


@pytest.mark.parametrize("code", ["", "abc", "12", "1" * 50, "12345x", "\x00"])
def test_malformed_code(code: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant) -> None:
    begin("otp")
    before = len(tenant.requests)
    response = browser.prove(code)
    assert response.status_code == 200 and response.context["tries_left"] is None
    assert len(tenant.requests) == before


def test_tries_are_limited_whatever_is_done_between(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    """Neither another authenticator nor the list again gives new tries (threat 17)."""
    tenant.switches.mfa_limits = False
    begin("otp", "email")
    statuses = []
    for prefix in ["totp", "email"] * 5:
        browser.choose(prefix)
        statuses.append(browser.prove("000000").status_code)
    browser.post("mfa")
    browser.choose("totp")
    statuses.append(browser.prove("000000").status_code)
    assert statuses == [200] * 10 + [429]


def test_stranger_uses_up_nobodys_tries(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    """Threat 19: a second browser of the same person has tries of its own."""
    tenant.switches.mfa_limits = False
    begin("otp")
    for _ in range(11):
        browser.prove("000000")
    other = MFABrowser(tenant, REMOTE_ADDR="192.0.2.1")
    other.ask()
    other.answer()
    assert outcome(other.prove(tenant.totp(browser.person))) == (302, HOME)


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


def test_code_of_another_factor(begin: Begin, browser: MFABrowser, tenant: LocalTenant) -> None:
    begin("otp", "email")
    browser.choose("email")
    assert browser.prove(tenant.totp(browser.person)).status_code == 200
    assert browser.user_id is None


def test_choosing_costs_one_call_and_the_answer_one(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    begin("otp", "email")
    browser.choose("email")
    browser.get("mfa_challenge")
    browser.prove(browser.sent_code)
    assert [path for path in paths(tenant)[3:] if path != KEYS] == [CHALLENGE, TOKEN]


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


def test_resend(begin: Begin, browser: MFABrowser, clock: Any) -> None:
    begin("sms")
    response = browser.post("resend")
    assert (response.status_code, response["Retry-After"]) == (429, "30")
    clock.shift(31)
    assert outcome(browser.post("resend")) == (302, page("mfa_challenge"))
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


def test_resend_where_nothing_was_sent(begin: Begin, browser: MFABrowser) -> None:
    begin("otp")
    assert browser.get("mfa_challenge").context["can_resend"] is False
    assert browser.post("resend").status_code == 302


def test_messages_count_against_the_budget_of_the_site(
    begin: Begin, browser: MFABrowser, configure: Configure, tenant: LocalTenant, clock: Any
) -> None:
    configure(RATE_LIMITS={"start": {"site": "1/h"}})
    response = begin("sms")
    assert outcome(response) == (429, "rate_limited")
    assert response.context["retry_url"] == page("mfa")
    assert len(tenant.calls(CHALLENGE)) == 0


# Recovery codes


def test_recovery_code(begin: Begin, browser: MFABrowser, tenant: LocalTenant) -> None:
    begin("sms", "recovery-code")
    browser.choose("recovery-code")
    old = browser.person.recovery_code
    typed = f" {old[:4].lower()}-{old[4:8]} {old[8:].lower()}"
    response = browser.prove(typed)
    assert outcome(response) == (302, page("recovery_codes") + "?next=/in/")
    shown = browser.get("recovery_codes", next="/in/")
    assert list(shown.context["recovery_codes"]) == [browser.person.recovery_code] != [old]
    assert browser.get("identities").context["has_unconfirmed_recovery_codes"] is True
    assert outcome(browser.post("recovery_codes", next="/in/")) == (302, "/in/")
    assert browser.get("identities").context["has_unconfirmed_recovery_codes"] is False


def test_recovery_codes_are_their_owners(
    begin: Begin, browser: MFABrowser, new_browser: NewBrowser
) -> None:
    begin("recovery-code")
    browser.choose("recovery-code")
    browser.prove(browser.person.recovery_code)
    codes = browser.get("recovery_codes").context["recovery_codes"]
    other = get_user_model().objects.create(username="eve")
    session = browser.client.session
    sealed = session["_pwdless_recovery_codes"]
    browser.client.force_login(other)
    session = browser.client.session
    session["_pwdless_recovery_codes"] = sealed
    session.save()
    response = browser.get("recovery_codes")
    assert response.status_code == 302 and codes[0].encode() not in response.content


def test_recovery_codes_without_any(browser: MFABrowser, tenant: LocalTenant) -> None:
    assert "login" in browser.get("recovery_codes")["Location"]
    browser.sign_in(BEN)
    assert outcome(browser.get("recovery_codes")) == (302, HOME)


def test_wrong_recovery_code(begin: Begin, browser: MFABrowser) -> None:
    begin("recovery-code")
    browser.choose("recovery-code")
    response = browser.prove("A" * 24)
    assert response.status_code == 200 and "code" in response.context["form"].errors


# Push


def test_push_approved(begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any) -> None:
    begin("push-notification")
    waiting = browser.get("mfa_challenge")
    assert waiting.context["poll_url"] == page("mfa_poll")
    assert browser.poll() == {"status": "pending", "interval": 5, "redirect": None}
    tenant.approve_push()
    clock.shift(6)
    assert browser.poll() == {"status": "approved", "interval": 5, "redirect": "/in/"}
    assert browser.user_id is not None


def test_push_is_asked_about_once_an_interval(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification")
    clock.shift(6)
    statuses = {browser.poll()["status"] for _ in range(10)}
    assert statuses == {"pending"}
    assert paths(tenant).count(TOKEN) == 2


@pytest.mark.parametrize("row", ["push_denied", "push_denied_as_invalid_grant"])
def test_push_denied(
    row: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification", "otp")
    browser.choose("push")
    tenant.switches.push_denial = row
    tenant.deny_push()
    clock.shift(6)
    answer = browser.poll()
    assert (answer["status"], answer["redirect"]) == ("rejected", page("mfa"))
    browser.choose("totp")
    assert outcome(browser.prove(tenant.totp(browser.person))) == (302, "/in/")


def test_push_slows_down(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification")
    tenant.answer(TOKEN, 400, "slow_down", "slow", times=1)
    clock.shift(6)
    assert browser.poll() == {"status": "pending", "interval": 10, "redirect": None}


def test_push_by_the_button(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification")
    clock.shift(6)
    assert outcome(browser.post("mfa_poll")) == (302, page("mfa_challenge"))
    tenant.approve_push()
    clock.shift(6)
    assert outcome(browser.post("mfa_poll")) == (302, "/in/")


@pytest.mark.parametrize("fault", ["server_error", "rate_limited", "bad_gateway_html"])
def test_push_while_auth0_is_down(
    fault: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification")
    tenant.fail(TOKEN, fault, times=1)
    clock.shift(6)
    assert browser.poll()["status"] == "pending"
    tenant.approve_push()
    clock.shift(6)
    assert browser.poll()["status"] == "approved"


def test_push_too_late(begin: Begin, browser: MFABrowser, clock: Any) -> None:
    begin("push-notification")
    clock.shift(601)
    assert browser.poll()["status"] == "expired"


def test_poll_without_a_pending_login(browser: MFABrowser) -> None:
    assert browser.poll()["status"] == "expired"
    assert outcome(browser.post("mfa_poll")) == (302, page("login"))


def test_push_approved_after_it_was_abandoned(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification")
    browser.ask(BEN)
    tenant.approve_push()
    clock.shift(6)
    assert browser.poll()["status"] == "expired"
    browser.answer()
    assert get_user_model().objects.get(pk=browser.user_id).email == BEN


def test_push_refused_after_approval(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification")
    tenant.approve_push()
    tenant.token_fault = "wrong_iss"
    clock.shift(6)
    answer = browser.poll()
    assert (answer["status"], browser.user_id) == ("rejected", None)


# Chained, expired, interrupted


def test_chained(begin: Begin, browser: MFABrowser, tenant: LocalTenant) -> None:
    """Threat 13: the second token is the one that counts."""
    begin("otp", "email", mfa_steps=2)
    browser.choose("totp")
    # The other factor is the only one left, so its code is on the way already.
    assert outcome(browser.prove(tenant.totp(browser.person))) == (302, page("mfa_challenge"))
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


def test_expired_token(begin: Begin, browser: MFABrowser, clock: Any) -> None:
    begin("otp")
    clock.shift(601)
    assert outcome(browser.prove("123456")) == (302, page("login") + "?next=/in/")
    again = browser.get("login", next="/in/")
    assert again.context["form"]["identifier"].value() == ANN


@pytest.mark.parametrize("path", [LIST, CHALLENGE])
def test_listing_or_challenging_fails(
    path: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    tenant.fail(path, "server_error", times=1)
    response = begin("sms")
    assert outcome(response) == (503, "unavailable")
    assert response.context["retry_url"] == page("mfa")
    assert browser.get("mfa").status_code == 200
    assert outcome(browser.post("mfa")) == (302, page("mfa_challenge"))
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


def test_answer_while_auth0_is_down(begin: Begin, browser: MFABrowser, tenant: LocalTenant) -> None:
    begin("otp")
    tenant.fail(TOKEN, "bad_gateway_html", times=1)
    response = browser.prove(tenant.totp(browser.person))
    assert outcome(response) == (503, "unavailable")
    assert response.context["retry_url"] == page("mfa_challenge")
    assert outcome(browser.prove(tenant.totp(browser.person))) == (302, "/in/")


def test_aborted_second_factor_helps_nobody(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, new_browser: NewBrowser
) -> None:
    """Threat 9: the next person on this browser proves their own."""
    begin("otp")
    tenant.add_person(BEN, factors=["otp"])
    browser.ask(BEN)
    assert outcome(browser.get("mfa_challenge")) == (302, page("login"))
    browser.answer()
    assert browser.prove(tenant.totp(browser.person)).status_code == 200
    assert browser.user_id is None


def test_back_button_after_success(begin: Begin, browser: MFABrowser, tenant: LocalTenant) -> None:
    begin("otp")
    browser.prove(tenant.totp(browser.person))
    assert outcome(browser.get("mfa_challenge")) == (302, page("login"))
    assert outcome(browser.get("login")) == (302, HOME)


# Enrollment


def test_enroll_an_authenticator_app(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    assert outcome(begin(mfa="enroll")) == (302, page("mfa_enroll"))
    assert [f.name for f in browser.get("mfa_enroll").context["factors"]] == [
        *("otp", "phone", "push-notification")
    ]
    assert outcome(browser.post("mfa_enroll", factor="otp")) == (302, page("mfa_challenge"))
    shown = browser.get("mfa_challenge").context
    assert shown["otpauth_url"].startswith("otpauth://") and shown["secret"]
    assert "<svg" in shown["qr_svg"] and "style=" not in shown["qr_svg"]
    response = browser.prove(tenant.totp(browser.person))
    assert outcome(response) == (302, page("recovery_codes") + "?next=/in/")
    assert browser.get("recovery_codes").context["recovery_codes"]


@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_enroll_a_phone(
    channel: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    tenant.switches.recovery_codes = False
    begin(mfa="enroll")
    fields = {"factor": "phone", "phone_number": "+49 151 99999999", "channel": channel}
    assert outcome(browser.post("mfa_enroll", **fields)) == (302, page("mfa_challenge"))
    (call,) = tenant.calls(ASSOCIATE)
    assert call.body["phone_number"] == "+4915199999999"
    assert call.body["oob_channels"] == [channel]
    assert "99999999" not in str(browser.get("mfa_challenge").context["hint"])
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


def test_enroll_a_device_for_push(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    tenant.switches.recovery_codes = False
    begin(mfa="enroll")
    browser.post("mfa_enroll", factor="push-notification")
    assert "<svg" in browser.get("mfa_challenge").context["qr_svg"]
    tenant.approve_push()
    clock.shift(6)
    assert browser.poll()["status"] == "approved"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "factor"),
        ({"factor": "carrier-pigeon"}, "factor"),
        ({"factor": "email"}, "factor"),
        ({"factor": "phone"}, "phone_number"),
        ({"factor": "phone", "phone_number": "+1 900 234 5678"}, "phone_number"),
        ({"factor": "phone", "phone_number": "+4915123456789", "channel": "fax"}, "channel"),
    ],
)
def test_enroll_nonsense(
    fields: dict[str, str], field: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    begin(mfa="enroll")
    response = browser.post("mfa_enroll", **fields)
    assert response.status_code == 200 and field in response.context["form"].errors
    assert len(tenant.calls(ASSOCIATE)) == 0


def test_enroll_in_a_region_that_is_not_served(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(PHONE_REGIONS=["AT"])
    begin(mfa="enroll")
    browser.post("mfa_enroll", factor="phone", phone_number=NUMBER)
    assert len(tenant.calls(ASSOCIATE)) == 0


def test_enroll_where_something_is_enrolled(begin: Begin, browser: MFABrowser) -> None:
    begin("otp", "email")
    assert outcome(browser.get("mfa_enroll")) == (302, page("login") + "?next=/in/")


def test_enroll_leads_to_the_challenge_where_something_is_enrolled_after_all(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    begin(mfa="enroll")
    tenant.answer(ASSOCIATE, 400, "access_denied", "User is already enrolled.", times=1)
    browser.person.factors.extend(tenant.add_person(BEN, factors=["otp"]).factors)
    assert outcome(browser.post("mfa_enroll", factor="otp")) == (302, page("mfa_challenge"))


def test_enrollment_interrupted_shows_the_secret_again(begin: Begin, browser: MFABrowser) -> None:
    begin(mfa="enroll")
    browser.post("mfa_enroll", factor="otp")
    secrets = {browser.get("mfa_challenge").context["secret"] for _ in range(2)}
    assert len(secrets) == 1


# Afterwards


def test_second_factor_is_recorded(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, settings: Any
) -> None:
    settings.ROOT_URLCONF = "tests.journeys.vault_urls"
    begin("otp")
    browser.prove(tenant.totp(browser.person))
    assert browser.client.get("/vault/").status_code == 200
    browser.ask(BEN)
    browser.answer()
    assert browser.client.get("/vault/").status_code == 403


def test_signals(begin: Begin, browser: MFABrowser, tenant: LocalTenant) -> None:
    heard: list[tuple[str, Any]] = []

    def started(**kwargs: Any) -> None:
        heard.append(("started", None))

    def verified(**kwargs: Any) -> None:
        heard.append(("verified", kwargs["factor"]))

    signals.mfa_started.connect(started)
    signals.mfa_verified.connect(verified)
    begin("otp", "email", mfa_steps=2)
    browser.choose("totp")
    browser.prove(tenant.totp(browser.person))
    browser.prove(browser.sent_code)
    assert heard == [("started", None), ("verified", "email")]


def test_nothing_secret_is_kept_in_the_clear(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    """Threat 15: neither in the session store nor in the browser."""
    begin(mfa="enroll")
    browser.post("mfa_enroll", factor="otp")
    shown = browser.get("mfa_challenge")
    secret = shown.context["secret"]
    stored = json.dumps(dict(browser.client.session.items()))
    mfa_token = tenant.calls(ASSOCIATE)[0].headers["Authorization"].removeprefix("Bearer ")
    assert secret not in stored and mfa_token not in stored
    assert mfa_token not in shown.content.decode()
    assert secret not in browser.get("mfa").content.decode()


def test_add_an_identity_with_a_second_factor(browser: MFABrowser, tenant: LocalTenant) -> None:
    browser.sign_in(BEN)
    user_id = browser.user_id
    browser.person = tenant.add_person(ANN, factors=["otp"])
    browser.identifier = ANN
    browser.post("identity_add", identifier=ANN)
    assert outcome(browser.answer()) == (302, page("mfa_challenge"))
    response = browser.prove(tenant.totp(browser.person))
    assert outcome(response) == (302, page("identities"))
    assert browser.user_id == user_id
    assert len(browser.get("identities").context["identities"]) == 2


def test_denied_push_is_one_failed_attempt(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    failed: list[dict[str, Any]] = []

    def remember(**kwargs: Any) -> None:
        failed.append(kwargs["credentials"])

    user_login_failed.connect(remember)
    begin("push-notification")
    tenant.deny_push()
    clock.shift(6)
    browser.poll()
    assert failed == [{"username": ANN}]


def test_aborted_second_factor_does_not_hinder_the_next_login(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    """Threat 9: the same address again at once gets a new code, not the old second step."""
    begin("otp")
    assert outcome(browser.ask()) == (302, page("verify"))
    assert len(tenant.calls("/passwordless/start")) == 2


@pytest.mark.parametrize("accept", ["application/json", "application/json, text/plain, */*"])
def test_poll_answers_in_json_whenever_it_is_asked_to(accept: str, browser: MFABrowser) -> None:
    response = browser.client.post(page("mfa_poll"), headers={"accept": accept})
    assert response["Content-Type"] == "application/json"


def test_second_factor_proven_by_confirming(
    browser: MFABrowser, tenant: LocalTenant, configure: Configure, settings: Any
) -> None:
    """Without Universal Login a fresh code leads to the second factor, in the same session."""
    settings.ROOT_URLCONF = "tests.journeys.vault_urls"
    configure(METHODS=["email-code"])
    browser.sign_in()
    user_id = browser.user_id
    refusal = browser.client.get("/vault/")
    (own,) = browser.client.get(refusal.context["retry_url"]).context["reconfirm"]
    browser.person = tenant.add_person(ANN, factors=["otp"])
    browser.post("login", reconfirm=own.pk, next="/vault/")
    assert outcome(browser.answer()) == (302, page("mfa_challenge"))
    assert outcome(browser.prove(tenant.totp(browser.person))) == (302, "/vault/")
    assert (browser.user_id, browser.client.get("/vault/").status_code) == (user_id, 200)
