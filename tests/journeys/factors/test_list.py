"""The page of second factors: the step-up, the list, and its end."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from tests.journeys.browser import ANN, BEN, LIST, NUMBER, TOKEN, outcome
from tests.journeys.conftest import Configure
from tests.journeys.hosted import log_in_hosted

from .browser import FACTORS, FactorsBrowser, Own, paths

pytestmark = pytest.mark.django_db


def test_without_a_proof_the_page_leads_to_one(signed_in: Own) -> None:
    browser = signed_in("otp")
    before = len(browser.tenant.requests)
    page = browser.get("factors")
    assert (page.status_code, page.templates[0].name) == (200, "django_pwdless/factors/list.html")
    assert (page.context["authenticators"], page.context["expires_in"]) == (None, None)
    assert len(browser.tenant.requests) == before
    asked = parse_qs(urlsplit(browser.client.get(page.context["step_up_url"])["Location"]).query)
    assert asked["audience"] == [f"{browser.tenant.issuer}mfa/"]
    assert asked["max_age"] == ["0"]
    assert asked["login_hint"] == [ANN]
    scopes = set(asked["scope"][0].split())
    assert {"openid", "enroll", "read:authenticators", "remove:authenticators"} <= scopes
    assert "offline_access" not in scopes


def test_no_refresh_token_is_asked_for(signed_in: Own, configure: Configure) -> None:
    browser = signed_in()
    configure(SCOPE="openid email offline_access read:orders", AUDIENCE="https://api.example/")
    away = browser.client.get(browser.get("factors").context["step_up_url"])["Location"]
    asked = parse_qs(urlsplit(away).query)
    assert asked["scope"] == ["openid email enroll read:authenticators remove:authenticators"]
    assert asked["audience"] == [f"{browser.tenant.issuer}mfa/"]


def test_after_the_proof_it_lists_what_is_enrolled(signed_in: Own) -> None:
    browser = signed_in("otp", "sms", "voice", "recovery-code")
    before, key = len(paths(browser.tenant)), browser.session_key
    user = browser.user_id
    assert outcome(browser.prove_now()) == (302, FACTORS)
    assert paths(browser.tenant)[before:][-2:] == [TOKEN, LIST]
    assert browser.user_id == user and browser.session_key != key
    page = browser.get("factors")
    shown = [(item.factor, str(item.label)) for item in page.context["authenticators"]]
    assert shown == [
        ("otp", "Authenticator app"),
        ("phone", "Text message"),
        ("phone", "Phone call"),
        ("recovery-code", "Recovery code"),
    ]
    assert page.context["step_up_url"] is None
    assert 590 <= page.context["expires_in"] <= 600
    assert NUMBER not in page.content.decode()


def test_pages_ask_auth0_nothing(proven: Own) -> None:
    browser = proven("otp", "sms")
    pages = [browser.get("factors"), browser.get("factor_add")]
    pages.append(browser.ask_to_remove(browser.id_of("otp")))
    assert [page.status_code for page in pages] == [200] * 3
    assert browser.calls == []


def test_whoever_has_none_proves_themselves_too(signed_in: Own) -> None:
    browser = signed_in()
    assert outcome(browser.prove_now()) == (302, FACTORS)
    assert browser.shown == []


def test_unconfirmed_and_unknown_kinds(proven: Own) -> None:
    browser = proven("otp", {"factor": "sms", "active": False}, "webauthn-roaming")
    assert browser.shown == ["totp", "webauthn"]


def test_list_again(proven: Own) -> None:
    browser = proven("otp")
    browser.tenant.add_person(ANN, factors=["sms"], mfa=None)
    assert browser.shown == ["totp"]
    assert outcome(browser.post("factors_refresh")) == (302, FACTORS)
    assert browser.shown == ["sms"]
    assert browser.calls == [LIST]


def test_lists_are_limited(proven: Own, clock: Any) -> None:
    browser = proven("otp")
    statuses = [browser.post("factors_refresh").status_code for _ in range(12)]
    assert statuses == [302] * 10 + [429] * 2
    assert len(browser.calls) == 10


def test_list_that_fails_on_coming_back_can_be_read_again(
    signed_in: Own, tenant: LocalTenant
) -> None:
    browser = signed_in("otp")
    tenant.fail(LIST, "server_error", times=1)
    answer = browser.prove_now()
    assert outcome(answer) == (503, "unavailable")
    assert answer.context["retry_url"] == FACTORS
    page = browser.get("factors")
    assert (page.context["authenticators"], page.context["step_up_url"]) == (None, None)
    assert reverse("pwdless:factors_refresh") in page.content.decode()
    browser.post("factors_refresh")
    assert browser.shown == ["totp"]


def test_done_forgets_the_proof(proven: Own) -> None:
    browser = proven("otp")
    browser.add("otp")
    assert outcome(browser.post("factors_done")) == (302, FACTORS)
    assert browser.shown is None
    assert browser.get("mfa_challenge").status_code == 302
    assert outcome(browser.remove(browser.id_of("otp"))) == (302, FACTORS)
    assert browser.enrolled == ["otp"]
    assert "_pwdless_factors" not in browser.client.session


def test_ten_minutes_end_it(proven: Own, clock: Any) -> None:
    browser = proven("otp")
    clock.shift(599)
    assert browser.shown == ["totp"]
    clock.shift(2)
    assert browser.shown is None
    assert "_pwdless_factors" not in browser.client.session
    assert outcome(browser.post("factors_refresh")) == (302, FACTORS)
    assert browser.calls == []


@pytest.mark.parametrize("way", ["logout", "sign_in"])
def test_signing_out_or_in_forgets_it(way: str, proven: Own, clock: Any) -> None:
    browser = proven("otp")
    if way == "logout":
        browser.post("logout")
        assert outcome(browser.get("factors"))[0] == 302
    clock.shift(31)
    browser.sign_in()
    assert browser.shown is None


def test_token_is_sealed_and_on_no_page(proven: Own, tenant: LocalTenant) -> None:
    browser = proven("otp")
    (token,) = (
        token
        for token, grant in tenant.state.access_tokens._grants.items()
        if grant.audience == tenant.state.mfa_audience
    )
    browser.add("otp")
    session = str(dict(browser.client.session))
    pages = [browser.get(name).content.decode() for name in ("factors", "factor_add")]
    pages.append(browser.get("mfa_challenge").content.decode())
    assert all(token not in text for text in (session, *pages))


# Who proves themselves, and when


def test_somebody_else_at_universal_login_is_refused(signed_in: Own, tenant: LocalTenant) -> None:
    """Threat 59: the token would be for their factors."""
    browser = signed_in("otp")
    user = browser.user_id
    tenant.add_person(BEN)
    before = len(tenant.calls(LIST))
    assert outcome(browser.prove_now(BEN)) == (403, "refused")
    assert (browser.user_id, browser.shown) == (user, None)
    assert len(tenant.calls(LIST)) == before
    assert get_user_model().objects.count() == 1


def test_own_second_identity_will_do(signed_in: Own, tenant: LocalTenant) -> None:
    browser = signed_in("otp")
    browser.post("identity_add", identifier=BEN)
    browser.identifier = BEN
    browser.answer()
    assert outcome(browser.prove_now(BEN)) == (302, FACTORS)


@pytest.mark.parametrize("auth_time", [-3600, -120, None, "soon", True])
def test_old_proof_is_refused(
    auth_time: Any, signed_in: Own, tenant: LocalTenant, clock: Any
) -> None:
    """Threat 59: an unattended browser's session at Auth0 answers for nobody."""
    browser = signed_in("otp")
    old = tenant.clock.now() + auth_time if type(auth_time) is int else auth_time
    browser.person.claims = {"auth_time": old}
    assert outcome(browser.prove_now()) == (403, "refused")
    assert browser.shown is None


def test_session_at_auth0_answers_for_nobody(signed_in: Own, tenant: LocalTenant) -> None:
    browser = signed_in()
    away = browser.client.get(browser.get("factors").context["step_up_url"])["Location"]
    tenant.state.browser_sessions.begin(browser.person, has_mfa=True)
    assert "code=" in log_in_hosted(tenant, away)


def test_slow_person_at_auth0_is_taken(signed_in: Own, tenant: LocalTenant, clock: Any) -> None:
    """The second step there may take longer than the leeway."""
    browser = signed_in("otp")
    away = browser.client.get(browser.get("factors").context["step_up_url"])["Location"]
    browser.person.claims = {"auth_time": int(tenant.clock.now())}
    back = log_in_hosted(tenant, away)
    clock.shift(200)
    assert outcome(browser.client.get(back)) == (302, FACTORS)


def test_signed_out_meanwhile(signed_in: Own, tenant: LocalTenant) -> None:
    browser = signed_in("otp")
    away = browser.client.get(browser.get("factors").context["step_up_url"])["Location"]
    back = log_in_hosted(tenant, away)
    browser.post("logout")
    assert browser.client.get(back).status_code == 400
    assert browser.user_id is None


def test_anonymous_people_sign_in_first(browser: FactorsBrowser) -> None:
    expected = (302, f"/accounts/login/?next={FACTORS}")
    assert outcome(browser.get("factors")) == expected
    assert outcome(browser.get("universal", factors="1")) == expected
    for name in ("factors_refresh", "factors_done", "factor_add"):
        assert outcome(browser.post(name)) == expected


def test_token_of_a_login_is_none_of_these(browser: FactorsBrowser, tenant: LocalTenant) -> None:
    away = browser.get("universal")["Location"]
    assert "mfa/" not in away
    browser.client.get(log_in_hosted(tenant, away))
    assert browser.user_id and browser.shown is None


def test_token_that_the_mfa_api_does_not_take(
    signed_in: Own, tenant: LocalTenant, caplog: pytest.LogCaptureFixture
) -> None:
    browser = signed_in("otp")
    tenant.fail(LIST, "insufficient_scope", times=1)
    assert outcome(browser.prove_now()) == (503, "unavailable")
    assert browser.shown is None
    (line,) = [line for line in caplog.records if line.name == "django_pwdless"]
    assert line.levelname == "ERROR" and "/mfa/" in line.getMessage()


def test_answer_without_an_access_token(signed_in: Own, tenant: LocalTenant) -> None:
    browser = signed_in("otp")
    away = browser.client.get(browser.get("factors").context["step_up_url"])["Location"]
    back = log_in_hosted(tenant, away)
    nonce = parse_qs(urlsplit(away).query)["nonce"][0]
    now = int(tenant.clock.now())
    token = tenant.id_token(sub=browser.person.sub, nonce=nonce, auth_time=now)
    tenant.answer(TOKEN, 200, id_token=token, token_type="Bearer", times=1)
    assert outcome(browser.client.get(back)) == (503, "unavailable")
    assert browser.shown is None


def test_refused_at_auth0(signed_in: Own, tenant: LocalTenant) -> None:
    browser = signed_in("otp")
    tenant.switches.callback_fault = "access_denied"
    answer = browser.prove_now()
    assert outcome(answer) == (403, "not_signed_in")
    assert answer.context["retry_url"] == FACTORS
    assert browser.user_id


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_proof_ends_with_its_identity(
    is_elsewhere: bool, signed_in: Own, tenant: LocalTenant
) -> None:
    """Whoever has removed it, here or in another browser, changes its factors no more."""
    browser = signed_in("otp")
    browser.post("identity_add", identifier=BEN)
    browser.identifier = BEN
    browser.answer()
    ben = tenant.add_person(BEN, factors=["otp", "sms", "email"], mfa=None)
    browser.prove_now(BEN)
    browser.add("push-notification")
    calls = len(tenant.requests)
    identity = Identity.objects.get(subject=ben.sub)
    if is_elsewhere:
        identity.delete()
    else:
        browser.client.post(reverse("pwdless:identity_remove", kwargs={"pk": identity.pk}))
        assert not Identity.objects.filter(pk=identity.pk).exists()
    assert outcome(browser.remove(ben.factor("otp").id)) == (302, FACTORS)
    assert outcome(browser.post("factors_refresh")) == (302, FACTORS)
    assert outcome(browser.get("mfa_challenge"))[0] == 302
    assert browser.shown is None and len(tenant.requests) == calls


# Where it is off


@pytest.mark.parametrize(
    "keys", [{"FACTORS_PAGE": False}, {"METHODS": ["email-code"]}, {"CUSTOMIZE_MFA": False}]
)
def test_pages_are_not_there(keys: dict[str, Any], signed_in: Own, configure: Configure) -> None:
    browser = signed_in("otp")
    configure(**keys)
    for name in ("factors", "factor_add"):
        assert browser.get(name).status_code == 404
    for name in ("factors_refresh", "factors_done", "factor_add"):
        assert browser.post(name).status_code == 404
    assert browser.remove(browser.id_of("otp")).status_code == 404
    assert browser.get("universal", factors="1").status_code in (302, 404)


def test_page_off_gives_no_token(signed_in: Own, configure: Configure) -> None:
    configure(FACTORS_PAGE=False)
    away = signed_in().get("universal", factors="1")["Location"]
    assert "authenticators" not in away


@pytest.mark.parametrize("name", ["factors_refresh", "factors_done"])
def test_get_changes_nothing(name: str, proven: Own) -> None:
    browser = proven("otp")
    assert browser.get(name).status_code == 405
    assert browser.shown == ["totp"]
