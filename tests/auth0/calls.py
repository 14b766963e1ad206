"""Every call of the client, once, with arguments that must never show up in a text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import pytest
import responses

from django_pwdless.auth0 import Auth0Client
from django_pwdless.exceptions import Auth0Error

from .keys import BASE_URL

EMAIL = "somebody@example.com"
PHONE = "+15005550006"
CODE = "314159"
MFA_TOKEN = "Fe26.2*mfa-token"
OOB_CODE = "Fe26.2*oob-code"
RECOVERY_CODE = "N3BGRECOVERYCODE"
REFRESH_TOKEN = "v1.refresh-token"
AUTHORIZATION_CODE = "authorization-code"
VERIFIER = "the-verifier"
CALLBACK = "https://site.example/callback/"
CONFIDENTIAL = (
    *(EMAIL, PHONE, CODE, MFA_TOKEN, OOB_CODE, RECOVERY_CODE),
    *(AUTHORIZATION_CODE, VERIFIER, REFRESH_TOKEN),
)


@dataclass(frozen=True)
class Call:
    """A call, where it goes, and the least that answers it well."""

    path: str
    ask: Callable[[Auth0Client], Any]
    success: Any
    method: str = "POST"


TOKENS = {"id_token": "a.b.c"}
ACCESS = {"access_token": "a"}
CHALLENGE = {"challenge_type": "oob", "oob_code": OOB_CODE, "binding_method": "prompt"}
APP = {"authenticator_type": "otp", "secret": "HJ6XSECRET", "barcode_uri": "otpauth://totp/T:u"}
OUT_OF_BAND = {"authenticator_type": "oob", "oob_code": OOB_CODE, "binding_method": "prompt"}

CALLS: Mapping[str, Call] = {
    "start": Call("/passwordless/start", lambda c: c.passwordless.start("email", EMAIL), {}),
    "exchange_otp": Call(
        "/oauth/token",
        lambda c: c.passwordless.exchange_code("email", EMAIL, CODE, scope="openid"),
        TOKENS,
    ),
    "exchange_code": Call(
        "/oauth/token",
        lambda c: c.authorize.exchange_code(
            AUTHORIZATION_CODE, redirect_uri=CALLBACK, verifier=VERIFIER
        ),
        TOKENS,
    ),
    "list": Call(
        "/mfa/authenticators", lambda c: c.mfa.list_authenticators(MFA_TOKEN), [], method="GET"
    ),
    "delete": Call(
        "/mfa/authenticators/sms%7Cdev_1",
        lambda c: c.mfa.delete_authenticator(MFA_TOKEN, "sms|dev_1"),
        {},
        method="DELETE",
    ),
    "confirm_app": Call("/oauth/token", lambda c: c.mfa.confirm_app(MFA_TOKEN, CODE), ACCESS),
    "confirm_oob": Call(
        "/oauth/token", lambda c: c.mfa.confirm_out_of_band(MFA_TOKEN, OOB_CODE, CODE), ACCESS
    ),
    "challenge": Call(
        "/mfa/challenge", lambda c: c.mfa.challenge(MFA_TOKEN, "sms|dev_1"), CHALLENGE
    ),
    "enroll_app": Call("/mfa/associate", lambda c: c.mfa.enroll_app(MFA_TOKEN), APP),
    "enroll_push": Call("/mfa/associate", lambda c: c.mfa.enroll_push(MFA_TOKEN), OUT_OF_BAND),
    "enroll_phone": Call(
        "/mfa/associate", lambda c: c.mfa.enroll_phone(MFA_TOKEN, PHONE, "sms"), OUT_OF_BAND
    ),
    "verify_app": Call("/oauth/token", lambda c: c.mfa.verify_app_code(MFA_TOKEN, CODE), TOKENS),
    "verify_oob": Call(
        "/oauth/token", lambda c: c.mfa.verify_out_of_band(MFA_TOKEN, OOB_CODE, CODE), TOKENS
    ),
    "verify_recovery": Call(
        "/oauth/token", lambda c: c.mfa.verify_recovery_code(MFA_TOKEN, RECOVERY_CODE), TOKENS
    ),
    "refresh": Call("/oauth/token", lambda c: c.refresh_tokens.refresh(REFRESH_TOKEN), ACCESS),
    "revoke": Call("/oauth/revoke", lambda c: c.refresh_tokens.revoke(REFRESH_TOKEN), {}),
}


def make(tenant: responses.RequestsMock, name: str, client: Auth0Client, **answer: Any) -> Any:
    """Make a call that Auth0 answers like this: by success unless told otherwise."""
    call = CALLS[name]
    if "body" not in answer:
        answer.setdefault("json", call.success)
    tenant.upsert(call.method, BASE_URL + call.path, **answer)
    return call.ask(client)


def error_of(
    tenant: responses.RequestsMock, name: str, client: Auth0Client, **answer: Any
) -> Auth0Error:
    """The exception that a call ends in."""
    with pytest.raises(Auth0Error) as caught:
        make(tenant, name, client, **answer)
    return caught.value


def sent(tenant: responses.RequestsMock) -> tuple[Any, Mapping[str, str]]:
    """Body and headers of the last request; the fields of a form are as plain as those of JSON."""
    request = tenant.calls[-1].request
    body = request.body.decode() if isinstance(request.body, bytes) else request.body or "{}"
    is_form = request.headers.get("Content-Type") == "application/x-www-form-urlencoded"
    pairs = parse_qsl(body, keep_blank_values=True, strict_parsing=True) if is_form else None
    return (json.loads(body) if pairs is None else dict(pairs)), request.headers


def texts_of(error: BaseException | None) -> str:
    """What an exception and all that led to it say, whether a traceback shows them or not."""
    texts = []
    while error is not None:
        texts.append(f"{error} {error!r}")
        error = error.__cause__ or error.__context__
    return " ".join(texts)
