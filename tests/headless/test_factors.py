"""The second factor as JSON; what sets one up is shown once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from django_pwdless.headless.openapi.schemas import SECRETS
from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN, ASSOCIATE, CHALLENGE, LIST, TOKEN

from .conftest import Begin, Configure
from .front_end import FrontEnd, state_in

pytestmark = pytest.mark.django_db


def secrets_in(response: Any) -> set[str]:
    return set(SECRETS) & {name for name, value in state_in(response).items() if value}


def test_one_factor_is_challenged_at_once(begin: Begin, front_end: FrontEnd) -> None:
    begun = begin("email").data
    assert (begun["step"], begun["factor"], begun["can_resend"]) == ("answer_factor", "email", True)
    done = front_end.post("login/factor/answer/", code=front_end.sent_code)
    assert done.data["step"] == "signed_in"


def test_choice_among_several(begin: Begin, front_end: FrontEnd, tenant: LocalTenant) -> None:
    begun = begin("otp", "email").data
    assert begun["step"] == "choose_factor"
    assert {each["factor"] for each in begun["authenticators"]} == {"otp", "email"}
    chosen = front_end.choose("otp")
    assert (chosen.data["step"], secrets_in(chosen)) == ("answer_factor", set())
    (person,) = tenant.state.people
    done = front_end.post("login/factor/answer/", code=tenant.totp(person))
    assert done.data["step"] == "signed_in"


def test_authenticator_that_is_not_theirs(
    begin: Begin, front_end: FrontEnd, tenant: LocalTenant
) -> None:
    begin("otp", "email")
    response = front_end.post("login/factor/", authenticator="otp|somebody-elses")
    assert response.status_code == 400 and response.data["errors"]["authenticator"]
    assert not tenant.calls(CHALLENGE)


def test_list_that_failed_is_asked_for_again(
    begin: Begin, front_end: FrontEnd, tenant: LocalTenant
) -> None:
    tenant.fail(LIST, "server_error", times=1)
    failed = begin("email")
    assert (failed.status_code, state_in(failed)["step"]) == (503, "choose_factor")
    assert front_end.post("login/factor/").data["step"] == "answer_factor"


def test_wrong_code_of_a_factor(begin: Begin, front_end: FrontEnd) -> None:
    begin("email")
    response = front_end.post("login/factor/answer/", code="000000")
    assert (response.status_code, response.data["outcome"]) == (400, "invalid")
    assert state_in(response)["tries_left"] == 9


def test_push_is_waited_for(
    begin: Begin, front_end: FrontEnd, tenant: LocalTenant, clock: Any
) -> None:
    begun = begin("push-notification").data
    assert (begun["step"], begun["interval"]) == ("wait_for_push", 5)
    polled = front_end.post("login/factor/poll/").data
    assert (polled["status"], polled["step"], polled["interval"]) == (
        *("pending", "wait_for_push"),
        5,
    )
    tenant.approve_push()
    clock.shift(6)
    polled = front_end.post("login/factor/poll/").data
    assert (polled["status"], polled["step"]) == ("approved", "signed_in")
    assert front_end.post("login/factor/poll/").data["status"] == "expired"


def test_push_that_is_denied(
    begin: Begin, front_end: FrontEnd, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification", "otp")
    front_end.choose("push-notification")
    tenant.deny_push()
    clock.shift(6)
    polled = front_end.post("login/factor/poll/").data
    assert (polled["status"], polled["step"]) == ("rejected", "choose_factor")


def test_code_is_no_answer_to_a_push(
    begin: Begin, front_end: FrontEnd, tenant: LocalTenant
) -> None:
    begin("push-notification")
    before = len(tenant.calls(TOKEN))
    response = front_end.post("login/factor/answer/", code="123456")
    assert (response.status_code, response.data["outcome"]) == (409, "step_missing")
    assert len(tenant.calls(TOKEN)) == before


def test_enrollment_shows_its_secrets_once(
    begin: Begin, front_end: FrontEnd, tenant: LocalTenant
) -> None:
    begun = begin(mfa="enroll")
    assert begun.data["step"] == "enroll_factor"
    assert [each["factor"] for each in begun.data["factors"]] == [
        *("otp", "phone", "push-notification")
    ]
    shown = front_end.post("login/factor/enroll/", factor="otp")
    sets_up = {"secret", "otpauth_url", "qr_svg"}
    assert (shown.data["step"], secrets_in(shown)) == ("answer_factor", sets_up)
    wrong = front_end.post("login/factor/answer/", code="000000")
    assert wrong.status_code == 400 and not secrets_in(wrong)
    # A page that is loaded anew shows them again.
    assert secrets_in(front_end.get()) == sets_up
    done = front_end.post("login/factor/answer/", code=tenant.totp(begun.person))
    assert (done.data["step"], secrets_in(done)) == ("recovery_codes", {"recovery_codes"})
    assert front_end.get().data["recovery_codes"] == done.data["recovery_codes"]
    for path in ("identities/", "login/recovery-codes/"):
        after = front_end.get(path) if path == "identities/" else front_end.post(path)
        assert after.status_code == 200 and not secrets_in(after)
    assert front_end.get().data["step"] == "signed_in"


def test_problem_while_recovery_codes_wait_holds_none(
    begin: Begin, front_end: FrontEnd, tenant: LocalTenant
) -> None:
    person = begin(mfa="enroll").person
    front_end.post("login/factor/enroll/", factor="otp")
    codes = front_end.post("login/factor/answer/", code=tenant.totp(person)).data["recovery_codes"]
    problems = [
        front_end.post("login/code/", code="123456"),
        front_end.post("login/", identifier="nonsense"),
        front_end.send("PUT", "login/"),
        front_end.send("POST", "login/code/", b"[]"),
    ]
    for response in problems:
        assert response.status_code >= 400
        assert not [code for code in codes if code in json.dumps(response.data)]


def test_push_enrollment_shows_its_picture_once(
    begin: Begin, front_end: FrontEnd, tenant: LocalTenant, clock: Any
) -> None:
    tenant.switches.recovery_codes = False
    begin(mfa="enroll")
    shown = front_end.post("login/factor/enroll/", factor="push-notification")
    assert (shown.data["step"], secrets_in(shown)) == ("wait_for_push", {"qr_svg"})
    assert not secrets_in(front_end.post("login/factor/poll/"))
    tenant.approve_push()
    clock.shift(6)
    assert front_end.post("login/factor/poll/").data["step"] == "signed_in"


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({}, "factor"),
        ({"factor": "carrier-pigeon"}, "factor"),
        ({"factor": "phone"}, "phone_number"),
        ({"factor": "phone", "phone_number": "+4915123456789", "channel": "fax"}, "channel"),
    ],
)
def test_enroll_nonsense(
    members: dict[str, str],
    field: str,
    begin: Begin,
    front_end: FrontEnd,
    tenant: LocalTenant,
) -> None:
    begin(mfa="enroll")
    response = front_end.post("login/factor/enroll/", **members)
    assert response.status_code == 400 and field in response.data["errors"]
    assert not tenant.calls(ASSOCIATE)


def test_enroll_a_phone(begin: Begin, front_end: FrontEnd, tenant: LocalTenant) -> None:
    tenant.switches.recovery_codes = False
    begin(mfa="enroll")
    shown = front_end.post(
        "login/factor/enroll/", factor="phone", phone_number="+49 151 99999999", channel="sms"
    )
    assert (shown.data["step"], shown.data["channel"]) == ("answer_factor", "sms")
    assert "99999999" not in json.dumps(shown.data)
    done = front_end.post("login/factor/answer/", code=front_end.sent_code)
    assert done.data["step"] == "signed_in"


def test_used_recovery_code_is_replaced(begin: Begin, front_end: FrontEnd) -> None:
    person = begin("otp", "email", "recovery-code").person
    front_end.choose("recovery-code")
    done = front_end.post("login/factor/answer/", code=person.recovery_code)
    assert done.data["step"] == "recovery_codes" and len(done.data["recovery_codes"]) == 1


def test_second_factor_that_took_too_long_begins_again(
    begin: Begin, front_end: FrontEnd, clock: Any
) -> None:
    begin("email")
    clock.shift(601)
    response = front_end.post("login/factor/answer/", code="123456")
    assert (response.status_code, response.data["outcome"]) == (409, "step_missing")
    assert (state_in(response)["step"], state_in(response)["identifier"]) == ("identify", ANN)
    assert front_end.get().data["identifier"] == ANN


def test_factor_that_is_gone_leads_back_to_the_choice(
    begin: Begin, front_end: FrontEnd, tenant: LocalTenant, clock: Any
) -> None:
    person = begin("email", "otp").person
    front_end.choose("email")
    clock.shift(31)
    person.factors = [each for each in person.factors if each.factor != "email"]
    response = front_end.post("login/resend/")
    assert response.status_code == 400 and response.data["errors"]["authenticator"]
    assert state_in(response)["step"] == "choose_factor"


def test_second_factor_that_is_off_here(front_end: FrontEnd, tenant: LocalTenant) -> None:
    tenant.add_person(ANN, factors=["otp"])
    front_end.ask()
    response = front_end.answer()
    assert (response.status_code, response.data["outcome"]) == (403, "mfa_required")


def test_limit_of_answers(begin: Begin, front_end: FrontEnd, configure: Configure) -> None:
    configure(RATE_LIMITS={"mfa": {"pending": "1/h"}})
    begin("email")
    front_end.post("login/factor/answer/", code="000000")
    response = front_end.post("login/factor/answer/", code=front_end.sent_code)
    assert (response.status_code, response.data["outcome"]) == (429, "rate_limited")
