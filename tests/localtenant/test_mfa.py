"""Second factors: reference section 5, with its awkward parts."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest

from django_pwdless.localtenant.authenticators import masked
from django_pwdless.localtenant.clients import MFA_GRANT
from django_pwdless.localtenant.rows import ASSOCIATE, AUTHENTICATORS, CHALLENGE
from django_pwdless.localtenant.totp import code_of, step_at

from .site import ANN, NUMBER, refusal, wrong

ALL = ["otp", "sms", "voice", "email", "push-notification", "recovery-code"]
MALFORMED = (403, "invalid_grant", "Malformed mfa_token")
EXPIRED = (401, "expired_token", "mfa_token is expired")
PENDING = (
    400,
    "authorization_pending",
    "Authorization pending: please repeat the request in a few seconds.",
)


class Second:
    """The second step of one login."""

    def __init__(self, site, body):
        self.site = site
        self.body = body
        self.token = body["mfa_token"]

    def list(self):
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.site.get("/mfa/authenticators", headers=headers)

    def id_of(self, factor):
        prefix = {"otp": "totp", "push-notification": "push"}.get(factor, factor)
        return next(a["id"] for a in self.list().json() if a["id"].startswith(f"{prefix}|"))

    def challenge(self, factor=None, **fields):
        body = {"mfa_token": self.token, **self.site.credentials, **fields}
        if factor:
            body["authenticator_id"] = self.id_of(factor)
        return self.site.call("POST", "/mfa/challenge", json=body)

    def associate(self, *types, **fields):
        headers = {"Authorization": f"Bearer {self.token}"}
        body = {"authenticator_types": list(types), **fields}
        return self.site.call("POST", "/mfa/associate", json=body, headers=headers)

    def grant(self, kind, **fields):
        return self.site.token(
            **{"grant_type": MFA_GRANT + kind, "mfa_token": self.token, **fields}
        )

    def sent(self):
        return self.site.tenant.inbox.latest()


@pytest.fixture
def begin(site, tenant):
    """Return a function that adds a person, proves the address and returns the second step."""

    def first_factor(*factors, **more):
        person = tenant.add_person(ANN, phone_number=NUMBER, factors=factors, **more)
        answer = site.exchange(site.code())
        assert answer.status_code in (401, 403), answer.text
        assert answer.json()["error"] == "mfa_required"
        return Second(site, answer.json()), person

    return first_factor


def claims(site, answer):
    assert answer.status_code == 200, answer.text
    return site.claims(answer.json()["id_token"])


def types_of(body, key="challenge"):
    return [entry["type"] for entry in body["mfa_requirements"][key]]


def test_nobody_is_asked_without_factors(site):
    assert site.sign_in()


def test_mfa_required(begin):
    second, _ = begin("otp", "sms", "voice", "recovery-code")
    assert second.token.startswith("Fe26.2*") and 500 < len(second.token) < 2000
    assert second.body["error_description"] == "Multifactor authentication required"
    assert types_of(second.body) == ["otp", "phone", "recovery-code"]


def test_mfa_required_status(begin, tenant, site):
    tenant.switches.mfa_required_status = 401
    begin("otp")
    assert site.exchange(site.code()).status_code == 401


@pytest.mark.parametrize(
    ("mfa", "expected"),
    [
        ("absent", ...),
        ("enroll", {"enroll": [{"type": t} for t in ("otp", "phone", "push-notification")]}),
        ("empty", {"challenge": []}),
        ("null", {"challenge": None, "enroll": None}),
        ("unknown", {"challenge": [{"type": "carrier-pigeon"}]}),
        ("challenge_types", {"challenge_types": ["otp", "oob"]}),
        ({"challenge": "otp"}, {"challenge": "otp"}),
    ],
)
def test_shapes_of_requirements(begin, mfa, expected):
    second, _ = begin("otp", mfa=mfa)
    assert second.body.get("mfa_requirements", ...) == expected


def test_unknown_shape(tenant):
    with pytest.raises(ValueError, match="no mfa 'odd'"):
        tenant.add_person(ANN, mfa="odd")
    with pytest.raises(ValueError, match="no factor 'odd'"):
        tenant.add_person(ANN, factors=["odd"])


def test_list(begin):
    second, _ = begin(*ALL)
    found = {entry["type"]: entry for entry in second.list().json() if entry["type"] != "phone"}
    assert found["otp"]["authenticator_type"] == "otp" and "name" not in found["otp"]
    assert found["email"]["oob_channel"] == "email" and found["email"]["name"] == "****@exam*******"
    assert found["push-notification"]["oob_channel"] == "auth0"
    assert found["recovery-code"]["id"].startswith("recovery-code|dev_")
    phones = [entry for entry in second.list().json() if entry["type"] == "phone"]
    assert [entry["oob_channel"] for entry in phones] == ["sms", "voice"]
    assert phones[0]["name"] == "X" * (len(NUMBER) - 4) + NUMBER[-4:]
    assert all(entry["active"] for entry in phones)


def test_list_without_type(begin, tenant):
    tenant.switches.authenticators_have_type = False
    second, _ = begin(*ALL)
    assert not any("type" in entry for entry in second.list().json())


def test_list_with_oob_channels(begin, tenant):
    tenant.switches.oob_channels_as_list = True
    second, _ = begin("sms")
    (entry,) = second.list().json()
    assert entry["oob_channels"] == ["sms"] and "oob_channel" not in entry


def test_list_inactive(begin):
    second, _ = begin("otp", {"factor": "sms", "active": False})
    assert [entry["active"] for entry in second.list().json()] == [True, False]


def test_list_strange_entry(begin):
    second, _ = begin("otp", {"factor": "otp", "wire": {"id": None}})
    assert {"id": None} in second.list().json()


def test_list_empty(begin):
    second, _ = begin(mfa="enroll")
    assert second.list().json() == []


@pytest.mark.parametrize("header", [None, "Bearer x", "Basic x"])
def test_list_invalid_token(site, header):
    headers = {"Authorization": header} if header else {}
    answer = site.get("/mfa/authenticators", headers=headers)
    assert refusal(answer) == (401, "invalid_token", "Invalid MFA token")


def test_expired(begin, tenant):
    second, _ = begin("otp", "sms")
    tenant.clock.advance(601)
    assert refusal(second.list()) == EXPIRED
    assert refusal(second.challenge()) == EXPIRED
    assert refusal(second.associate("otp")) == EXPIRED
    assert refusal(second.grant("otp", otp="123456")) == EXPIRED


def test_lifetime(begin, tenant):
    second, person = begin("otp")
    tenant.clock.advance(590)
    assert second.grant("otp", otp=tenant.totp(person)).status_code == 200


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/mfa/authenticators", AUTHENTICATORS),
        ("/mfa/challenge", CHALLENGE),
        ("/mfa/associate", ASSOCIATE),
    ],
)
def test_rows(begin, tenant, path, rows):
    second, _ = begin("otp")
    calls = {
        "/mfa/authenticators": second.list,
        "/mfa/challenge": second.challenge,
        "/mfa/associate": second.associate,
    }
    for name, row in rows.items():
        tenant.fail(path, name, times=1)
        assert refusal(calls[path]()) == (row.status, row.error, row.description or "")


def test_otp(begin, tenant, site):
    second, person = begin("otp")
    assert second.challenge("otp").json() == {"challenge_type": "otp"}
    found = claims(site, second.grant("otp", otp=tenant.totp(person)))
    assert found["email"] == ANN
    assert "amr" not in found


def test_otp_wrong(begin, tenant):
    second, person = begin("otp")
    answer = second.grant("otp", otp=wrong(tenant.totp(person)))
    assert refusal(answer) == (403, "invalid_grant", "Invalid otp_code.")


def test_otp_works_once(begin, tenant, site):
    second, person = begin("otp")
    code = tenant.totp(person)
    assert second.grant("otp", otp=code).status_code == 200
    again = Second(site, site.exchange(site.code()).json())
    assert refusal(again.grant("otp", otp=code))[2] == "Invalid otp_code."
    tenant.clock.advance(30)
    assert again.grant("otp", otp=tenant.totp(person)).status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(-90, 403), (-30, 200), (30, 200), (90, 403)])
def test_otp_window(begin, tenant, seconds, status):
    second, person = begin("otp")
    code = code_of(person.factor("otp").secret, step_at(tenant.clock.now() + seconds))
    assert second.grant("otp", otp=code).status_code == status


def test_otp_failures_are_limited(begin, tenant):
    second, person = begin("otp")
    code = tenant.totp(person)
    statuses = [second.grant("otp", otp=wrong(code)).status_code for _ in range(10)]
    assert set(statuses) == {403}
    assert refusal(second.grant("otp", otp=code))[:2] == (429, "too_many_attempts")
    tenant.switches.mfa_limits = False
    assert second.grant("otp", otp=code).status_code == 200


def test_totp_vectors():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    vectors = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    assert {t: code_of(secret, step_at(t)) for t in vectors} == vectors


@pytest.mark.parametrize(
    ("factor", "connection", "send"),
    [("sms", "sms", "code"), ("voice", "voice", "call"), ("email", "email", "code")],
)
def test_oob(begin, site, factor, connection, send):
    second, _ = begin(factor)
    body = second.challenge(factor, challenge_type="oob").json()
    assert (body["challenge_type"], body["binding_method"]) == ("oob", "prompt")
    sent = second.sent()
    assert (sent.connection, sent.send, sent.purpose) == (connection, send, "mfa")
    assert sent.to == (ANN if factor == "email" else NUMBER)
    answer = second.grant("oob", oob_code=body["oob_code"], binding_code=sent.code)
    assert claims(site, answer)["email"] == ANN


def test_oob_wrong(begin):
    second, _ = begin("sms")
    code = second.challenge("sms").json()["oob_code"]
    answer = second.grant("oob", oob_code=code, binding_code=wrong(second.sent().code))
    assert refusal(answer) == (403, "invalid_grant", "Invalid binding_code.")
    good = second.grant("oob", oob_code=code, binding_code=second.sent().code)
    assert good.status_code == 200


def test_oob_expires_before_the_token(begin, tenant):
    second, _ = begin("sms")
    code = second.challenge("sms").json()["oob_code"]
    tenant.clock.advance(301)
    answer = second.grant("oob", oob_code=code, binding_code=second.sent().code)
    assert refusal(answer)[2] == "Invalid binding_code."


def test_oob_code_of_another_factor(begin):
    second, _ = begin("sms", "email")
    oob_code = second.challenge("sms").json()["oob_code"]
    sms = second.sent().code
    second.challenge("email")
    assert second.sent().connection == "email"
    if second.sent().code != sms:
        answer = second.grant("oob", oob_code=oob_code, binding_code=second.sent().code)
        assert refusal(answer)[2] == "Invalid binding_code."
    assert second.grant("oob", oob_code=oob_code, binding_code=sms).status_code == 200


def test_oob_newest_only(begin):
    second, _ = begin("sms")
    old = second.challenge("sms").json()["oob_code"]
    second.challenge("sms")
    answer = second.grant("oob", oob_code=old, binding_code=second.sent().code)
    assert refusal(answer) == (403, "invalid_grant", "Malformed oob_code")


def test_oob_of_another_login(begin, site):
    second, _ = begin("sms")
    code = second.challenge("sms").json()["oob_code"]
    other = Second(site, site.exchange(site.code()).json())
    sent = site.tenant.inbox.messages(NUMBER)[-1].code
    assert refusal(other.grant("oob", oob_code=code, binding_code=sent))[2] == "Malformed oob_code"


def test_oob_exchanges_are_limited(begin):
    second, _ = begin("sms")
    code = second.challenge("sms").json()["oob_code"]
    for _ in range(12):
        assert second.grant("oob", oob_code=code, binding_code="x").status_code == 403
    answer = second.grant("oob", oob_code=code, binding_code="x")
    assert refusal(answer)[:2] == (429, "too_many_requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_messages_are_limited(begin):
    second, _ = begin("sms", "voice")
    assert {second.challenge("sms").status_code for _ in range(10)} == {200}
    assert refusal(second.challenge("voice"))[:2] == (429, "too_many_requests")


def test_delivery_error(begin, tenant):
    second, _ = begin("sms")
    tenant.switches.mfa_delivery_error = "error_sending_sms"
    assert refusal(second.challenge("sms"))[:2] == (400, "error_sending_sms")


def test_push(begin, tenant, site):
    second, _ = begin("push-notification")
    body = second.challenge("push-notification").json()
    assert body.keys() == {"challenge_type", "oob_code"}
    assert second.sent().send == "push"
    assert refusal(second.grant("oob", oob_code=body["oob_code"])) == PENDING
    tenant.approve_push()
    assert claims(site, second.grant("oob", oob_code=body["oob_code"]))["email"] == ANN


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("push_denied", (400, "access_denied")),
        ("push_denied_as_invalid_grant", (403, "invalid_grant")),
    ],
)
def test_push_denied(begin, tenant, form, expected):
    tenant.switches.push_denial = form
    second, _ = begin("push-notification")
    code = second.challenge("push-notification").json()["oob_code"]
    tenant.deny_push()
    for _ in range(2):
        answer = refusal(second.grant("oob", oob_code=code))
        assert answer == (*expected, "MFA Authorization rejected.")


def test_push_answered_by_itself(begin, tenant):
    tenant.switches.push_pending, tenant.switches.push_answer = 2, "approve"
    second, _ = begin("push-notification")
    code = second.challenge("push-notification").json()["oob_code"]
    polls = [second.grant("oob", oob_code=code).status_code for _ in range(3)]
    assert polls == [400, 400, 200]


def test_push_polled_too_fast(begin, tenant):
    second, _ = begin("push-notification")
    code = second.challenge("push-notification").json()["oob_code"]
    for _ in range(12):
        assert refusal(second.grant("oob", oob_code=code)) == PENDING
    assert refusal(second.grant("oob", oob_code=code))[:2] == (400, "slow_down")
    tenant.clock.advance(61)
    assert refusal(second.grant("oob", oob_code=code)) == PENDING


def test_push_expired(begin, tenant):
    second, _ = begin("push-notification")
    code = second.challenge("push-notification").json()["oob_code"]
    tenant.clock.advance(301)
    assert refusal(second.grant("oob", oob_code=code))[:2] == (403, "invalid_grant")
    with pytest.raises(LookupError):
        tenant.approve_push()


def test_push_over_http(begin, site):
    second, _ = begin("push-notification")
    code = second.challenge("push-notification").json()["oob_code"]
    (push,) = site.get("/_tenant/push").json()["pushes"]
    assert push["to"] == ANN
    body = {"number": push["number"], "answer": "approved"}
    assert site.call("POST", "/_tenant/push", json=body).json()["answer"] == "approved"
    assert second.grant("oob", oob_code=code).status_code == 200
    assert site.call("POST", "/_tenant/push", json=body).status_code == 400


def test_recovery_code(begin, site):
    second, person = begin("otp", "recovery-code")
    old = person.recovery_code
    assert len(old) == 24 and old.isalnum() and old.upper() == old
    answer = second.grant("recovery-code", recovery_code=old)
    assert claims(site, answer)
    assert answer.json()["recovery_code"] == person.recovery_code != old
    again = Second(site, site.exchange(site.code()).json())
    expected = (403, "invalid_grant", "MFA Authorization rejected.")
    assert refusal(again.grant("recovery-code", recovery_code=old)) == expected


def test_recovery_code_failures_are_limited(begin):
    second, person = begin("recovery-code")
    for _ in range(10):
        assert second.grant("recovery-code", recovery_code="x").status_code == 403
    answer = second.grant("recovery-code", recovery_code=person.recovery_code)
    assert refusal(answer)[:2] == (429, "too_many_attempts")


def test_chained(begin, tenant, site):
    second, person = begin("otp", "sms", mfa_steps=2)
    answer = second.grant("otp", otp=tenant.totp(person))
    assert refusal(answer)[:2] == (403, "mfa_required")
    third = Second(site, answer.json())
    assert third.token != second.token
    assert types_of(third.body) == ["phone"]
    assert refusal(second.challenge()) == MALFORMED
    tenant.clock.advance(30)
    assert third.grant("otp", otp=tenant.totp(person)).status_code == 403
    code = third.challenge().json()["oob_code"]
    good = third.grant("oob", oob_code=code, binding_code=third.sent().code)
    assert good.status_code == 200


def test_token_is_spent(begin, tenant):
    second, person = begin("otp")
    assert second.grant("otp", otp=tenant.totp(person)).status_code == 200
    assert refusal(second.grant("otp", otp=tenant.totp(person))) == MALFORMED


def test_token_is_bound_to_the_client(begin, tenant):
    second, person = begin("otp")
    other = tenant.add_client()
    credentials = {"client_id": other.client_id, "client_secret": other.secret}
    answer = second.grant("otp", otp=tenant.totp(person), **credentials)
    assert refusal(answer) == MALFORMED


def test_scope_and_audience_of_the_first_step(tenant, site):
    person = tenant.add_person(ANN, factors=["otp"])
    first = site.exchange(site.code(), scope="openid", audience="https://api.example/")
    body = Second(site, first.json()).grant("otp", otp=tenant.totp(person)).json()
    assert body["scope"] == "openid" and body["access_token"].count(".") == 2
    assert "email" not in site.claims(body["id_token"])


@pytest.mark.parametrize("kind", ["otp", "oob", "recovery-code"])
def test_grant_switched_off(begin, tenant, kind):
    second, _ = begin("otp")
    tenant.client.grants.discard(MFA_GRANT + kind)
    assert refusal(second.grant(kind))[:2] == (403, "unauthorized_client")


@pytest.mark.parametrize(
    ("kind", "name"), [("otp", "otp"), ("oob", "oob_code"), ("recovery-code", "recovery_code")]
)
def test_missing_parameter(begin, kind, name):
    second, _ = begin("otp")
    expected = f"Missing required parameter: {name}"
    assert refusal(second.grant(kind)) == (400, "invalid_request", expected)
    assert refusal(second.grant(kind, mfa_token=...))[1] == "invalid_request"


def test_challenge_without_client_authentication(begin):
    second, _ = begin("otp")
    assert refusal(second.challenge(client_secret="x"))[:2] == (401, "invalid_client")
    assert refusal(second.challenge(client_secret=None))[:2] == (401, "invalid_client")


@pytest.mark.parametrize("token", ["", "x", 5, None])
def test_challenge_strange_token(site, token):
    body = {**site.credentials, "mfa_token": token}
    answer = site.call("POST", "/mfa/challenge", json=body)
    assert answer.status_code in (400, 403)


def test_challenge_picks_the_first_of_the_types(begin):
    second, _ = begin("otp", "email")
    assert second.challenge(challenge_type="oob").json()["challenge_type"] == "oob"
    assert second.challenge(challenge_type="oob otp").json() == {"challenge_type": "otp"}
    assert second.challenge().json() == {"challenge_type": "otp"}


@pytest.mark.parametrize("asked", ["oob", "pigeon"])
def test_challenge_unsupported_type(begin, asked):
    second, _ = begin("otp")
    answer = second.challenge(challenge_type=asked)
    assert refusal(answer)[:2] == (400, "unsupported_challenge_type")


def test_challenge_recovery_code(begin):
    second, _ = begin("otp", "recovery-code")
    assert refusal(second.challenge("recovery-code"))[1] == "unsupported_challenge_type"


def test_challenge_only_what_the_api_can_do(begin):
    second, _ = begin("webauthn-roaming")
    assert types_of(second.body) == ["webauthn-roaming"]
    assert refusal(second.challenge())[1] == "association_required"


def test_challenge_association_required(begin):
    second, _ = begin(mfa="enroll")
    assert refusal(second.challenge())[:2] == (400, "association_required")


def test_challenge_authenticator_that_is_gone(begin):
    second, person = begin("sms", "otp")
    gone = second.id_of("sms")
    person.factors.pop(0)
    answer = second.challenge(authenticator_id=gone)
    assert refusal(answer)[:2] == (404, "authenticator_not_found")


def test_challenge_form(begin, site):
    second, _ = begin("otp")
    answer = site.call("POST", "/mfa/challenge", data={"mfa_token": second.token})
    assert refusal(answer)[:2] == (400, "invalid_request")


def test_enroll_otp(begin, tenant, site):
    second, person = begin(mfa="enroll")
    body = second.associate("otp").json()
    assert body["authenticator_type"] == "otp"
    uri = urlsplit(body["barcode_uri"])
    query = {name: value for name, (value,) in parse_qs(uri.query).items()}
    assert (uri.scheme, uri.netloc, uri.path) == (
        "otpauth",
        "totp",
        f"/Local%20tenant:{ANN}".replace("@", "%40"),
    )
    assert query == {
        "secret": body["secret"],
        "issuer": "Local tenant",
        "algorithm": "SHA1",
        "digits": "6",
        "period": "30",
    }
    assert [entry["active"] for entry in second.list().json()] == [False, False]
    code = code_of(body["secret"], step_at(tenant.clock.now()))
    assert claims(site, second.grant("otp", otp=code))
    assert [factor.active for factor in person.factors] == [True, True]
    assert [person.recovery_code] == body["recovery_codes"]
    again = Second(site, site.exchange(site.code()).json())
    assert types_of(again.body) == ["otp", "recovery-code"]


@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_enroll_phone(begin, site, channel):
    second, person = begin(mfa="enroll")
    body = second.associate("oob", oob_channels=[channel], phone_number="+12025550177").json()
    assert (body["oob_channel"], body["binding_method"]) == (channel, "prompt")
    sent = second.sent()
    assert (sent.to, sent.send) == ("+12025550177", "call" if channel == "voice" else "code")
    answer = second.grant("oob", oob_code=body["oob_code"], binding_code=sent.code)
    assert claims(site, answer)
    assert {f.factor for f in person.factors if f.active} == {"sms", "voice", "recovery-code"}


def test_enroll_phone_without_its_twin(begin, tenant):
    tenant.switches.paired_factors = tenant.switches.recovery_codes = False
    second, person = begin(mfa="enroll")
    body = second.associate("oob", oob_channels=["sms"], phone_number=NUMBER).json()
    assert "recovery_codes" not in body
    second.grant("oob", oob_code=body["oob_code"], binding_code=second.sent().code)
    assert [factor.factor for factor in person.factors] == ["sms"]


def test_enroll_email(begin):
    second, _ = begin(mfa="enroll")
    body = second.associate("oob", oob_channels=["email"]).json()
    assert second.sent().to == ANN
    answer = second.grant("oob", oob_code=body["oob_code"], binding_code=second.sent().code)
    assert answer.status_code == 200


def test_enroll_push(begin, tenant):
    second, person = begin(mfa="enroll")
    body = second.associate("oob", oob_channels=["auth0"]).json()
    assert body["barcode_uri"].startswith("otpauth://totp/") and "binding_method" not in body
    assert "enrollment_tx_id" in body["barcode_uri"]
    assert refusal(second.grant("oob", oob_code=body["oob_code"])) == PENDING
    tenant.approve_push()
    assert second.grant("oob", oob_code=body["oob_code"]).status_code == 200
    assert {f.factor for f in person.factors} == {"push-notification", "otp", "recovery-code"}


def test_enroll_twice_before_confirming(begin, tenant):
    second, person = begin(mfa="enroll")
    first, again = (second.associate("otp").json() for _ in range(2))
    assert first["secret"] != again["secret"]
    assert first["recovery_codes"] == again["recovery_codes"]
    code = code_of(again["secret"], step_at(tenant.clock.now()))
    assert second.grant("otp", otp=code).status_code == 200
    assert len([factor for factor in person.factors if factor.factor == "otp"]) == 1


def test_enroll_another_is_refused(begin):
    second, _ = begin("otp")
    answer = second.associate("oob", oob_channels=["sms"], phone_number=NUMBER)
    assert refusal(answer) == (403, "access_denied", "User is already enrolled.")


def test_enroll_disabled_factor(begin, tenant):
    tenant.switches.disabled_factors = "sms voice"
    second, _ = begin(mfa="enroll")
    answer = second.associate("oob", oob_channels=["sms"], phone_number=NUMBER)
    assert refusal(answer)[:2] == (400, "unsupported_authenticator_type")


@pytest.mark.parametrize(
    ("types", "fields", "error"),
    [
        ([], {}, "unsupported_authenticator_type"),
        (["pigeon"], {}, "unsupported_authenticator_type"),
        (["oob"], {}, "invalid_request"),
        (["oob"], {"oob_channels": ["pigeon"]}, "invalid_request"),
        (["oob"], {"oob_channels": "sms"}, "invalid_request"),
        (["oob"], {"oob_channels": ["sms"]}, "invalid_phone_number"),
        (["oob"], {"oob_channels": ["sms"], "phone_number": "0151"}, "invalid_phone_number"),
        (["oob"], {"oob_channels": ["email"], "email": "x"}, "invalid_request"),
    ],
)
def test_enroll_bad_request(begin, types, fields, error):
    second, _ = begin(mfa="enroll")
    assert refusal(second.associate(*types, **fields))[:2] == (400, error)


def test_enroll_invalid_token(site):
    headers = {"Authorization": "Bearer x"}
    answer = site.call("POST", "/mfa/associate", json={}, headers=headers)
    assert refusal(answer)[:2] == (401, "invalid_token")


def mfa_access_token(site, scope):
    audience = f"{site.tenant.issuer}mfa/"
    return site.exchange(site.code(), audience=audience, scope=scope).json()["access_token"]


def test_list_and_delete_by_access_token(site, tenant):
    person = tenant.add_person(ANN, factors=["sms", "voice", "otp"], mfa=None)
    token = mfa_access_token(site, "openid read:authenticators remove:authenticators")
    headers = {"Authorization": f"Bearer {token}"}
    entries = site.get("/mfa/authenticators", headers=headers).json()
    place = f"/mfa/authenticators/{entries[0]['id'].replace('|', '%7C')}"
    answer = site.call("DELETE", place, headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert [factor.factor for factor in person.factors] == ["otp"]
    assert site.call("DELETE", place, headers=headers).status_code == 404


def test_delete_needs_its_scope(site, tenant):
    tenant.add_person(ANN, factors=["otp"], mfa=None)
    headers = {"Authorization": f"Bearer {mfa_access_token(site, 'read:authenticators')}"}
    answer = site.call("DELETE", "/mfa/authenticators/x", headers=headers)
    assert refusal(answer)[1] == "insufficient_scope"


def test_link_meets_mfa_at_the_exchange(site, tenant):
    person = tenant.add_person(ANN, factors=["otp"])
    uri = "http://testserver/cb"
    params = {"redirect_uri": uri, "response_type": "code", "scope": "openid"}

    def follow():
        site.start(send="link", authParams=params)
        link = tenant.inbox.latest(ANN).link.removeprefix(tenant.base_url)
        location = site.get(link).headers["Location"]
        code = parse_qs(urlsplit(location).query)["code"][0]
        return site.token(grant_type="authorization_code", code=code, redirect_uri=uri)

    second = Second(site, follow().json())
    assert second.grant("otp", otp=tenant.totp(person)).status_code == 200
    tenant.switches.mfa_for_links = False
    assert follow().status_code == 200


def test_mfa_messages_in_the_inbox(begin, site):
    second, _ = begin("sms", "voice", "email", "push-notification", "otp")
    for factor in ("sms", "voice", "email", "push-notification"):
        second.challenge(factor)
    html = site.get("/").text
    assert "A voice says" in html and "Your second code" in html
    assert "Is it you who is signing in?" in html and "Authenticator</h3>" in html


def test_push_enrollment_in_the_inbox(begin, site):
    second, _ = begin(mfa="enroll")
    second.associate("oob", oob_channels=["auth0"])
    assert "Scan it?" in site.get("/").text


def test_code_of_a_second_factor_used_in_the_inbox(begin, site):
    second, _ = begin("email")
    code = second.challenge("email").json()["oob_code"]
    assert ">newest<" in site.get("/").text
    second.grant("oob", oob_code=code, binding_code=second.sent().code)
    assert ">newest<" not in site.get("/").text


def test_masked():
    assert masked("+12025550123") == "XXXXXXXX0123"
    assert masked("a@b.co") == "****@b.co"
    assert masked("A phone") == "A phone"


def test_clock_drives_the_authenticator_app(begin, tenant):
    _, person = begin("otp")
    before = tenant.totp(person)
    tenant.clock.advance(3600)
    assert tenant.totp(person) == code_of(person.factor("otp").secret, step_at(time.time() + 3600))
    assert before is not None
