"""The first factor as JSON: for a page in a browser, and for a native app."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN, BEN, sent, tried
from tests.journeys.hosted import press_mailed_link

from .conftest import Configure
from .front_end import FrontEnd, state_in

pytestmark = pytest.mark.django_db


def test_code_signs_in(front_end: FrontEnd) -> None:
    begun = front_end.ask().data
    assert (begun["step"], begun["user"], begun["identifier"]) == ("code", None, ANN)
    assert (begun["code_length"], begun["code_lifetime"], begun["resend_wait"]) == (6, 180, 30)
    done = front_end.answer().data
    user = get_user_model().objects.get()
    assert (done["step"], done["user"]) == ("signed_in", {"id": str(user.pk), "name": ANN})
    assert front_end.get().data["user"] == done["user"]
    assert front_end.user_id == str(user.pk)


def test_methods_are_told_with_their_names(front_end: FrontEnd, configure: Configure) -> None:
    configure(METHODS=["email-link", "email-code", "universal"])
    data = front_end.get().data
    names = {"browser": ["email-link", "email-code"], "app": ["email-code"]}[front_end.kind]
    assert [each["name"] for each in data["methods"]] == names
    assert {each["connection"] for each in data["methods"]} == {"email"}
    if front_end.kind == "browser":
        assert data["universal_url"] == "/accounts/universal/"
    else:
        assert "universal_url" not in data


def test_wrong_code_says_so_at_the_field(front_end: FrontEnd) -> None:
    front_end.ask()
    response = front_end.answer(front_end.wrong_code)
    assert (response.status_code, response.data["outcome"]) == (400, "invalid")
    ((error),) = response.data["errors"]["code"]
    assert error["code"] == "invalid" and error["message"] == response.data["detail"]
    assert state_in(response)["tries_left"] == 2
    assert front_end.answer().data["step"] == "signed_in"


def test_code_of_the_wrong_shape_reaches_nobody(front_end: FrontEnd, tenant: LocalTenant) -> None:
    front_end.ask()
    assert front_end.answer("12").data["errors"]["code"]
    assert tried(tenant) == 0


def test_double_click_sends_one_message(front_end: FrontEnd, tenant: LocalTenant) -> None:
    assert [front_end.ask().status_code for _ in range(2)] == [200, 200]
    assert sent(tenant) == 1


def test_resend_within_the_cooldown_says_how_long(front_end: FrontEnd, tenant: LocalTenant) -> None:
    front_end.ask()
    response = front_end.post("login/resend/")
    assert response.status_code == 200 and 0 < response.data["resend_wait"] <= 30
    assert sent(tenant) == 1


def test_resend_sends_again(front_end: FrontEnd, tenant: LocalTenant, clock: Any) -> None:
    front_end.ask()
    clock.shift(31)
    assert front_end.post("login/resend/").status_code == 200
    assert sent(tenant) == 2
    assert front_end.answer().data["step"] == "signed_in"


def test_giving_up_forgets_the_login(front_end: FrontEnd) -> None:
    front_end.ask()
    assert front_end.delete("login/").data["step"] == "identify"
    assert front_end.answer("123456").data["outcome"] == "step_missing"
    assert front_end.delete("login/").status_code == 200


def test_any_device_takes_the_code_of_an_address(
    front_end: FrontEnd, kind: str, tenant: LocalTenant
) -> None:
    front_end.ask()
    other = FrontEnd(kind, tenant)
    done = other.post("login/link/", identifier=ANN, code=front_end.code)
    assert done.data["step"] == "signed_in" and other.user_id


def test_any_device_takes_the_pending_logins_own_code(front_end: FrontEnd) -> None:
    front_end.ask()
    done = front_end.post("login/link/", identifier=BEN, code=front_end.code)
    assert done.data["user"]["name"] == ANN


def test_wrong_code_on_any_device_begins_no_session(front_end: FrontEnd) -> None:
    response = front_end.post("login/link/", identifier=ANN, code="123456")
    assert response.data["errors"]["code"]
    assert not front_end.session.keys()


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({}, "identifier"),
        ({"identifier": "nobody"}, "identifier"),
        ({"identifier": "+4915123456789"}, "identifier"),
        ({"identifier": ANN, "method": "carrier-pigeon"}, "method"),
        ({"identifier": ANN, "method": "email-link"}, "method"),
    ],
)
def test_start_with_nonsense_sends_nothing(
    members: dict[str, str], field: str, front_end: FrontEnd, tenant: LocalTenant
) -> None:
    response = front_end.post("login/", **members)
    assert response.status_code == 400 and field in response.data["errors"]
    assert sent(tenant) == 0


def test_outage_keeps_the_login(front_end: FrontEnd, tenant: LocalTenant) -> None:
    tenant.fail("/passwordless/start", "server_error", times=1)
    response = front_end.ask()
    assert (response.status_code, response.data["outcome"]) == (503, "unavailable")
    assert state_in(response)["identifier"] == ANN
    assert front_end.post("login/resend/").data["step"] == "code"
    assert front_end.answer().data["step"] == "signed_in"


def test_limit_says_how_long_to_wait(front_end: FrontEnd, configure: Configure) -> None:
    configure(RATE_LIMITS={"start": {"ip": "1/h"}})
    front_end.ask()
    response = front_end.ask(BEN)
    assert (response.status_code, response.data["outcome"]) == (429, "rate_limited")
    assert 0 < response.data["retry_after"] <= 3600
    assert state_in(response)["identifier"] == ANN


def test_refused_person_is_told_no_more(front_end: FrontEnd, tenant: LocalTenant) -> None:
    tenant.add_person(ANN, denied=True)
    front_end.ask()
    response = front_end.answer()
    assert (response.status_code, response.data["outcome"]) == (403, "refused")
    assert state_in(response)["step"] == "identify"


def test_code_without_a_login_is_a_missing_step(front_end: FrontEnd) -> None:
    response = front_end.answer("123456")
    assert (response.status_code, response.data["outcome"]) == (409, "step_missing")
    assert state_in(response)["step"] == "identify"


def test_sign_out_ends_the_session(front_end: FrontEnd) -> None:
    front_end.sign_in()
    response = front_end.post("logout/")
    assert (response.data["step"], response.data["user"]) == ("identify", None)
    assert front_end.user_id is None


def test_link_of_a_page_ends_at_the_callback(
    page: FrontEnd, tenant: LocalTenant, configure: Configure
) -> None:
    configure(METHODS=["email-link", "email-code"])
    assert page.ask().data["step"] == "link"
    page.client.get(press_mailed_link(tenant))
    assert page.get().data["step"] == "signed_in"


def test_code_in_place_of_a_link(page: FrontEnd, configure: Configure) -> None:
    configure(METHODS=["email-link", "email-code"])
    assert page.ask().data["code_instead"] is True
    for _ in range(2):
        assert page.post("login/resend/", method="email-code").data["step"] == "code"
    assert page.answer().data["step"] == "signed_in"


def test_apps_get_a_code_where_pages_get_a_link(app: FrontEnd, configure: Configure) -> None:
    configure(METHODS=["email-link", "email-code"])
    assert app.ask().data["step"] == "code"


def test_logout_leads_on_to_auth0(
    page: FrontEnd, tenant: LocalTenant, configure: Configure
) -> None:
    configure(METHODS=["email-link"], LOGOUT="auth0")
    page.ask()
    page.client.get(press_mailed_link(tenant))
    page.get()
    response = page.post("logout/")
    assert response.data["logout_url"] == "/accounts/logged-out/"
    assert page.client.get(response.data["logout_url"]).context["auth0_logout_url"]


@pytest.mark.parametrize(
    ("base_url", "step"), [("http://testserver", "link"), ("https://www.example.com", "code")]
)
def test_link_is_begun_on_the_host_that_it_comes_back_to(
    base_url: str, step: str, page: FrontEnd, configure: Configure
) -> None:
    configure(METHODS=["email-link", "email-code"], BASE_URL=base_url)
    assert page.ask().data["step"] == step
