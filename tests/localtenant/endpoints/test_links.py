"""Mailed links: GET /passwordless/verify_redirect, and the exchange of what comes back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from django_pwdless.localtenant.steps.callbacks import ERRORS
from django_pwdless.localtenant.switches import CALLBACK_FAULTS
from tests.localtenant.site import ANN, refusal

CALLBACK = "http://testserver/accounts/callback/"
PARAMS = {
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "openid profile email",
    "state": "the state",
    "nonce": "the nonce",
}
EXPIRED = "The verification code has expired. Please try to login again."


def mail_link(site, **changes):
    """Have a link mailed and return its path and query."""
    params = {name: value for name, value in {**PARAMS, **changes}.items() if value is not ...}
    site.start(send="link", authParams=params)
    return site.tenant.inbox.latest(ANN).link.removeprefix(site.tenant.base_url)


def arrived(answer):
    """Return the address without query and the query of a redirect."""
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    query = {name: value for name, (value,) in parse_qs(parts.query).items()}
    return f"{parts.scheme}://{parts.netloc}{parts.path}", query


def follow(site, **changes):
    return arrived(site.get(mail_link(site, **changes)))[1]


def exchange(site, code, **fields):
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    return site.token(**{**grant, **fields})


def test_link_comes_back_with_a_code_for_tokens(site):
    place, query = arrived(site.get(mail_link(site)))
    assert place == CALLBACK
    assert query.keys() == {"code", "state"} and query["state"] == "the state"
    claims = site.claims(exchange(site, query["code"]).json()["id_token"])
    assert (claims["email"], claims["nonce"]) == (ANN, "the nonce")


def test_link_signs_in_the_same_person_as_a_code(site):
    token = exchange(site, follow(site)["code"]).json()["id_token"]
    assert site.claims(token)["sub"] == site.sign_in()["sub"]


def test_link_without_nonce(site):
    body = exchange(site, follow(site, nonce=...)["code"]).json()
    assert "nonce" not in site.claims(body["id_token"])


def test_link_nonce_is_not_echoed(site, tenant):
    tenant.switches.link_nonce = False
    assert "nonce" not in site.claims(exchange(site, follow(site)["code"]).json()["id_token"])


def test_link_gives_no_refresh_token(site):
    query = follow(site, scope="openid offline_access")
    assert "refresh_token" not in exchange(site, query["code"]).json()


def test_link_into_a_query(site):
    uri = f"{CALLBACK}?a=b"
    answer = site.get(mail_link(site, redirect_uri=uri))
    assert answer.headers["Location"].startswith(f"{uri}&code=")


@pytest.mark.parametrize("response_type", [..., "token", "id_token"])
def test_link_without_response_type_code(site, response_type):
    location = site.get(mail_link(site, response_type=response_type)).headers["Location"]
    assert location.startswith(f"{CALLBACK}#access_token=")


def test_link_works_once(site):
    link = mail_link(site)
    site.get(link)
    query = arrived(site.get(link))[1]
    assert (query["error"], query["state"]) == ("unauthorized", "the state")
    assert query["error_description"] == "Wrong email or verification code."


def test_older_link_is_refused(site):
    old = mail_link(site)
    mail_link(site)
    assert arrived(site.get(old))[1]["error"] == "unauthorized"


def test_expired_link_is_refused(site, tenant):
    link = mail_link(site)
    tenant.clock.advance(181)
    assert arrived(site.get(link))[1]["error_description"] == EXPIRED


def test_link_blocked_afterwards(site, tenant):
    person = tenant.add_person(ANN)
    link = mail_link(site)
    person.blocked = True
    query = arrived(site.get(link))[1]
    assert (query["error"], query["error_description"]) == ("unauthorized", "user is blocked")


def test_link_of_a_denied_person_comes_back_denied(site, tenant):
    tenant.add_person(ANN, denied=True)
    assert follow(site)["error"] == "access_denied"


def test_link_in_another_browser(site, tenant):
    tenant.switches.links_without_session = False
    answer = site.get(mail_link(site))
    assert answer.status_code == 400 and "same device and browser" in answer.text


@pytest.mark.parametrize("uri", [..., "https://evil.example/cb", "javascript:alert(1)"])
def test_link_callback_not_allowed(site, uri):
    assert site.get(mail_link(site, redirect_uri=uri)).status_code == 400


def test_link_of_unknown_client(site):
    link = mail_link(site).replace(site.tenant.client_id, "somebody")
    assert site.get(link).status_code == 400


@pytest.mark.parametrize("fault", CALLBACK_FAULTS)
def test_callback_fault_comes_back_in_place_of_a_code(site, tenant, fault):
    tenant.switches.callback_fault = fault
    answer = site.get(mail_link(site))
    if fault == "fragment":
        assert answer.headers["Location"].startswith(f"{CALLBACK}#code=")
    else:
        assert arrived(answer) == (CALLBACK, {**ERRORS[fault], "state": "the state"})


def test_callback_faults_are_all_named():
    assert {*ERRORS, "fragment"} == set(CALLBACK_FAULTS)


def test_scanner_uses_the_link_up(site, tenant):
    tenant.switches.mail_scanner = True
    link = mail_link(site)
    (scan,) = tenant.calls("/passwordless/verify_redirect")
    assert scan.headers["User-Agent"] == "mail-scanner"
    assert arrived(site.get(link))[1]["error"] == "unauthorized"


def test_scanner_leaves_codes_alone(site, tenant):
    tenant.switches.mail_scanner = True
    tenant.switches.mail_link = "https://site.example/#code={{ code }}"
    assert site.sign_in()


def test_code_of_a_callback_works_once(site):
    code = follow(site)["code"]
    assert exchange(site, code).status_code == 200
    expected = (403, "invalid_grant", "Invalid authorization code")
    assert refusal(exchange(site, code)) == expected
    assert refusal(exchange(site, "unknown")) == expected


def test_code_of_a_callback_expires(site, tenant):
    code = follow(site)["code"]
    tenant.clock.advance(301)
    assert refusal(exchange(site, code))[2] == "Invalid authorization code"


@pytest.mark.parametrize("uri", [..., "", f"{CALLBACK}?", CALLBACK.rstrip("/"), "http://x/"])
def test_exchange_redirect_uri_is_exact(site, uri):
    code = follow(site)["code"]
    assert refusal(exchange(site, code, redirect_uri=uri))[:2] == (403, "invalid_grant")
    assert exchange(site, code).status_code == 403


def test_exchange_allows_no_verifier(site):
    answer = exchange(site, follow(site)["code"], code_verifier="v" * 43)
    assert refusal(answer) == (403, "invalid_grant", "Failed to verify code verifier")


def test_exchange_by_another_client(site, tenant):
    other = tenant.add_client()
    code = follow(site)["code"]
    answer = exchange(site, code, client_id=other.client_id, client_secret=other.secret)
    assert refusal(answer)[1] == "invalid_grant"


def test_exchange_by_a_wrong_secret(site):
    code = follow(site)["code"]
    assert refusal(exchange(site, code, client_secret="x"))[1] == "invalid_client"
    assert exchange(site, code).status_code == 200


def test_exchange_grant_off(site, tenant):
    code = follow(site)["code"]
    tenant.client.grants.discard("authorization_code")
    assert refusal(exchange(site, code))[1] == "unauthorized_client"


def test_inbox_shows_the_link(site):
    link = mail_link(site)
    html = site.get("/").text
    assert link.replace("&", "&amp;") in html and "Sign in</a>" in html
