"""Access tokens as the site's code gets them: kept, fetched, refreshed."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt
import pytest
from django.contrib.auth import get_user_model
from django.core.signals import got_request_exception
from django.test import Client
from django.views.debug import ExceptionReporter

from django_pwdless.exceptions import TokenUnavailable
from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.clients.api import DEFAULT_API
from django_pwdless.models import SignIn
from django_pwdless.tokens import get_access_token_for
from tests.journeys.browser import ANN, BEN, TOKEN, Browser
from tests.journeys.conftest import Configure, NewBrowser
from tests.journeys.hosted import log_in_hosted
from tests.journeys.sign_ins.conftest import about, statements

from .conftest import DAY, HTML, before, refreshes, row, value

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = SignIn._meta.db_table
PAGES = ["/token/", "/awaited/", "/for-user/", "/awaited-for-user/"]


def claims(token: str) -> dict[str, Any]:
    read: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return read


@pytest.mark.parametrize("page", PAGES)
def test_token_of_the_login_calls_the_api(page: str, signed_in: Browser, clock: Any) -> None:
    calls = len(signed_in.tenant.requests)
    response = signed_in.client.get(page).json()
    read = claims(response["value"])
    assert DEFAULT_API in read["aud"] and read["sub"].startswith("email|")
    assert {"read:orders", "openid"} <= set(response["scopes"])
    assert abs(response["expires_at"] - read["exp"]) <= 1
    assert len(signed_in.tenant.requests) == calls


@pytest.mark.parametrize("page", PAGES)
def test_token_that_has_expired_is_refreshed(page: str, signed_in: Browser, clock: Any) -> None:
    first = value(signed_in, page)
    clock.shift(DAY)
    after = value(signed_in, page)
    assert claims(after)["exp"] - claims(first)["exp"] == DAY
    assert len(refreshes(signed_in.tenant)) == 1
    # Rotated: the next one is refreshed by what this one brought.
    clock.shift(DAY)
    assert value(signed_in, page) != after
    assert len(refreshes(signed_in.tenant)) == 2


@pytest.mark.parametrize(
    ("left", "query", "is_refreshed"),
    [(61, {}, False), (59, {}, True), (59, {"min_lifetime": 30}, False), (0.5, {}, True)],
)
def test_token_about_to_expire_is_refreshed(
    left: float, query: dict[str, int], is_refreshed: bool, signed_in: Browser, clock: Any
) -> None:
    clock.shift(DAY - left)
    value(signed_in, **query)
    assert bool(refreshes(signed_in.tenant)) == is_refreshed


def test_token_shorter_than_wished_for_is_refreshed_once_a_time(
    signed_in: Browser, clock: Any
) -> None:
    signed_in.tenant.switches.access_token_lifetime = 20
    clock.shift(DAY)
    for count in (1, 2):
        value(signed_in)
        assert len(refreshes(signed_in.tenant)) == count


def test_without_rotation_the_refresh_token_stays(signed_in: Browser, clock: Any) -> None:
    signed_in.tenant.switches.refresh_rotation = False
    for _ in range(3):
        clock.shift(DAY)
        value(signed_in)
    sent = {call.body["refresh_token"] for call in refreshes(signed_in.tenant)}
    assert len(refreshes(signed_in.tenant)) == 3 and len(sent) == 1


def test_opaque_token(browser: Browser, configure: Configure) -> None:
    configure(AUDIENCE=None)
    browser.sign_in()
    assert "." not in value(browser)


def test_fresh_token_costs_one_statement(signed_in: Browser) -> None:
    value(signed_in)
    with_token = statements(lambda: signed_in.client.get("/token/"))
    without = statements(lambda: signed_in.client.get("/nobody/"))
    user = get_user_model().objects.get()
    assert len(statements(lambda: get_access_token_for(user))) == 1
    # The look at the sign-in is one, as the cache of these tests is not shared.
    assert about(TABLE, with_token) == ["SELECT"] * 2 and about(TABLE, without) == []


def test_login_costs_no_statement_more(new_browser: NewBrowser, configure: Configure) -> None:
    def cost() -> list[str]:
        new_browser().sign_in()
        browser = new_browser()
        browser.ask()
        code = browser.code
        return statements(lambda: browser.answer(code))

    on = cost()
    configure(TOKENS=False)
    assert len(cost()) == len(on)


@pytest.mark.parametrize("page", PAGES)
def test_off_nothing_is_kept(page: str, signed_in: Browser, configure: Configure) -> None:
    configure(TOKENS=False)
    signed_in.client.logout()
    signed_in.sign_in()
    assert (row().tokens, row().tokens_version) == ("", 0)
    assert signed_in.client.get(page).json()["reason"] == "not_kept"


# Whose they are


def test_nobody_is_signed_in() -> None:
    assert Client().get("/token/").json() == {"error": "token_unavailable", "reason": "anonymous"}


@pytest.mark.parametrize("page", PAGES)
def test_inactive_user_gets_none(page: str, signed_in: Browser) -> None:
    get_user_model().objects.update(is_active=False)
    assert signed_in.client.get(page).json()["reason"] == "anonymous"


def test_user_deactivated_while_auth0_answered_gets_none(signed_in: Browser, clock: Any) -> None:
    clock.shift(DAY)
    user = get_user_model().objects.get()
    before(signed_in.tenant, "find", lambda: get_user_model().objects.update(is_active=False))
    with pytest.raises(TokenUnavailable, match="anonymous"):
        get_access_token_for(user)


def test_user_without_sign_in_has_none() -> None:
    with pytest.raises(TokenUnavailable, match="not_kept"):
        get_access_token_for(get_user_model().objects.create_user("cy"))


def test_login_by_another_backend_has_none(client: Client) -> None:
    client.force_login(get_user_model().objects.create_user("cy"))
    assert client.get("/token/").json()["reason"] == "not_kept"


def test_newest_sign_in_that_has_one_counts(
    new_browser: NewBrowser, clock: Any, configure: Configure
) -> None:
    first, second, third = new_browser(), new_browser(), new_browser()
    first.sign_in()
    clock.shift(10)
    second.sign_in()
    clock.shift(10)
    configure(TOKENS=False)
    third.sign_in()
    configure(TOKENS=True)
    (user,) = get_user_model().objects.all()
    assert get_access_token_for(user).value == value(second)
    second.post("logout")
    assert get_access_token_for(user).value == value(first)
    first.post("logout")
    with pytest.raises(TokenUnavailable, match="not_kept"):
        get_access_token_for(user)


def test_sign_in_whose_refresh_token_is_over_is_passed_over(
    new_browser: NewBrowser, clock: Any
) -> None:
    first, second = new_browser(), new_browser()
    first.sign_in()
    clock.shift(10)
    second.sign_in()
    family = list(second.tenant.state.refresh_tokens._families.values())[-1]
    family.is_over = True
    clock.shift(DAY)
    (user,) = get_user_model().objects.all()
    assert get_access_token_for(user).value == value(first)
    assert second.client.get("/token/").json()["reason"] == "revoked"


def test_expired_sign_in_lends_nothing(signed_in: Browser, clock: Any) -> None:
    SignIn.objects.update(expires_at=datetime.now(timezone.utc) - timedelta(seconds=1))
    with pytest.raises(TokenUnavailable, match="not_kept"):
        get_access_token_for(get_user_model().objects.get())


def test_session_that_somebody_else_looks_through_lends_nothing(
    signed_in: Browser, settings: Any
) -> None:
    """Middleware says who asks: whose session it is need not be them."""
    get_user_model().objects.create_user("spy")
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.impersonate"]
    client = Client()
    client.cookies = signed_in.client.cookies
    assert client.get("/token/").json()["reason"] == "not_kept"


def impersonate(get_response: Any) -> Any:
    def middleware(request: Any) -> Any:
        request.user = get_user_model().objects.get(username="spy")
        return get_response(request)

    return middleware


# What is kept


def test_tokens_are_sealed_for_their_row(
    new_browser: NewBrowser, tenant: LocalTenant, clock: Any
) -> None:
    ann, again, ben = new_browser(), new_browser(), new_browser()
    ann.sign_in(ANN)
    clock.shift(1)
    again.sign_in(ANN)
    ben.sign_in(BEN)
    anns, agains, bens = SignIn.objects.order_by("pk")
    assert value(ann) not in anns.tokens and "v1." not in anns.tokens
    for other in (agains, bens):
        SignIn.objects.filter(pk=anns.pk).update(tokens=other.tokens)
        assert ann.client.get("/token/").json()["reason"] == "not_kept"
    SignIn.objects.filter(pk=anns.pk).update(tokens=anns.tokens)
    assert value(ann)


@pytest.mark.parametrize(("fallbacks", "is_kept"), [([], False), (["only-for-tests"], True)])
def test_changed_secret_key(
    fallbacks: list[str], is_kept: bool, signed_in: Browser, settings: Any
) -> None:
    user = get_user_model().objects.get()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", fallbacks
    if is_kept:
        assert get_access_token_for(user).value
    else:
        with pytest.raises(TokenUnavailable, match="not_kept"):
            get_access_token_for(user)


@pytest.mark.parametrize(
    "changed", [{"CLIENT_ID": "another"}, {"AUDIENCE": "https://other.example/"}, {"DOMAIN": "x.y"}]
)
def test_tokens_go_nowhere_but_where_they_came_from(
    changed: dict[str, str], signed_in: Browser, configure: Configure, clock: Any
) -> None:
    configure(**changed)
    clock.shift(DAY)
    assert signed_in.client.get("/token/").json()["reason"] == "not_kept"
    assert not refreshes(signed_in.tenant)


def test_nothing_shows_a_token(signed_in: Browser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    token = get_access_token_for(get_user_model().objects.get())
    assert (str(token), repr(token), f"{token}") == ("<AccessToken>",) * 3
    assert token.header == {"Authorization": f"Bearer {token.value}"}
    assert token.expires_at.tzinfo is not None
    assert token.value not in str(dict(signed_in.client.session))
    assert not [text for text in ("eyJ", "v1.") if text in caplog.text]


@pytest.mark.parametrize("age", [0, DAY])
def test_report_of_a_page_that_calls_an_api(age: int, signed_in: Browser, clock: Any) -> None:
    reports: list[str] = []

    def keep(request: Any, **kwargs: Any) -> None:
        reports.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_html())

    clock.shift(age)
    got_request_exception.connect(keep)
    signed_in.client.raise_request_exception = False
    assert signed_in.client.get("/breaks/").status_code == 500
    got_request_exception.disconnect(keep)
    (report,) = reports
    assert "ValueError" in report and "header" in report
    assert not [text for text in (value(signed_in), "eyJ", "v1.") if text in report]


# Other logins


def test_confirming_again_replaces_the_tokens(signed_in: Browser, clock: Any) -> None:
    first = row()
    clock.shift(700)
    old = value(signed_in)
    signed_in.post("login", reconfirm=first.identity_id)
    signed_in.answer()
    assert row().pk == first.pk and value(signed_in) != old
    clock.shift(DAY)
    value(signed_in)
    tenant = signed_in.tenant
    second = list(tenant.state.refresh_tokens._families)[1]
    assert refreshes(tenant)[0].body["refresh_token"] == second


def test_step_up_replaces_the_tokens(signed_in: Browser, clock: Any, configure: Configure) -> None:
    configure(METHODS=["email-code", "universal"])
    first, old = row(), value(signed_in)
    clock.shift(10)
    there = signed_in.get("universal", next="/token/", max_age="0")["Location"]
    back = signed_in.client.get(log_in_hosted(signed_in.tenant, there))
    assert back["Location"] == "/token/"
    assert row().pk == first.pk and value(signed_in) != old


def test_second_factor_brings_the_tokens(browser: Browser, configure: Configure) -> None:
    configure(CUSTOMIZE_MFA=True)
    person = browser.tenant.add_person(ANN, factors=["otp"])
    browser.sign_in()
    browser.post("mfa_challenge", code=browser.tenant.totp(person))
    assert value(browser) and browser.tenant.state.refresh_tokens._families


def test_admin_shows_no_token(signed_in: Browser, admin_client: Client) -> None:
    kept = SignIn.objects.get(method="email-code")
    page = admin_client.get(f"/admin/django_pwdless/signin/{kept.pk}/change/")
    assert page.status_code == 200 and "email-code" in page.text
    assert not [text for text in (kept.tokens, "eyJ", "v1.") if text in page.text]


def test_adding_an_identity_asks_for_no_refresh_token(browser: Browser) -> None:
    browser.sign_in()
    first_tokens = row().tokens
    browser.identifier = BEN
    browser.post("identity_add", identifier=BEN)
    browser.answer()
    first, added = browser.tenant.calls(TOKEN)
    assert "offline_access" in first.body["scope"]
    assert "offline_access" not in added.body["scope"] and "openid" in added.body["scope"]
    assert row().tokens == first_tokens
    assert len(browser.tenant.state.refresh_tokens._families) == 1


OTHERS = ["wrong_aud", "no_aud", "aud_null", "aud_other_list", "payload_not_json", "for_userinfo"]


@pytest.mark.parametrize("fault", OTHERS)
def test_token_for_another_api_is_not_kept(
    fault: str, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    """Auth0 gives one for its default API, and says nothing."""
    browser.tenant.switches.access_token_fault = fault
    assert browser.sign_in().status_code == 302 and browser.user_id
    (line,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "AUDIENCE" in line.getMessage() and "eyJ" not in caplog.text
    assert row().tokens == ""
    assert browser.client.get("/token/").json()["reason"] == "not_kept"


@pytest.mark.parametrize("fault", OTHERS)
def test_refreshed_token_for_another_api_is_not_kept(
    fault: str, signed_in: Browser, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    clock.shift(DAY)
    signed_in.tenant.switches.access_token_fault = fault
    assert signed_in.client.get("/token/").json()["reason"] == "not_kept"
    assert row().tokens == "" and "AUDIENCE" in caplog.text


@pytest.mark.parametrize("fault", ["encrypted", "dots", "changed_after_signing"])
def test_token_that_is_the_apis_to_read_is_kept(fault: str, browser: Browser) -> None:
    browser.tenant.switches.access_token_fault = fault
    browser.sign_in()
    assert value(browser)


def test_person_without_html_is_told_in_json(signed_in: Browser) -> None:
    signed_in.post("logout")
    assert signed_in.client.get("/token/", headers={"accept": "*/*"}).status_code == 401
    assert signed_in.client.get("/token/", headers=HTML).status_code == 302
