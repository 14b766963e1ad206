"""Adding a second factor afterwards, on the pages of the login."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in

from django_pwdless import signals
from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.people.totp import code_of, step_at
from tests.journeys.browser import ASSOCIATE, CHALLENGE, LIST, TOKEN, outcome
from tests.journeys.conftest import Configure

from .browser import FACTORS, FactorsBrowser, Own, page

pytestmark = pytest.mark.django_db

NEW = "+4915198765432"
PHONE = {"factor": "phone", "phone_number": NEW, "channel": "sms"}


@pytest.fixture
def heard() -> Any:
    """What the signals said: factor and user."""
    said: list[tuple[str, Any]] = []

    def listen(*, user: Any, factor: str, **kwargs: Any) -> None:
        said.append((factor, str(user.pk)))

    signals.factor_added.connect(listen)
    yield said
    signals.factor_added.disconnect(listen)


def new_app_code(browser: FactorsBrowser) -> str:
    """The code that the newest authenticator app of the person shows."""
    app = [factor for factor in browser.person.factors if factor.factor == "otp"][-1]
    return code_of(app.secret, step_at(browser.tenant.clock.now()))


def test_app_is_added(proven: Own, heard: Any) -> None:
    browser = proven("sms")
    assert browser.get("factor_add").templates[0].name == "django_pwdless/mfa/enroll.html"
    assert outcome(browser.add("otp")) == (302, page("mfa_challenge"))
    shown = browser.get("mfa_challenge").context
    assert shown["secret"] and shown["qr_svg"] and shown["lost_phone"] is None
    assert outcome(browser.prove(new_app_code(browser)))[0] == 302
    assert browser.calls == [ASSOCIATE, TOKEN, LIST]
    assert heard == [("otp", browser.user_id)]
    assert "otp" in browser.enrolled


def test_recovery_codes_are_shown_as_at_login_and_lead_back(proven: Own) -> None:
    browser = proven()
    browser.add("otp")
    answer = browser.prove(new_app_code(browser))
    assert outcome(answer) == (302, page("recovery_codes") + f"?next={FACTORS}")
    codes = browser.client.get(answer["Location"]).context["recovery_codes"]
    assert list(codes) == [browser.person.recovery_code]
    assert browser.get("factors").context["has_unconfirmed_recovery_codes"]
    assert outcome(browser.post("recovery_codes", next=FACTORS)) == (302, FACTORS)
    assert browser.shown == ["totp", "recovery-code"]


def test_number_is_added(proven: Own, heard: Any) -> None:
    browser = proven("otp", "recovery-code")
    assert outcome(browser.add(**PHONE)) == (302, page("mfa_challenge"))
    shown = browser.get("mfa_challenge")
    assert (shown.context["factor"], shown.context["hint"][-2:]) == ("phone", NEW[-2:])
    assert NEW not in shown.content.decode()
    answer = browser.prove(browser.sent_code)
    assert outcome(answer) == (302, FACTORS)
    assert heard == [("phone", browser.user_id)]
    said = [str(message) for message in browser.get("factors").context["messages"]]
    assert said == ["Second step added."]
    assert browser.calls == [ASSOCIATE, TOKEN, LIST]
    assert browser.shown == ["totp", "recovery-code", "sms", "voice"]


@pytest.mark.parametrize("in_json", [True, False])
def test_push_is_added(in_json: bool, proven: Own, heard: Any, clock: Any) -> None:
    browser = proven("sms", "recovery-code")
    assert outcome(browser.add("push-notification")) == (302, page("mfa_challenge"))
    assert browser.get("mfa_challenge").context["qr_svg"]
    clock.shift(6)
    assert browser.poll()["status"] == "pending"
    browser.tenant.approve_push()
    clock.shift(6)
    if in_json:
        answer = browser.poll()
        assert (answer["status"], answer["redirect"]) == ("approved", FACTORS)
    else:
        assert outcome(browser.post("mfa_poll")) == (302, FACTORS)
    assert heard == [("push-notification", browser.user_id)]
    assert browser.shown == ["sms", "recovery-code", "push", "totp"]


def test_push_never_approved(proven: Own, clock: Any) -> None:
    browser = proven("sms")
    browser.add("push-notification")
    clock.shift(301)
    answer = browser.poll()
    assert answer["status"] == "rejected"
    assert outcome(browser.client.get(answer["redirect"])) == (302, page("factor_add"))
    assert browser.get("factor_add").status_code == 200
    assert browser.enrolled == ["sms"]


def test_push_denied(proven: Own, clock: Any) -> None:
    browser = proven("sms")
    browser.add("push-notification")
    browser.tenant.deny_push()
    clock.shift(6)
    assert browser.client.get(browser.post("mfa_poll")["Location"])["Location"] == page(
        "factor_add"
    )
    assert browser.enrolled == ["sms"]


def test_push_still_waiting_after_the_ten_minutes(proven: Own, clock: Any) -> None:
    browser = proven("sms")
    browser.add("push-notification")
    clock.shift(601)
    answer = browser.poll()
    assert (answer["status"], answer["redirect"]) == ("expired", FACTORS)
    assert outcome(browser.post("mfa_poll"))[0] == 302
    assert browser.calls == [ASSOCIATE]


def test_wrong_code_is_said_with_the_tries_left(proven: Own) -> None:
    browser = proven("sms")
    browser.add("otp")
    answer = browser.prove("000000")
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"code"}
    assert answer.context["tries_left"] == 9
    assert browser.prove(new_app_code(browser)).status_code == 302


def test_tries_are_those_of_the_step_up(proven: Own, clock: Any) -> None:
    """Threat 17: beginning again gives no new tries."""
    browser = proven("sms")
    browser.tenant.switches.mfa_limits = False
    statuses = []
    for number in range(11):
        if number % 5 == 0:
            browser.add("otp")
        statuses.append(browser.prove("000000").status_code)
    assert statuses == [200] * 10 + [429]


def test_message_again(proven: Own, clock: Any) -> None:
    browser = proven("otp", "recovery-code")
    browser.add(**PHONE)
    assert outcome(browser.post("resend")) == (302, page("mfa_challenge"))
    assert browser.calls == [ASSOCIATE]
    clock.shift(31)
    assert outcome(browser.post("resend")) == (302, page("mfa_challenge"))
    assert browser.calls == [ASSOCIATE, ASSOCIATE]
    assert outcome(browser.prove(browser.sent_code)) == (302, FACTORS)


def test_another_number_within_the_cooldown(proven: Own, clock: Any) -> None:
    browser = proven("otp")
    browser.add(**PHONE)
    other = {**PHONE, "phone_number": "+4915112345678"}
    assert outcome(browser.add(**other)) == (302, page("mfa_challenge"))
    assert browser.calls == [ASSOCIATE]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"factor": "phone", "phone_number": "12"}, "phone_number"),
        ({"factor": "phone"}, "phone_number"),
        ({"factor": "carrier-pigeon"}, "factor"),
        ({}, "factor"),
        ({"factor": "email"}, "factor"),
        ({"factor": "recovery-code"}, "factor"),
        ({"factor": "\x00" * 9000}, "factor"),
    ],
)
def test_bad_input_reaches_nobody(fields: dict[str, str], field: str, proven: Own) -> None:
    browser = proven("otp")
    answer = browser.post("factor_add", **fields)
    assert (answer.status_code, [*answer.context["form"].errors]) == (200, [field])
    assert browser.calls == []


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ("phone_number_is_invalid", "phone_number"),
        ("unsupported_authenticator_type", "factor"),
        ("already_enrolled", "factor"),
        ("enrollment_conflict", "factor"),
    ],
)
def test_what_auth0_does_not_take(fault: str, field: str, proven: Own) -> None:
    browser = proven("otp")
    browser.tenant.fail(ASSOCIATE, fault, times=1)
    answer = browser.add(**PHONE)
    assert (answer.status_code, [*answer.context["form"].errors]) == (200, [field])
    assert browser.shown == ["totp"]


@pytest.mark.parametrize(
    ("fault", "status"), [("server_error", 503), ("rate_limited", 429), ("closed", 503)]
)
@pytest.mark.parametrize("path", [ASSOCIATE, TOKEN])
def test_outage_can_be_tried_again(path: str, fault: str, status: int, proven: Own) -> None:
    browser = proven("sms", "recovery-code")
    if path == TOKEN:
        browser.add("otp")
    browser.tenant.fail(path, fault, times=1)
    answer = browser.add("otp") if path == ASSOCIATE else browser.prove(new_app_code(browser))
    assert answer.status_code == status
    retry = answer.context["retry_url"]
    assert retry == (FACTORS if path == ASSOCIATE else page("mfa_challenge"))
    if path == ASSOCIATE:
        browser.add("otp")
    assert outcome(browser.prove(new_app_code(browser))) == (302, FACTORS)
    assert "otp" in browser.enrolled


@pytest.mark.parametrize("path", [ASSOCIATE, TOKEN])
def test_refusal_ends_what_was_begun(path: str, proven: Own) -> None:
    browser = proven("sms")
    if path == TOKEN:
        browser.add("otp")
    browser.tenant.answer(path, 403, "access_denied", "An Action says no.", times=1)
    answer = browser.add("otp") if path == ASSOCIATE else browser.prove(new_app_code(browser))
    assert outcome(answer) == (403, "refused")
    assert browser.user_id and browser.shown == ["sms"]
    assert outcome(browser.get("mfa_challenge"))[0] == 302


def test_half_enrolled_is_cleaned_up_at_the_next_try(proven: Own, clock: Any) -> None:
    """Auth0 was down between the two calls: nothing of it is left afterwards."""
    browser = proven("sms", "recovery-code")
    browser.add("otp")
    browser.tenant.fail(TOKEN, "server_error", times=1)
    assert browser.prove(new_app_code(browser)).status_code == 503
    (left,) = (factor for factor in browser.person.factors if not factor.active)
    assert outcome(browser.add("push-notification")) == (302, page("mfa_challenge"))
    assert left not in browser.person.factors
    assert browser.calls == [ASSOCIATE, TOKEN, LIST, f"{LIST}/{left.id}", ASSOCIATE]


def test_half_enrolled_of_another_visit_is_cleaned_up_too(proven: Own) -> None:
    browser = proven("sms", {"factor": "otp", "active": False})
    assert outcome(browser.add("otp")) == (302, page("mfa_challenge"))
    assert [factor.factor for factor in browser.person.factors if not factor.active][:1] == ["otp"]
    assert len(browser.person.factors) == 3  # sms, the new app, its recovery code


@pytest.mark.parametrize(
    "factors",
    [
        ["sms", {"factor": "voice", "active": False}],
        ["otp", {"factor": "push-notification", "active": False}],
    ],
)
def test_cleaning_up_takes_nothing_confirmed_along(factors: list[Any], proven: Own) -> None:
    """Deleting one takes its twin along: what may be a twin's is left alone."""
    browser = proven(*factors)
    browser.add("otp")
    assert factors[0] in browser.enrolled
    assert browser.calls == [ASSOCIATE]


def test_cleaning_up_that_fails_hinders_nobody(proven: Own) -> None:
    browser = proven("sms", {"factor": "otp", "active": False})
    left = browser.person.factors[1].id
    browser.tenant.fail(f"{LIST}/{left}", "server_error", times=1)
    assert outcome(browser.add("otp")) == (302, page("mfa_challenge"))


# The end of the proof


def test_ten_minutes_over_in_the_middle(proven: Own, clock: Any) -> None:
    """A browser left open enrolls nothing; what was typed is there after the next proof."""
    browser = proven("otp")
    browser.add(**PHONE)
    code = browser.sent_code
    clock.shift(601)
    assert outcome(browser.prove(code)) == (302, FACTORS)
    assert browser.calls == [ASSOCIATE]
    assert browser.enrolled == ["otp"]
    assert browser.shown is None
    assert outcome(browser.prove_now()) == (302, page("factor_add"))
    form = browser.get("factor_add").context["form"]
    assert form.initial == PHONE
    assert f'value="{NEW}"' in browser.get("factor_add").content.decode()


def test_ten_minutes_over_before_the_form_is_sent(proven: Own, clock: Any) -> None:
    browser = proven("otp")
    clock.shift(601)
    assert outcome(browser.add(**PHONE)) == (302, FACTORS)
    assert browser.calls == []
    assert outcome(browser.prove_now()) == (302, page("factor_add"))
    assert browser.get("factor_add").context["form"].initial == PHONE


def test_what_was_typed_is_forgotten_once_added(proven: Own) -> None:
    browser = proven("otp", "recovery-code")
    browser.add(**PHONE)
    browser.prove(browser.sent_code)
    assert browser.get("factor_add").context["form"].initial == {}
    browser.post("factors_done")
    assert outcome(browser.prove_now()) == (302, FACTORS)


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (ASSOCIATE, "expired_mfa_token"),
        (ASSOCIATE, "invalid_mfa_token"),
        (ASSOCIATE, "insufficient_scope"),
        (TOKEN, "expired_mfa_token"),
        (TOKEN, "malformed_mfa_token"),
    ],
)
def test_token_is_refused_before_its_time(
    path: str, fault: str, proven: Own, caplog: pytest.LogCaptureFixture
) -> None:
    browser = proven("sms")
    if path == TOKEN:
        browser.add("otp")
    browser.tenant.fail(path, fault, times=1)
    answer = browser.add("otp") if path == ASSOCIATE else browser.prove(new_app_code(browser))
    assert outcome(answer) == (302, FACTORS)
    assert browser.enrolled == ["sms"]
    warned = [line for line in caplog.records if line.name == "django_pwdless"]
    assert [line.levelname for line in warned] == ["WARNING"]
    assert browser.shown is None


def test_without_a_proof_nothing_is_enrolled(signed_in: Own) -> None:
    browser = signed_in("otp")
    before = len(browser.tenant.requests)
    assert outcome(browser.add(**PHONE)) == (302, FACTORS)
    assert outcome(browser.get("factor_add")) == (302, FACTORS)
    assert len(browser.tenant.requests) == before


# Beside other things that are half-way


def test_two_tabs(proven: Own) -> None:
    """The newer one counts; a code of the older one is wrong, and enrolls nothing."""
    browser = proven("sms", "recovery-code")
    browser.add("otp")
    old = new_app_code(browser)
    browser.add("otp")
    assert browser.prove(old).status_code == 200
    assert outcome(browser.prove(new_app_code(browser))) == (302, FACTORS)
    assert outcome(browser.prove(old))[0] == 302
    assert browser.enrolled.count("otp") == 1


def test_chosen_ways_of_a_login_are_not_there(proven: Own) -> None:
    """Nothing that exists can be challenged with this token, and no login ends by it."""
    browser = proven("sms", "otp")
    browser.add("otp")
    assert outcome(browser.get("mfa")) == (302, page("factor_add"))
    for fields in ({"authenticator": browser.id_of("sms")}, {}):
        assert outcome(browser.post("mfa", **fields)) == (302, FACTORS)
    assert outcome(browser.post("mfa_enroll", factor="otp")) == (302, FACTORS)
    assert CHALLENGE not in browser.calls and browser.calls == [ASSOCIATE]


def test_nobody_is_signed_in_by_it(proven: Own) -> None:
    browser = proven("sms", "recovery-code")
    logins: list[Any] = []
    listen = lambda **kwargs: logins.append(kwargs)  # noqa: E731
    user_logged_in.connect(listen, weak=False)
    user, users = browser.user_id, get_user_model().objects.count()
    browser.add("otp")
    browser.prove(new_app_code(browser))
    user_logged_in.disconnect(listen)
    assert (browser.user_id, get_user_model().objects.count(), logins) == (user, users, [])


def test_list_that_fails_afterwards_hides_no_success(proven: Own, tenant: LocalTenant) -> None:
    browser = proven("sms", "recovery-code")
    browser.add("otp")
    tenant.fail(LIST, "server_error", times=1)
    assert outcome(browser.prove(new_app_code(browser))) == (302, FACTORS)
    assert browser.shown is None
    browser.post("factors_refresh")
    assert browser.shown == ["sms", "recovery-code", "totp"]


def test_site_that_offers_nothing_to_enroll(proven: Own, configure: Configure) -> None:
    browser = proven("otp")
    configure(MFA_ENROLL_FACTORS=[])
    assert outcome(browser.get("factor_add")) == (302, FACTORS)
    assert page("factor_add") not in browser.get("factors").content.decode()


def test_token_is_refused_where_a_message_is_sent_again(proven: Own, clock: Any) -> None:
    """The page that it leads to asks for a proof: the old one is over."""
    browser = proven("otp")
    browser.add(**PHONE)
    clock.shift(31)
    browser.tenant.fail(ASSOCIATE, "expired_mfa_token", times=1)
    assert outcome(browser.post("resend")) == (302, FACTORS)
    assert browser.shown is None
    assert outcome(browser.get("mfa_challenge"))[0] == 302
