"""Two requests at once: nothing is sent or spent twice, and an ended session stays ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.http import SimpleCookie

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import sent, tried
from tests.meanwhile import at_once, meanwhile

from .front_end import FrontEnd, state_in

pytestmark = pytest.mark.django_db(transaction=True)

Step = Callable[[], Any]


def twin(front_end: FrontEnd) -> FrontEnd:
    """Another device, or tab, with what this one has now."""
    other = FrontEnd(front_end.kind, front_end.tenant)
    other.client.cookies = SimpleCookie(front_end.client.cookies.output(header="", sep=";"))
    other.csrf_token, other.session_token = front_end.csrf_token, front_end.session_token
    other.identifier = front_end.identifier
    return other


def test_two_clicks_at_once_send_one_message(front_end: FrontEnd, tenant: LocalTenant) -> None:
    front_end.get()
    tenant.switches.latency = 0.2
    other = twin(front_end)
    answers = at_once(front_end.ask, other.ask)
    assert [each.status_code for each in answers] == [200, 200]
    assert {state_in(each)["step"] for each in answers} == {"code"}
    assert sent(tenant) == 1
    tenant.switches.latency = 0
    assert front_end.answer().data["step"] == "signed_in"


def test_two_resends_at_once_send_one_message(
    front_end: FrontEnd, tenant: LocalTenant, clock: Any
) -> None:
    front_end.ask()
    clock.shift(31)
    tenant.switches.latency = 0.2
    other = twin(front_end)
    answers = at_once(*(lambda it=it: it.post("login/resend/") for it in (front_end, other)))
    assert [each.status_code for each in answers] == [200, 200]
    assert sent(tenant) == 2


def test_one_code_on_two_devices_signs_in_one(
    front_end: FrontEnd, kind: str, tenant: LocalTenant
) -> None:
    front_end.ask()
    other = FrontEnd(kind, tenant)
    other.get()
    code = front_end.code
    answers = at_once(
        lambda: front_end.answer(code),
        lambda: other.post("login/link/", identifier=front_end.identifier, code=code),
    )
    assert sorted(each.status_code for each in answers) == [200, 400]
    assert [bool(it.user_id) for it in (front_end, other)].count(True) == 1


def test_one_code_clicked_twice_signs_in_once(front_end: FrontEnd, tenant: LocalTenant) -> None:
    front_end.ask()
    other, code = twin(front_end), front_end.code
    answers = at_once(lambda: front_end.answer(code), lambda: other.answer(code))
    statuses = sorted(each.status_code for each in answers)
    assert statuses[0] == 200 and statuses[1] in (400, 401, 409)
    # One session is left, and whoever has its key is signed in.
    assert Session.objects.count() == 1
    assert tried(tenant) <= 2


def test_older_token_after_the_newer_one_was_handed_out(app: FrontEnd) -> None:
    app.ask()
    older = twin(app)
    assert app.answer().data["step"] == "signed_in"
    late = older.answer("123456")
    assert (late.status_code, late.data["outcome"]) == (401, "session_gone")
    assert app.get().data["step"] == "signed_in"


def test_signing_out_while_auth0_answers_leaves_nobody_signed_in(
    front_end: FrontEnd, tenant: LocalTenant
) -> None:
    front_end.sign_in()
    front_end.ask("ben@example.com")
    other, code = twin(front_end), front_end.code

    def sign_out() -> None:
        assert other.post("logout/").status_code == 200

    answer = meanwhile(tenant, lambda: front_end.answer(code), sign_out)
    assert answer.status_code in (200, 401, 409)
    # A login of its own may follow; what was signed out is not brought back.
    assert state_in(answer)["user"] is None or answer.data["user"]["name"] == "ben@example.com"
