from __future__ import annotations

from typing import Any

import pytest
import responses

from django_pwdless.auth0 import Auth0Client
from django_pwdless.exceptions import (
    AccessDenied,
    AuthenticatorNotFound,
    InvalidCode,
    MFAExpired,
    MFAPending,
    MFARejected,
    Unavailable,
)

from .calls import CODE, MFA_TOKEN, OOB_CODE, PHONE, RECOVERY_CODE, make, sent
from .keys import BASE_URL, CLIENT_ID, SECRET

Tenant = responses.RequestsMock
CREDENTIALS = {"client_id": CLIENT_ID, "client_secret": SECRET}
BEARER = f"Bearer {MFA_TOKEN}"
GRANT = "http://auth0.com/oauth/grant-type/mfa-"

LISTED = [
    {"id": "sms|dev_1", "authenticator_type": "oob", "active": False, "oob_channel": "sms"},
    {"id": "voice|dev_2", "authenticator_type": "oob", "active": True, "oob_channel": "voice"},
    {"id": "push|dev_3", "authenticator_type": "oob", "active": True, "oob_channel": "auth0"},
    {"id": "email|dev_4", "authenticator_type": "oob", "active": True, "oob_channel": "email"},
    {"id": "totp|dev_5", "authenticator_type": "otp", "active": True},
    {"id": "recovery-code|dev_6", "authenticator_type": "recovery-code", "active": True},
    {"id": "webauthn|dev_7", "authenticator_type": "webauthn-roaming", "active": True},
]


def test_list_sends_the_mfa_token_as_bearer(tenant: Tenant, client: Auth0Client) -> None:
    make(tenant, "list", client)
    assert sent(tenant)[1]["Authorization"] == BEARER


def test_list_holds_what_is_active(tenant: Tenant, client: Auth0Client) -> None:
    found = make(tenant, "list", client, json=LISTED)
    assert [(item.id, item.factor, item.channel) for item in found] == [
        ("voice|dev_2", "phone", "voice"),
        ("push|dev_3", "push-notification", "auth0"),
        ("email|dev_4", "email", "email"),
        ("totp|dev_5", "otp", None),
        ("recovery-code|dev_6", "recovery-code", None),
        # Enrolled, so nobody may enroll a first factor; but of a kind the API cannot do.
        ("webauthn|dev_7", "", None),
    ]


@pytest.mark.parametrize("answer", [{}, {"authenticators": []}, "none", 1, True])
def test_list_of_another_shape_is_unavailable(
    tenant: Tenant, client: Auth0Client, answer: Any
) -> None:
    with pytest.raises(Unavailable):
        make(tenant, "list", client, json=answer)


def test_challenge_names_the_authenticator(tenant: Tenant, client: Auth0Client) -> None:
    challenge = make(tenant, "challenge", client)
    body, headers = sent(tenant)
    chosen = {"mfa_token": MFA_TOKEN, "challenge_type": "oob", "authenticator_id": "sms|dev_1"}
    assert body == {**chosen, **CREDENTIALS}
    assert (headers["Content-Type"], "Authorization" in headers) == ("application/json", False)
    assert (challenge.oob_code, challenge.needs_code) == (OOB_CODE, True)


def test_challenge_by_push_needs_no_code(tenant: Tenant, client: Auth0Client) -> None:
    pushed = {"challenge_type": "oob", "oob_code": OOB_CODE}
    assert not make(tenant, "challenge", client, json=pushed).needs_code


def test_challenge_of_an_app_has_nothing_to_name(tenant: Tenant, client: Auth0Client) -> None:
    challenge = make(tenant, "challenge", client, json={"challenge_type": "otp"})
    assert (challenge.oob_code, challenge.needs_code) == (None, True)


ENROLLMENTS = {
    "enroll_app": {"authenticator_types": ["otp"]},
    "enroll_push": {"authenticator_types": ["oob"], "oob_channels": ["auth0"]},
    "enroll_phone": {
        "authenticator_types": ["oob"],
        "oob_channels": ["sms"],
        "phone_number": PHONE,
    },
}


@pytest.mark.parametrize(("call", "fields"), ENROLLMENTS.items())
def test_enroll_says_what_to_enroll(
    tenant: Tenant, client: Auth0Client, call: str, fields: dict[str, Any]
) -> None:
    make(tenant, call, client)
    body, headers = sent(tenant)
    assert body == {**fields, **CREDENTIALS}
    assert headers["Authorization"] == BEARER


def test_enroll_phone_by_voice(tenant: Tenant, client: Auth0Client) -> None:
    answer = {"authenticator_type": "oob", "oob_code": OOB_CODE, "binding_method": "prompt"}
    tenant.post(f"{BASE_URL}/mfa/associate", json=answer)
    client.mfa.enroll_phone(MFA_TOKEN, PHONE, "voice")
    assert sent(tenant)[0]["oob_channels"] == ["voice"]


VERIFICATIONS = {
    "verify_app": ("otp", {"otp": CODE}),
    "verify_oob": ("oob", {"oob_code": OOB_CODE, "binding_code": CODE}),
    "verify_recovery": ("recovery-code", {"recovery_code": RECOVERY_CODE}),
}


@pytest.mark.parametrize(
    ("call", "grant", "fields"),
    [(call, grant, fields) for call, (grant, fields) in VERIFICATIONS.items()],
)
def test_verify_sends_a_form(
    tenant: Tenant, client: Auth0Client, call: str, grant: str, fields: dict[str, str]
) -> None:
    make(tenant, call, client)
    body, headers = sent(tenant)
    assert body == {"grant_type": GRANT + grant, "mfa_token": MFA_TOKEN, **fields, **CREDENTIALS}
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in headers


def test_verify_of_a_push_sends_no_binding_code(tenant: Tenant, client: Auth0Client) -> None:
    tenant.post(f"{BASE_URL}/oauth/token", json={"id_token": "a.b.c"})
    client.mfa.verify_out_of_band(MFA_TOKEN, OOB_CODE)
    assert "binding_code" not in sent(tenant)[0]


def test_verify_recovery_code_returns_the_new_one(tenant: Tenant, client: Auth0Client) -> None:
    answer = {"id_token": "a.b.c", "recovery_code": "17EQHNZC2SZDYG7X4QXVX9SW"}
    tokens = make(tenant, "verify_recovery", client, json=answer)
    assert tokens.recovery_code == "17EQHNZC2SZDYG7X4QXVX9SW"


@pytest.mark.parametrize(
    ("verify", "meaning"),
    [
        (lambda mfa: mfa.verify_app_code(MFA_TOKEN, CODE), InvalidCode),
        (lambda mfa: mfa.verify_out_of_band(MFA_TOKEN, OOB_CODE, CODE), InvalidCode),
        (lambda mfa: mfa.verify_recovery_code(MFA_TOKEN, RECOVERY_CODE), InvalidCode),
        (lambda mfa: mfa.verify_out_of_band(MFA_TOKEN, OOB_CODE), MFARejected),
    ],
)
def test_only_a_push_is_rejected(
    tenant: Tenant, client: Auth0Client, verify: Any, meaning: type[Exception]
) -> None:
    answer = {"error": "invalid_grant", "error_description": "MFA Authorization rejected."}
    tenant.post(f"{BASE_URL}/oauth/token", status=403, json=answer)
    with pytest.raises(meaning):
        verify(client.mfa)


def test_list_holds_the_unconfirmed_too_where_asked(tenant: Tenant, client: Auth0Client) -> None:
    make(tenant, "list", client, json=LISTED)
    found = client.mfa.list_authenticators(MFA_TOKEN, with_unconfirmed=True)
    assert [(item.id, item.is_active) for item in found][:2] == [
        ("sms|dev_1", False),
        ("voice|dev_2", True),
    ]


@pytest.mark.parametrize("body", [b"<h1>Welcome</h1>", b"", b'{"a": ', b"null"])
def test_delete_answered_by_something_else(
    body: bytes, tenant: Tenant, client: Auth0Client
) -> None:
    """A proxy's page, or an answer cut short: nobody knows that it was removed."""
    with pytest.raises(Unavailable):
        make(tenant, "delete", client, status=200, body=body)


def test_delete_sends_nothing_but_the_bearer(tenant: Tenant, client: Auth0Client) -> None:
    make(tenant, "delete", client, status=204, body=b"")
    body, headers = sent(tenant)
    assert (body, headers["Authorization"]) == ({}, BEARER)


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (404, {"error": "not_found"}, AuthenticatorNotFound),
        (404, {}, AuthenticatorNotFound),
        (409, {"error": "anything"}, AccessDenied),
        (403, {"error": "access_denied"}, AccessDenied),
        (401, {"error": "invalid_token"}, MFAExpired),
        (403, {"error": "insufficient_scope"}, MFAExpired),
        (500, {}, Unavailable),
    ],
)
def test_delete_refused(
    tenant: Tenant, client: Auth0Client, status: int, answer: Any, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        make(tenant, "delete", client, status=status, json=answer)


def test_confirmation_sends_the_access_token_as_the_mfa_token(
    tenant: Tenant, client: Auth0Client
) -> None:
    make(tenant, "confirm_oob", client)
    fields = {"oob_code": OOB_CODE, "binding_code": CODE, "mfa_token": MFA_TOKEN}
    assert sent(tenant)[0] == {"grant_type": f"{GRANT}oob", **fields, **CREDENTIALS}


@pytest.mark.parametrize("name", ["confirm_app", "confirm_oob"])
def test_wrong_code_confirms_nothing(tenant: Tenant, client: Auth0Client, name: str) -> None:
    said = {"error": "access_denied", "error_description": "MFA Authorization rejected."}
    with pytest.raises(InvalidCode):
        make(tenant, name, client, status=403, json=said)


def test_push_is_confirmed_without_a_code(tenant: Tenant, client: Auth0Client) -> None:
    said = {"error": "authorization_pending"}
    tenant.post(f"{BASE_URL}/oauth/token", status=400, json=said)
    with pytest.raises(MFAPending):
        client.mfa.confirm_out_of_band(MFA_TOKEN, OOB_CODE)
