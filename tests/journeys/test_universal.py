"""Universal Login, step-up through it, and logout at Auth0."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import AsyncClient, Client
from django.urls import reverse

from django_pwdless.auth0.authorize import MULTI_FACTOR
from django_pwdless.flows.universal import ANY_AGE
from django_pwdless.localtenant import LocalTenant
from django_pwdless.session.redirect_states import STATES_KEY

from .browser import ANN, BEN, TOKEN, Browser, outcome
from .conftest import Configure, NewBrowser
from .hosted import cancel_hosted, log_in_hosted, press_mailed_link

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def universal(configure: Configure) -> None:
    configure(METHODS=["email-code", "universal"])


def asked(browser: Browser, **query: str) -> dict[str, str]:
    """The parameters that Universal Login was asked with."""
    address = urlsplit(browser.get("universal", **query)["Location"])
    return {name: value for name, (value,) in parse_qs(address.query).items()}


def log_in(browser: Browser, identifier: str = ANN, **query: str) -> Any:
    """Follow the link, log in there, and come back."""
    address = browser.get("universal", **query)["Location"]
    return browser.client.get(log_in_hosted(browser.tenant, address, identifier))


def test_universal_login_signs_in(browser: Browser) -> None:
    assert outcome(log_in(browser, next="/in/")) == (302, "/in/")
    assert browser.user_id == str(get_user_model().objects.get(email=ANN).pk)


def test_page_is_offered_with_the_target(browser: Browser) -> None:
    page = browser.get("login", next="/in/")
    assert page.context["universal_url"] == reverse("pwdless:universal") + "?next=/in/"


def test_address_has_all_that_protects_the_flow(browser: Browser, tenant: LocalTenant) -> None:
    params = asked(browser)
    assert params["response_type"] == "code" and params["code_challenge_method"] == "S256"
    assert len(params["state"]) >= 32 and len(params["nonce"]) >= 32
    assert params["redirect_uri"] == "http://testserver/accounts/callback/"
    assert {"connection", "login_hint", "audience"}.isdisjoint(params)
    assert len(tenant.requests) == 0


def test_exchange_has_the_verifier(browser: Browser, tenant: LocalTenant) -> None:
    log_in(browser)
    (call,) = tenant.calls(TOKEN)
    assert 43 <= len(call.body["code_verifier"]) <= 128


@pytest.mark.parametrize(
    ("method", "connection"),
    [("email-code", "email"), ("sms-code", "sms"), ("universal", None), ("x", None)],
)
def test_connection_where_one_method_is_meant(
    method: str, connection: str | None, browser: Browser
) -> None:
    assert asked(browser, method=method).get("connection") == connection


def test_login_begun_on_another_host_moves_to_base_url(
    browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(BASE_URL="http://localhost")
    query = {"next": "/in/", "method": "email-code", "mfa": "1", "max_age": "60"}
    status, address = outcome(browser.get("universal", **query))
    parts = urlsplit(str(address))
    assert (status, parts.netloc) == (302, "localhost")
    assert dict(parse_qsl(parts.query)) == {**query, "moved": "1"}
    assert "_pwdless_states" not in browser.client.session
    own = Browser(tenant, SERVER_NAME="localhost")
    to_auth0 = own.client.get(f"{parts.path}?{parts.query}")["Location"]
    assert to_auth0.startswith(tenant.domain)
    assert "redirect_uri=http%3A%2F%2Flocalhost%2F" in to_auth0


def test_login_behind_a_proxy_that_hides_the_host(
    browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(BASE_URL="http://localhost")
    moved = str(outcome(browser.get("universal"))[1]).removeprefix("http://localhost")
    assert str(outcome(browser.client.get(moved))[1]).startswith(tenant.domain)


def test_pending_login_is_hinted_at_and_kept(half_way: Browser) -> None:
    assert asked(half_way)["login_hint"] == ANN
    assert half_way.is_asked_for_code


def test_language_and_audience(browser: Browser, configure: Configure) -> None:
    configure(AUDIENCE="https://api.example")
    params = asked(browser)
    assert (params["ui_locales"], params["audience"]) == ("en-us", "https://api.example")


@pytest.mark.parametrize("max_age", ["", "-1", "1e9", "٣", "x" * 5000, "9" * 30])
def test_odd_max_age_is_left_out(max_age: str, browser: Browser) -> None:
    assert asked(browser, max_age=max_age)["max_age"] == str(ANY_AGE)


def test_only_method_leads_straight_on(browser: Browser, configure: Configure) -> None:
    configure(METHODS=["universal"])
    expected = (302, reverse("pwdless:universal") + "?next=/in/")
    assert outcome(browser.get("login", next="/in/")) == expected
    assert outcome(browser.post("login", identifier=ANN, next="/in/")) == expected


def test_of_six_redirects_at_once_the_last_three_work(browser: Browser) -> None:
    states = [asked(browser)["state"] for _ in range(6)]
    answers = [browser.get("callback", state=state, error="login_required") for state in states]
    assert [outcome(answer)[1] for answer in answers] == [
        *["state_unknown"] * 3,
        *["link_expired"] * 3,
    ]


def test_redirects_never_cost_somebody_their_link(
    browser: Browser, configure: Configure, tenant: LocalTenant
) -> None:
    configure(METHODS=["email-link", "universal"])
    browser.ask()
    for _ in range(6):
        browser.get("universal")
    assert outcome(browser.client.get(press_mailed_link(tenant))) == (302, reverse("home"))


def test_each_redirect_keeps_its_own_target(browser: Browser, tenant: LocalTenant) -> None:
    first = browser.get("universal", next="/first/")["Location"]
    browser.get("universal", next="/second/")
    assert outcome(browser.client.get(log_in_hosted(tenant, first))) == (302, "/first/")


def test_state_of_a_link_with_a_code_of_universal_login(
    browser: Browser, configure: Configure, tenant: LocalTenant
) -> None:
    """Threat 10: the exchange lacks the verifier that this code asks for."""
    configure(METHODS=["email-link", "universal"])
    browser.ask()
    link_state = tenant.calls("/passwordless/start")[0].body["authParams"]["state"]
    path = log_in_hosted(tenant, browser.get("universal")["Location"])
    code = parse_qs(urlsplit(path).query)["code"][0]
    assert outcome(browser.get("callback", state=link_state, code=code)) == (400, "link_expired")
    assert browser.user_id is None


def test_captcha_leads_there(half_way: Browser, tenant: LocalTenant) -> None:
    tenant.fail(TOKEN, "requires_verification", times=1)
    response = half_way.answer()
    assert outcome(response) == (403, "verification_required")
    assert response.context["universal_url"] == reverse("pwdless:universal")


def test_cancel_is_no_ban(browser: Browser, tenant: LocalTenant) -> None:
    path = cancel_hosted(tenant, browser.get("universal", next="/in/")["Location"])
    response = browser.client.get(path)
    assert outcome(response) == (403, "not_signed_in")
    assert "You’re not signed in" in response.content.decode()
    assert response.context["retry_url"] == reverse("pwdless:login") + "?next=/in/"
    assert response.context["universal_url"] == reverse("pwdless:universal") + "?next=/in/"


def test_cancel_of_a_confirmation_leads_back_to_it(clock: Any, signed_in: Browser) -> None:
    clock.shift(601)
    add = reverse("pwdless:identity_add")
    link = signed_in.get("login", next=add).context["universal_url"]
    path = cancel_hosted(signed_in.tenant, signed_in.client.get(link)["Location"])
    response = signed_in.client.get(path)
    assert outcome(response) == (403, "not_signed_in") and signed_in.user_id
    page = signed_in.client.get(response.context["retry_url"])
    assert (page.context["universal_url"], bool(page.context["reconfirm"])) == (link, True)


# Step-up


@pytest.fixture
def vault(settings: Any) -> str:
    settings.ROOT_URLCONF = "tests.journeys.vault_urls"
    return "/vault/"


def test_second_factor_wanted_of_anonymous_people(vault: str, client: Client) -> None:
    assert outcome(client.get(vault)) == (302, reverse("pwdless:login") + "?next=/vault/")


def test_second_factor_wanted_leads_by_a_link(vault: str, signed_in: Browser) -> None:
    """Threat 39: a page, not a redirect, so that nobody is sent back and forth."""
    response = signed_in.client.get(vault)
    assert outcome(response) == (403, "step_up")
    assert response.context["universal_url"].startswith(reverse("pwdless:universal"))


def test_second_factor_proven_by_universal_login(vault: str, signed_in: Browser) -> None:
    """It ends where it began, in the same session with all it holds."""
    session = signed_in.client.session
    session["cart"] = ["tea"]
    session.save()
    key = signed_in.session_key
    link = signed_in.client.get(vault).context["universal_url"]
    address = signed_in.client.get(link)["Location"]
    assert "acr_values=" in address
    response = signed_in.client.get(log_in_hosted(signed_in.tenant, address))
    assert outcome(response) == (302, vault)
    assert signed_in.client.get(vault).status_code == 200
    assert signed_in.client.session["cart"] == ["tea"]
    assert signed_in.session_key != key


def come_back_with(browser: Browser, **claims: Any) -> None:
    """Return from Universal Login to a token with these claims."""
    address = browser.get("universal", mfa="1")["Location"]
    nonce = parse_qs(urlsplit(address).query)["nonce"][0]
    token = browser.tenant.id_token(nonce=nonce, **claims)
    browser.tenant.answer(TOKEN, 200, id_token=token)
    assert browser.client.get(log_in_hosted(browser.tenant, address)).status_code == 302


@pytest.mark.parametrize("query", [{"mfa": "1"}, {"max_age": "300"}])
def test_step_up_names_the_person(query: dict[str, str], signed_in: Browser) -> None:
    assert asked(signed_in, **query)["login_hint"] == ANN


def test_step_up_names_the_person_by_a_number(browser: Browser, configure: Configure) -> None:
    configure(METHODS=["sms-code", "universal"])
    browser.sign_in("+4915123456789")
    assert asked(browser, mfa="1")["login_hint"] == "+4915123456789"


def test_step_up_names_the_person_whatever_login_is_half_way(signed_in: Browser) -> None:
    signed_in.ask(BEN)
    assert asked(signed_in, mfa="1")["login_hint"] == ANN
    assert asked(signed_in)["login_hint"] == BEN


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("query", [{"mfa": "1"}, {"max_age": "300"}])
def test_step_up_of_somebody_else(
    query: dict[str, str],
    is_known: bool,
    vault: str,
    signed_in: Browser,
    new_browser: NewBrowser,
) -> None:
    """They are refused and the session stays as it was, with a login that is half-way."""
    if is_known:
        new_browser().sign_in(BEN)
    signed_in.post("identity_add", identifier="other@example.com")
    before, users = dict(signed_in.client.session.items()), get_user_model().objects.count()
    assert outcome(log_in(signed_in, BEN, **query)) == (403, "refused")
    after = dict(signed_in.client.session.items())
    assert before == {name: value for name, value in after.items() if name != STATES_KEY}
    assert get_user_model().objects.count() == users
    assert signed_in.client.get(vault).status_code == 403
    assert signed_in.is_asked_for_code


def test_step_up_of_who_signed_in_meanwhile(
    vault: str, signed_in: Browser, tenant: LocalTenant
) -> None:
    """A page left open is no way into the session of the next person."""
    address = signed_in.get("universal", mfa="1")["Location"]
    signed_in.sign_in(BEN)
    back = signed_in.client.get(log_in_hosted(tenant, address))
    assert outcome(back) == (400, "state_unknown")
    assert signed_in.client.get(vault).status_code == 403


def test_second_factor_that_the_token_tells(vault: str, browser: Browser) -> None:
    come_back_with(browser, amr=["pwd", "mfa"])
    assert browser.client.get(vault).status_code == 200


@pytest.mark.parametrize("amr", [..., None, "mfa", [], ["MFA"], ["otp"], [["mfa"]], {"mfa": 1}, 1])
def test_second_factor_that_the_token_does_not_tell(amr: Any, vault: str, browser: Browser) -> None:
    """Not even by ``acr``, which says what was asked for: only ``amr`` says what was done."""
    come_back_with(browser, amr=amr, acr=MULTI_FACTOR)
    assert browser.user_id and browser.client.get(vault).status_code == 403


def test_second_factor_told_by_the_token_of_a_code(vault: str, half_way: Browser) -> None:
    """Only Auth0's own pages ask for one there; a code is one factor whatever its token says."""
    token = half_way.tenant.id_token(amr=["mfa"], acr=MULTI_FACTOR)
    half_way.tenant.answer(TOKEN, 200, id_token=token)
    half_way.answer()
    assert half_way.user_id and half_way.client.get(vault).status_code == 403


def test_second_factor_grows_old(clock: Any, vault: str, signed_in: Browser) -> None:
    link = signed_in.client.get("/fresh-vault/").context["universal_url"]
    address = signed_in.client.get(link)["Location"]
    assert "max_age=300" in address
    signed_in.client.get(log_in_hosted(signed_in.tenant, address))
    assert signed_in.client.get("/fresh-vault/").status_code == 200
    clock.shift(301)
    assert signed_in.client.get("/fresh-vault/").status_code == 403
    assert signed_in.client.get(vault).status_code == 200


def test_second_factor_is_not_inherited(vault: str, browser: Browser) -> None:
    """Threat 9: a new login starts a record of its own."""
    log_in(browser, mfa="1")
    assert browser.client.get(vault).status_code == 200
    browser.sign_in(BEN)
    assert browser.client.get(vault).status_code == 403


def test_second_factor_without_universal_login(
    vault: str, signed_in: Browser, configure: Configure
) -> None:
    configure(METHODS=["email-code"])
    response = signed_in.client.get(vault)
    assert response.status_code == 403 and response.context["universal_url"] is None
    page = signed_in.client.get(response.context["retry_url"])
    assert page.status_code == 200
    assert [identity.email for identity in page.context["reconfirm"]] == [ANN]


@pytest.mark.parametrize("client_class", [Client, AsyncClient])
@pytest.mark.parametrize("name", ["vault", "vault-view", "vault-around-a-view"])
def test_second_factor_wanted_by_an_async_view(
    name: str, client_class: Any, vault: str, browser: Browser
) -> None:
    """Under a server of either kind the guard is asked first, and needs no async session."""

    def status() -> int:
        client = client_class()
        client.cookies = browser.client.cookies
        # In this thread, which has the connection to the database.
        get = async_to_sync(client.get) if client_class is AsyncClient else client.get
        return int(get(f"/async-{name}/").status_code)

    statuses = [status()]
    browser.sign_in()
    statuses.append(status())
    log_in(browser, mfa="1")
    assert [*statuses, status()] == [302, 403, 200]


# Logout at Auth0


@pytest.fixture
def logout(configure: Configure) -> None:
    configure(LOGOUT="auth0")


@pytest.mark.usefixtures("logout")
def test_logout_of_a_redirect_login_leads_to_auth0(browser: Browser, tenant: LocalTenant) -> None:
    log_in(browser)
    response = browser.post("logout", next="/bye/")
    assert outcome(response) == (302, reverse("pwdless:logged_out"))
    address = browser.get("logged_out").context["auth0_logout_url"]
    assert address.startswith(f"{tenant.domain}/v2/logout?")
    query = parse_qs(urlsplit(address).query)
    assert query["returnTo"] == ["http://testserver/accounts/logged-out/"]
    back = browser.get("logged_out")
    assert (back.context["auth0_logout_url"], back.context["continue_url"]) == (None, "/bye/")


@pytest.mark.usefixtures("logout")
def test_logout_of_a_code_login_stays_here(signed_in: Browser) -> None:
    assert outcome(signed_in.post("logout", next="/bye/")) == (302, "/bye/")


def test_logout_stays_here_by_default(browser: Browser) -> None:
    log_in(browser)
    assert outcome(browser.post("logout")) == (302, reverse("pwdless:logged_out"))
    assert browser.get("logged_out").context["auth0_logout_url"] is None


# A login that Auth0 answers from an older session is not a fresh proof


def test_login_by_universal_login_is_fresh(browser: Browser, clock: Any) -> None:
    """Its token says when, as it was asked to; nobody confirms what they did seconds ago."""
    log_in(browser)
    assert browser.get("identity_add").status_code == 200
    clock.shift(601)
    assert browser.get("identity_add").status_code == 302


@pytest.mark.parametrize("seconds_ago", [None, 601, 86_400])
def test_silent_return_is_no_fresh_login(seconds_ago: int | None, browser: Browser) -> None:
    """Auth0's own session answered for whoever sits there, or it does not say when."""
    auth_time = ... if seconds_ago is None else int(time.time()) - seconds_ago
    come_back_with(browser, auth_time=auth_time)
    add = reverse("pwdless:identity_add")
    assert outcome(browser.get("identity_add")) == (302, f"{reverse('pwdless:login')}?next={add}")


def test_confirming_by_universal_login(clock: Any, browser: Browser) -> None:
    log_in(browser)
    clock.shift(601)
    session = browser.client.session
    session["cart"] = ["tea"]
    session.save()
    link = browser.get("login", next=reverse("pwdless:identity_add")).context["universal_url"]
    address = browser.client.get(link)["Location"]
    assert "max_age=600" in address
    browser.client.get(log_in_hosted(browser.tenant, address))
    assert browser.get("identity_add").status_code == 200
    assert browser.client.session["cart"] == ["tea"]


def test_confirming_where_auth0s_clock_is_ahead(clock: Any, signed_in: Browser) -> None:
    """What was proven there a moment from now counts as proven now, and no longer than that."""
    clock.shift(601)
    signed_in.tenant.clock.advance(20)
    link = signed_in.get("login", next=reverse("pwdless:identity_add")).context["universal_url"]
    address = signed_in.client.get(link)["Location"]
    signed_in.client.get(log_in_hosted(signed_in.tenant, address))
    assert signed_in.get("identity_add").status_code == 200
    clock.shift(600)
    assert signed_in.get("identity_add").status_code == 302


# What is begun without end, and what only looks


def test_redirects_begun_are_limited_by_address(
    new_browser: NewBrowser, configure: Configure
) -> None:
    """Without a cookie each makes a session."""
    configure(RATE_LIMITS={"redirect": {"ip": "3/h"}})
    statuses = [new_browser().get("universal").status_code for _ in range(5)]
    assert statuses == [302] * 3 + [429] * 2
    assert Session.objects.count() == 3
    assert new_browser(REMOTE_ADDR="192.0.2.1").get("universal").status_code == 302


PREFETCHES = [
    *({"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}),
    *({"X-Moz": "prefetch"}, {"Sec-Purpose": "Prefetch;anonymous-client-ip"}),
    {"X-Purpose": "preview"},
]


@pytest.mark.parametrize("headers", PREFETCHES, ids=str)
def test_prefetch_begins_nothing(
    headers: dict[str, str], browser: Browser, configure: Configure
) -> None:
    """Threat 48."""
    configure(RATE_LIMITS={"redirect": {"ip": "1/h"}})
    for _ in range(3):
        answer = browser.client.get(reverse("pwdless:universal"), headers=headers)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (403, "no-store, private")
    assert not Session.objects.exists() and not browser.client.cookies
    assert browser.get("universal").status_code == 302


@pytest.mark.parametrize("headers", PREFETCHES, ids=str)
def test_prefetch_uses_nothing_up(
    headers: dict[str, str], browser: Browser, tenant: LocalTenant
) -> None:
    """Threat 48: the browser looks ahead at where Auth0 leads back to."""
    address = log_in_hosted(tenant, browser.get("universal", next="/in/")["Location"])
    assert browser.client.get(address, headers=headers).status_code == 403
    assert not tenant.calls(TOKEN)
    assert outcome(browser.client.get(address)) == (302, "/in/")


@pytest.mark.usefixtures("logout")
def test_prefetch_keeps_the_way_out(browser: Browser) -> None:
    log_in(browser)
    browser.post("logout")
    there = reverse("pwdless:logged_out")
    assert browser.client.get(there, headers={"Sec-Purpose": "prefetch"}).status_code == 403
    assert "/v2/logout" in browser.get("logged_out").context["auth0_logout_url"]
