"""Universal Login: /authorize, the tenant's login pages, and the exchange with PKCE."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from django_pwdless.localtenant.logins.authorize_request import MULTI_FACTOR
from django_pwdless.localtenant.switches import CALLBACK_FAULTS
from tests.localtenant.site import ANN, NUMBER, refusal, wrong

CALLBACK = "http://testserver/accounts/callback/"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())[:-1].decode()


def ask(site, **changes):
    """GET /authorize."""
    params = {
        "client_id": site.tenant.client_id,
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": "openid profile email",
        "state": "s",
        "nonce": "n",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    kept = {name: value for name, value in params.items() if value is not ...}
    return site.get("/authorize", params=kept)


def page(site, answer):
    """Follow a redirect within the tenant; return the page's text and its state."""
    assert answer.headers["Location"].startswith("/u/login?state="), answer.headers["Location"]
    text = site.get(answer.headers["Location"]).text
    return text, re.search(r'name="state" value="([^"]+)"', text)[1]


def submit(site, key, action, value=""):
    data = {"state": key, "action": action, action: value}
    return site.call("POST", "/u/login", data=data)


def back(answer):
    """Return the query that came to the callback."""
    assert answer.status_code == 302 and answer.headers["Location"].startswith(CALLBACK)
    parts = urlsplit(answer.headers["Location"])
    return {name: value for name, (value,) in parse_qs(parts.query).items()}


def log_in(site, identifier=ANN, **changes):
    """Go through the pages up to the callback, with a second factor if asked."""
    key = page(site, ask(site, **changes))[1]
    submit(site, key, "identifier", identifier)
    answer = submit(site, key, "code", site.tenant.inbox.latest(identifier).code)
    if answer.headers["Location"].startswith("/u/"):
        answer = submit(site, key, "mfa", site.tenant.inbox.latest().code)
    return back(answer)


def exchange(site, code, **fields):
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    return site.token(**{**grant, "code_verifier": VERIFIER, **fields})


def claims_of(site, query, **fields):
    answer = exchange(site, query["code"], **fields)
    assert answer.status_code == 200, answer.text
    return site.claims(answer.json()["id_token"])


def test_log_in_comes_back_with_a_code_for_tokens(site):
    query = log_in(site)
    assert query.keys() == {"code", "state"} and query["state"] == "s"
    claims = claims_of(site, query)
    assert (claims["email"], claims["nonce"]) == (ANN, "n")
    assert {"amr", "acr", "auth_time"}.isdisjoint(claims)


def test_log_in_by_sms(site):
    assert claims_of(site, log_in(site, NUMBER, connection="sms"))["sub"].startswith("sms|")


def test_log_in_is_the_same_person_as_by_code(site):
    assert claims_of(site, log_in(site))["sub"] == site.sign_in()["sub"]


def test_login_hint_is_filled_in_and_escaped(site):
    text, _ = page(site, ask(site, login_hint='"><b>bo@example.com'))
    assert "&#34;&gt;&lt;b&gt;bo@example.com" in text


def test_page_may_lead_to_another_site(site):
    answer = site.get(ask(site).headers["Location"])
    assert "form-action" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("identifier", ["", "x", "0151 123", NUMBER])
def test_identifier_that_gets_no_code_is_said_on_the_page(site, tenant, identifier):
    key = page(site, ask(site, connection="email"))[1]
    text, _ = page(site, submit(site, key, "identifier", identifier))
    assert "not an address or number" in text and tenant.inbox.messages() == []


def test_wrong_code_is_said_on_the_page(site, tenant):
    key = page(site, ask(site))[1]
    submit(site, key, "identifier", ANN)
    text, _ = page(site, submit(site, key, "code", wrong(tenant.inbox.latest().code)))
    assert "Wrong email or verification code." in text


@pytest.mark.parametrize("action", ["code", "mfa", "gremlin"])
def test_steps_in_order(site, action):
    key = page(site, ask(site))[1]
    assert page(site, submit(site, key, action, "1"))[1] == key


def test_cancelled_login_comes_back_denied_and_is_over(site):
    key = page(site, ask(site))[1]
    query = back(submit(site, key, "cancel"))
    assert query["error"] == "access_denied"
    assert query["error_description"] == "User did not authorize the request"
    assert query["state"] == "s"
    assert submit(site, key, "cancel").status_code == 400


def test_login_ends_after_ten_minutes(site, tenant):
    location = ask(site).headers["Location"]
    tenant.clock.advance(601)
    assert site.get(location).status_code == 400


def test_denied_person_comes_back_denied(site, tenant):
    tenant.add_person(ANN, denied=True)
    assert log_in(site)["error"] == "access_denied"


def test_blocked_and_unknown_get_nothing(site, tenant):
    tenant.sign_ups = False
    tenant.add_person(ANN, blocked=True)
    for identifier in (ANN, "unknown@example.com"):
        key = page(site, ask(site))[1]
        assert "Enter your code" in page(site, submit(site, key, "identifier", identifier))[0]
    assert tenant.inbox.messages() == []


def test_blocked_after_the_code_was_sent(site, tenant):
    person = tenant.add_person(ANN)
    key = page(site, ask(site))[1]
    submit(site, key, "identifier", ANN)
    person.blocked = True
    query = back(submit(site, key, "code", tenant.inbox.latest().code))
    assert (query["error"], query["error_description"]) == ("unauthorized", "user is blocked")


@pytest.mark.parametrize(
    "changes",
    [
        {"response_type": "token"},
        {"response_type": ...},
        {"response_mode": "form_post"},
        {"prompt": "perhaps"},
        {"max_age": "soon"},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": ...},
        {"code_challenge": "short"},
        {"code_challenge": ...},
        {"connection": "carrier-pigeon"},
    ],
)
def test_invalid_request_comes_back_with_its_state(site, changes):
    query = back(ask(site, **changes))
    assert (query["error"], query["state"]) == ("invalid_request", "s")


@pytest.mark.parametrize(
    "changes",
    [{"redirect_uri": "https://evil.example/"}, {"redirect_uri": ...}, {"client_id": "somebody"}],
)
def test_refused_on_auth0s_own_page(site, changes):
    assert ask(site, **changes).status_code == 400


def test_only_allowed_callbacks_are_led_to(site, tenant):
    tenant.client.callbacks = ["https://site.example/cb"]
    assert ask(site).status_code == 400
    assert ask(site, redirect_uri="https://site.example/cb").status_code == 302


@pytest.mark.parametrize("verifier", [..., "w" * 43, "é" * 43])
def test_wrong_verifier_is_refused(site, verifier):
    answer = exchange(site, log_in(site)["code"], code_verifier=verifier)
    assert refusal(answer) == (403, "invalid_grant", "Failed to verify code verifier")


def test_public_client_with_pkce(site, tenant):
    client = tenant.add_client("public")
    query = log_in(site, client_id=client.client_id)
    answer = exchange(site, query["code"], client_id=client.client_id, client_secret=...)
    assert answer.status_code == 200


def test_session_is_used_again(site):
    first = claims_of(site, log_in(site))
    second = claims_of(site, back(ask(site)))
    assert (first["sub"], first["sid"]) == (second["sub"], second["sid"])


@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"connection": "email"}])
def test_session_is_not_used(site, changes):
    log_in(site)
    assert "Sign in" in page(site, ask(site, **changes))[0]


def test_prompt_none_shows_no_page(site):
    assert back(ask(site, prompt="none"))["error"] == "login_required"
    log_in(site)
    assert "code" in back(ask(site, prompt="none"))
    assert back(ask(site, prompt="none", acr_values=MULTI_FACTOR))["error"] == (
        "interaction_required"
    )


def test_max_age_asks_again_and_gives_auth_time(site, tenant):
    claims = claims_of(site, log_in(site, max_age="60"))
    assert abs(claims["auth_time"] - claims["iat"]) < 5
    assert "code" in back(ask(site, max_age="60"))
    tenant.clock.advance(61)
    assert "Sign in" in page(site, ask(site, max_age="60"))[0]


def test_multi_factor_is_asked_for_and_claimed(site, tenant):
    claims = claims_of(site, log_in(site, acr_values=MULTI_FACTOR))
    assert (claims["amr"], claims["acr"]) == (["mfa"], MULTI_FACTOR)
    assert tenant.inbox.latest().purpose == "mfa"


def test_multi_factor_needs_more_than_the_session(site):
    log_in(site)
    assert claims_of(site, log_in(site, acr_values=MULTI_FACTOR))["amr"] == ["mfa"]
    assert "code" in back(ask(site, acr_values=MULTI_FACTOR))


def test_multi_factor_wrong_code(site, tenant):
    key = page(site, ask(site, acr_values=MULTI_FACTOR))[1]
    submit(site, key, "identifier", ANN)
    submit(site, key, "code", tenant.inbox.latest().code)
    text, _ = page(site, submit(site, key, "mfa", wrong(tenant.inbox.latest().code)))
    assert "not the code" in text


def test_multi_factor_without_an_action(site, tenant):
    tenant.switches.mfa_on_request = False
    assert "amr" not in claims_of(site, log_in(site, acr_values=MULTI_FACTOR))


@pytest.mark.parametrize("fault", [f for f in CALLBACK_FAULTS if f not in ("fragment", "neither")])
def test_callback_fault_comes_back_as_an_error(site, tenant, fault):
    tenant.switches.callback_fault = fault
    assert "error" in log_in(site)


def test_userinfo_tells_what_the_scope_permits(site):
    body = exchange(site, log_in(site)["code"]).json()
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    claims = site.get("/userinfo", headers=headers).json()
    assert claims["sub"] == site.claims(body["id_token"])["sub"]
    assert (claims["email"], claims["email_verified"]) == (ANN, True)
    assert claims["updated_at"].startswith("20")


def test_unknown_audience_comes_back_refused(site, tenant):
    query = back(ask(site, audience="https://nobody.example"))
    assert query["error"] == "access_denied"
    assert query["error_description"] == "Service not found: https://nobody.example"
    assert query["state"] == "s"
    tenant.add_api("https://nobody.example")
    assert "code" in log_in(site, audience="https://nobody.example")


def test_userinfo_with_an_access_token_for_an_api(site, tenant):
    tenant.add_api("https://api.example/")
    query = log_in(site, audience="https://api.example/")
    token = exchange(site, query["code"]).json()["access_token"]
    assert token.count(".") == 2
    headers = {"Authorization": f"Bearer {token}"}
    assert site.get("/userinfo", headers=headers).json()["email"] == ANN


def test_userinfo_by_an_access_token_in_the_query(site):
    token = exchange(site, log_in(site)["code"]).json()["access_token"]
    assert site.get("/userinfo", params={"access_token": token}).json()["email"] == ANN
    assert site.get("/userinfo", params={"access_token": "x"}).status_code == 401


@pytest.mark.parametrize("header", [None, "Bearer x", "Basic x", "Bearer"])
def test_userinfo_without_a_good_token_is_refused(site, header):
    answer = site.get("/userinfo", headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_userinfo_needs_openid(site):
    token = site.exchange(site.code(), scope="profile").json()["access_token"]
    answer = site.get("/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_logout_ends_the_session_and_returns(site, tenant):
    log_in(site)
    params = {"client_id": tenant.client_id, "returnTo": "http://testserver/out/"}
    answer = site.get("/v2/logout", params=params)
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://testserver/out/")
    assert back(ask(site, prompt="none"))["error"] == "login_required"


def test_logout_ends_the_session_not_only_the_cookie(site):
    log_in(site)
    cookies = site.session.cookies.get_dict()
    site.get("/v2/logout")
    site.session.cookies.update(cookies)
    assert back(ask(site, prompt="none"))["error"] == "login_required"


def test_logout_url_not_allowed(site, tenant):
    answer = site.get("/v2/logout", params={"returnTo": "https://evil.example/"})
    assert answer.status_code == 400
    tenant.client.logout_urls = ["https://site.example/out"]
    assert site.get("/v2/logout").headers["Location"] == "https://site.example/out"
    assert site.get("/v2/logout", params={"returnTo": "http://testserver/"}).status_code == 400


def test_logout_without_a_target(site):
    assert site.get("/v2/logout").text == "OK"


def test_oidc_logout_ends_the_session_of_the_hint(site):
    token = exchange(site, log_in(site)["code"]).json()["id_token"]
    cookies = site.session.cookies.get_dict()
    params = {
        "id_token_hint": token,
        "post_logout_redirect_uri": "http://testserver/out/",
        "state": "s",
    }
    answer = site.get("/oidc/logout", params=params)
    assert answer.headers["Location"] == "http://testserver/out/?state=s"
    site.session.cookies.update(cookies)
    assert back(ask(site, prompt="none"))["error"] == "login_required"


@pytest.mark.parametrize("hint", ["", "garbage", "a.b.c"])
def test_oidc_logout_with_a_strange_hint(site, hint):
    assert site.get("/oidc/logout", params={"id_token_hint": hint}).text == "OK"


def test_oidc_logout_url_is_exact(site, tenant):
    tenant.client.logout_urls = ["https://site.example/out"]
    params = {"post_logout_redirect_uri": "https://site.example/out?a=b"}
    assert site.get("/oidc/logout", params=params).status_code == 400


MFA_SCOPE = "openid enroll read:authenticators remove:authenticators"


def mfa_log_in(site, **changes):
    """Log in for the MFA API."""
    return log_in(site, audience=f"{site.tenant.issuer}mfa/", scope=MFA_SCOPE, **changes)


def test_token_for_the_mfa_api(site, tenant):
    tenant.add_person(ANN, factors=["otp"], mfa=None)
    answer = exchange(site, mfa_log_in(site, max_age=0)["code"]).json()
    claims = site.claims(answer["id_token"])
    assert claims["amr"] == ["mfa"] and claims["auth_time"]
    assert answer["expires_in"] == 600
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert len(site.get("/mfa/authenticators", headers=headers).json()) == 1


@pytest.mark.parametrize("factors", [[], ["email"], ["recovery-code"]])
def test_audience_of_the_mfa_api_asks_nobody_for_what_they_lack(factors, site, tenant):
    tenant.add_person(ANN, factors=factors, mfa=None)
    assert "amr" not in claims_of(site, mfa_log_in(site))


def test_max_age_of_zero_asks_again_within_the_same_second(site, time_machine):
    time_machine.move_to(1_800_000_000, tick=False)
    log_in(site)
    assert ask(site, max_age=0).headers["Location"].startswith("/u/login")
