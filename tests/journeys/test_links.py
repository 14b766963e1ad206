"""Signing in by a mailed link, and by a link that carries a code to any device."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.http import SimpleCookie
from django.test.signals import template_rendered
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant

from .browser import ANN, BEN, START, TOKEN, Browser, outcome, sent, tried
from .conftest import Configure, NewBrowser
from .hosted import press, press_mailed_link

pytestmark = pytest.mark.django_db

CALLBACK = "/accounts/callback/"


@pytest.fixture(autouse=True)
def links(configure: Configure) -> None:
    configure(METHODS=["email-link", "email-code"], RESEND_COOLDOWN=0)


def test_link_signs_in(browser: Browser, tenant: LocalTenant) -> None:
    response = browser.ask(next="/in/")
    assert outcome(response) == (302, reverse("pwdless:link_sent"))
    assert browser.get("link_sent").status_code == 200
    response = browser.client.get(press_mailed_link(tenant))
    assert outcome(response) == (302, "/in/")
    assert browser.user_id == str(get_user_model().objects.get().pk)


def test_link_and_code_find_the_same_person(
    browser: Browser, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    browser.ask()
    browser.client.get(press_mailed_link(tenant))
    other = new_browser()
    other.sign_in(method="email-code")
    assert other.user_id == browser.user_id is not None


def test_link_asks_with_exactly_these_parameters(browser: Browser, tenant: LocalTenant) -> None:
    browser.ask()
    body = tenant.calls("/passwordless/start")[0].body
    params = body["authParams"]
    assert body["send"] == "link"
    assert params.keys() == {"redirect_uri", "response_type", "scope", "state", "nonce"}
    assert (params["redirect_uri"], params["response_type"]) == (
        f"http://testserver{CALLBACK}",
        "code",
    )


def test_link_exchange_has_the_same_redirect_uri_and_no_verifier(
    browser: Browser, tenant: LocalTenant
) -> None:
    browser.ask()
    browser.client.get(press_mailed_link(tenant))
    (call,) = tenant.calls(TOKEN)
    assert call.body["redirect_uri"] == f"http://testserver{CALLBACK}"
    assert "code_verifier" not in call.body


def test_link_costs_one_call_to_send_and_one_to_return(
    browser: Browser, tenant: LocalTenant
) -> None:
    browser.ask()
    path = press_mailed_link(tenant)
    browser.client.get(path)
    assert (sent(tenant), tried(tenant)) == (1, 1)


def test_link_leads_to_base_url(
    browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(BASE_URL="https://site.example")
    browser.ask()
    params = tenant.calls("/passwordless/start")[0].body["authParams"]
    assert params["redirect_uri"] == f"https://site.example{CALLBACK}"


def test_login_page_that_sends_links_moves_to_base_url(
    browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    """The session that asks is then the one that is come back to."""
    configure(BASE_URL="http://localhost")
    response = browser.get("login", next="/in/")
    path = f"{reverse('pwdless:login')}?next=/in/&moved=1"
    assert outcome(response) == (302, f"http://localhost{path}")
    own = Browser(tenant, SERVER_NAME="localhost")
    assert own.client.get(path).status_code == 200
    own.ask(next="/in/")
    link = str(tenant.inbox.latest(ANN).link)
    answer = requests.get(link, allow_redirects=False, timeout=5)
    back = answer.headers["Location"].removeprefix("http://localhost")
    assert outcome(own.client.get(back)) == (302, "/in/")


def test_login_page_of_codes_stays_where_it_is(browser: Browser, configure: Configure) -> None:
    configure(BASE_URL="http://localhost", METHODS=["email-code", "universal"])
    assert browser.get("login").status_code == 200


@pytest.mark.parametrize("method", ["email-link", "universal"])
def test_signed_in_person_stays_where_they_are(
    method: str, browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(METHODS=["email-code", method])
    browser.ask(method="email-code")
    browser.answer()
    configure(BASE_URL="http://localhost")
    assert browser.get("login", next="/in/").status_code == 200


def test_login_page_behind_a_proxy_that_hides_the_host(
    browser: Browser, configure: Configure
) -> None:
    """Each request seems to come to another host: people are moved once, not for ever."""
    configure(BASE_URL="http://localhost")
    moved = browser.get("login")["Location"].removeprefix("http://localhost")
    assert browser.client.get(moved).status_code == 200


def test_link_takes_no_parameter_from_the_form(browser: Browser, tenant: LocalTenant) -> None:
    browser.ask(redirect_uri="https://evil.example", state="mine", scope="admin")
    params = tenant.calls("/passwordless/start")[0].body["authParams"]
    assert "evil" not in params["redirect_uri"] and params["state"] != "mine"


def test_forged_host_sends_nothing(browser: Browser, tenant: LocalTenant) -> None:
    response = browser.client.post(
        reverse("pwdless:login"), {"identifier": ANN}, headers={"host": "evil.example"}
    )
    assert (response.status_code, sent(tenant)) == (400, 0)


# What is not a fresh state of this session, threat 10


def test_link_used_twice(browser: Browser, new_browser: NewBrowser, tenant: LocalTenant) -> None:
    browser.ask()
    path = press_mailed_link(tenant)
    browser.client.get(path)
    browser.post("logout")
    assert outcome(browser.client.get(path)) == (400, "state_unknown")
    assert tried(tenant) == 1


def test_link_opened_in_another_browser(
    browser: Browser, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    browser.ask()
    path = press_mailed_link(tenant)
    assert outcome(new_browser().client.get(path)) == (400, "state_unknown")
    assert tried(tenant) == 0
    assert outcome(browser.client.get(path)) == (302, reverse("home"))


def test_link_after_its_lifetime(browser: Browser, tenant: LocalTenant, clock: Any) -> None:
    browser.ask()
    path = press_mailed_link(tenant)
    clock.shift(3601)
    assert outcome(browser.client.get(path)) == (400, "state_unknown")


def test_link_after_signing_in_as_somebody_else(browser: Browser, tenant: LocalTenant) -> None:
    browser.ask(ANN)
    path = press_mailed_link(tenant, ANN)
    browser.sign_in(BEN, method="email-code")
    assert outcome(browser.client.get(path)) == (400, "state_unknown")


def test_state_is_claimed_once_by_two_requests_of_one_session(
    browser: Browser, tenant: LocalTenant
) -> None:
    """Both loaded the session before either saved it."""
    browser.ask()
    path = press_mailed_link(tenant)
    before = dict(browser.client.session.items())
    tenant.fail(TOKEN, "server_error", times=1)
    assert browser.client.get(path).status_code == 503
    session = browser.client.session
    session.update(before)
    session.save()
    assert outcome(browser.client.get(path)) == (400, "state_unknown")


def test_second_click_on_a_link_after_the_first_has_signed_in(
    browser: Browser, tenant: LocalTenant
) -> None:
    """Of two clicks at once, the first one's login ends the session that the second one has."""
    browser.ask()
    path = press_mailed_link(tenant)
    twin = Browser(tenant)
    twin.client.cookies = SimpleCookie(browser.client.cookies.output(header="", sep=";"))
    session = Session.objects.get(pk=str(browser.session_key))
    assert browser.client.get(path).status_code == 302
    session.save(force_insert=True)

    def end_session(**kwargs: Any) -> None:
        Session.objects.filter(pk=session.session_key).delete()

    template_rendered.connect(end_session)
    try:
        answer = twin.client.get(path)
    finally:
        template_rendered.disconnect(end_session)
    assert outcome(answer) == (400, "state_unknown")
    assert answer["Cache-Control"] == "no-store, private"
    assert "Start again" in answer.content.decode()


def test_sixth_link_forgets_only_older_links(browser: Browser, tenant: LocalTenant) -> None:
    for _ in range(6):
        browser.ask()
        browser.post("resend")
    assert outcome(browser.client.get(press_mailed_link(tenant))) == (302, reverse("home"))


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"state": "unknown"},
        {"code": "abc"},
        {"code": "abc", "state": ""},
        {"state": "x" * 100_000, "code": "y"},
        {"state": "\0", "code": "\ud800".encode("utf-8", "replace").decode()},
        {"error": "access_denied"},
    ],
)
def test_callback_without_a_known_state(
    query: dict[str, str], browser: Browser, tenant: LocalTenant
) -> None:
    assert browser.get("callback", **query).status_code == 400
    assert tried(tenant) == 0


@pytest.mark.parametrize(
    ("error", "description", "expected"),
    [
        ("access_denied", "no", (403, "not_signed_in")),
        ("unauthorized", "user is blocked", (403, "refused")),
        ("unauthorized", "The verification code has expired.", (400, "link_expired")),
        ("unauthorized", "Wrong email or verification code.", (400, "link_expired")),
        ("login_required", "", (400, "link_expired")),
        ("server_error", "", (503, "unavailable")),
        ("temporarily_unavailable", "", (503, "unavailable")),
        ("<script>alert(1)</script>", "<b>x</b>" * 1000, (400, "link_expired")),
    ],
)
def test_callback_with_an_error(
    error: str, description: str, expected: tuple[int, str], browser: Browser, tenant: LocalTenant
) -> None:
    browser.ask()
    state = tenant.calls("/passwordless/start")[0].body["authParams"]["state"]
    query = {"state": state, "error": error, "error_description": f"{description} Call 555-0199."}
    response = browser.get("callback", **query, hint="555-0199")
    assert outcome(response) == expected
    # Nothing of the query is shown (threat 24), escaped or not, and the state is used up.
    text = response.content.decode()
    assert "alert(1)" not in text and "555-0199" not in text
    assert outcome(browser.get("callback", state=state, code="x")) == (400, "state_unknown")


def test_callback_with_neither_code_nor_error(browser: Browser, tenant: LocalTenant) -> None:
    browser.ask()
    state = tenant.calls("/passwordless/start")[0].body["authParams"]["state"]
    response = browser.get("callback", state=state)
    assert outcome(response) == (400, "link_unusable")
    assert response.context["code_instead"] is True


def test_callback_head_uses_nothing_up(browser: Browser, tenant: LocalTenant) -> None:
    browser.ask()
    path = press_mailed_link(tenant)
    assert browser.client.head(path).status_code == 405
    assert outcome(browser.client.get(path)) == (302, reverse("home"))


@pytest.mark.parametrize("row", ["unauthorized", "unauthorized_403"])
def test_link_of_somebody_blocked(row: str, browser: Browser, tenant: LocalTenant) -> None:
    """There is no code here that could look wrong instead."""
    browser.ask()
    path = press_mailed_link(tenant)
    tenant.fail(TOKEN, row)
    assert outcome(browser.client.get(path)) == (403, "refused")
    assert browser.user_id is None
    assert outcome(browser.get("link_sent")) == (302, reverse("pwdless:login"))


def test_link_without_its_nonce(browser: Browser, tenant: LocalTenant) -> None:
    """Threat 12."""
    tenant.switches.link_nonce = False
    browser.ask()
    assert outcome(browser.client.get(press_mailed_link(tenant))) == (403, "refused")
    assert browser.user_id is None


def test_link_without_nonce_as_configured(
    browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(LINK_NONCE=False)
    browser.ask()
    params = tenant.calls("/passwordless/start")[0].body["authParams"]
    assert "nonce" not in params
    assert outcome(browser.client.get(press_mailed_link(tenant))) == (302, reverse("home"))


def test_superseded_link_cannot_be_used(browser: Browser, tenant: LocalTenant) -> None:
    browser.ask()
    first = tenant.inbox.latest(ANN).link
    browser.post("resend")
    assert first is not None
    assert outcome(browser.client.get(press(tenant, first))) == (400, "link_expired")


def test_link_of_another_kind_of_flow(browser: Browser, tenant: LocalTenant) -> None:
    """A code of one flow with the state of another: the exchange needs what only its own has."""
    browser.ask()
    code = parse_qs(urlsplit(press_mailed_link(tenant)).query)["code"][0]
    browser.ask(BEN)
    other = tenant.calls("/passwordless/start")[1].body["authParams"]["state"]
    assert outcome(browser.get("callback", state=other, code=code)) == (403, "refused")
    assert browser.user_id is None


# The way on


def test_code_instead_of_the_link_signs_in(browser: Browser, tenant: LocalTenant) -> None:
    browser.ask(next="/in/")
    response = browser.post("resend", method="email-code")
    assert outcome(response) == (302, reverse("pwdless:verify"))
    assert outcome(browser.answer()) == (302, "/in/")


@pytest.mark.parametrize(("cooldown", "messages"), [(30, 2), (0, 3)])
def test_code_instead_asked_for_twice(
    cooldown: int, messages: int, browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    """As by a double click: the second one finds the code on its way."""
    configure(RESEND_COOLDOWN=cooldown)
    browser.ask()
    for _ in range(2):
        response = browser.post("resend", method="email-code")
        assert outcome(response) == (302, reverse("pwdless:verify"))
    assert sent(tenant) == messages


@pytest.mark.parametrize("after", [False, True])
def test_code_instead_that_cannot_be_sent(
    after: bool, browser: Browser, tenant: LocalTenant
) -> None:
    """It can be asked for again where it was, and until one is sent the link works."""
    browser.ask(next="/in/")
    path = press_mailed_link(tenant)
    tenant.fail(START, "server_error", times=1, after=after)
    response = browser.post("resend", method="email-code")
    assert outcome(response) == (503, "unavailable")
    assert response.context["retry_url"] == reverse("pwdless:link_sent")
    assert browser.get("link_sent").context["code_instead"] is True
    if after:
        browser.post("resend", method="email-code")
        assert outcome(browser.answer()) == (302, "/in/")
    else:
        assert outcome(browser.client.get(path)) == (302, "/in/")


def test_code_instead_where_no_codes_are_offered(
    browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(METHODS=["email-link"])
    browser.ask()
    assert browser.post("resend", method="email-code").status_code == 302
    assert sent(tenant) == 1
    assert browser.get("link_sent").context["code_instead"] is False


def test_link_sent_without_a_link(browser: Browser) -> None:
    assert outcome(browser.get("link_sent")) == (302, reverse("pwdless:login"))


@pytest.mark.parametrize(
    ("methods", "name"),
    [
        (["email-code"], "link_sent"),
        (["email-code"], "callback"),
        (["email-link"], "link"),
        (["email-code", "email-link"], "universal"),
    ],
)
def test_page_of_a_method_that_is_not_offered(
    methods: list[str], name: str, browser: Browser, configure: Configure
) -> None:
    configure(METHODS=methods)
    assert browser.get(name).status_code == 404


# The any-device link


def test_any_device_link_on_another_device(
    browser: Browser, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    browser.ask(method="email-code")
    other = new_browser()
    response = other.post("link", identifier=ANN, code=browser.code)
    assert outcome(response) == (302, reverse("home"))
    assert other.user_id is not None


def test_any_device_link_with_a_pending_login(browser: Browser, tenant: LocalTenant) -> None:
    browser.ask(method="email-code", next="/in/")
    page = browser.get("link")
    assert "identifier" not in page.context["form"].fields
    response = browser.post("link", identifier=BEN, code=browser.code)
    assert outcome(response) == (302, "/in/")
    assert get_user_model().objects.get().email == ANN


def test_any_device_link_get_changes_nothing(browser: Browser, tenant: LocalTenant) -> None:
    browser.client.get(reverse("pwdless:link") + "?code=123456&identifier=ann@example.com")
    assert len(tenant.requests) == 0 and not browser.session_key


def test_any_device_link_reads_nothing_from_the_address(browser: Browser) -> None:
    page = browser.get("link", code="123456", identifier="eve@example.com")
    assert "may not work any more" not in page.content.decode()
    assert b"123456" not in page.content and b"eve@" not in page.content


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "javascript:alert(1)"])
def test_any_device_link_with_a_malformed_code(
    code: str, browser: Browser, tenant: LocalTenant
) -> None:
    response = browser.post("link", identifier=ANN, code=code)
    assert response.status_code == 200 and "code" in response.context["form"].errors
    assert tried(tenant) == 0


def test_any_device_link_says_the_same_of_everybody(
    browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    """Threat 21."""
    tenant.add_person(email=BEN, blocked=True)
    answers = [browser.post("link", identifier=who, code="000000") for who in (ANN, BEN)]
    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].context["form"].errors == answers[1].context["form"].errors


def test_any_device_link_limits_guessing(
    browser: Browser, new_browser: NewBrowser, tenant: LocalTenant, clock: Any
) -> None:
    """Threat 17: two tries an identifier in ten minutes, from wherever."""
    statuses = [
        new_browser(REMOTE_ADDR=f"192.0.2.{n}").post("link", identifier=ANN, code="000000")
        for n in range(1, 5)
    ]
    assert [response.status_code for response in statuses] == [200, 200, 429, 429]
    assert tried(tenant) == 2


def test_any_device_link_of_the_pending_login_counts_as_its_own(
    browser: Browser, tenant: LocalTenant
) -> None:
    """A stranger's tries do not lock out who has asked for the code (threat 19)."""
    browser.ask(method="email-code")
    stranger = Browser(tenant, REMOTE_ADDR="192.0.2.9")
    for _ in range(3):
        stranger.post("link", identifier=ANN, code=browser.wrong_code)
    assert browser.post("link", code=browser.wrong_code).status_code == 200
