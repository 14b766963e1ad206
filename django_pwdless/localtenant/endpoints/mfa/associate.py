"""POST /mfa/associate: enroll a second factor."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.documented_errors import ASSOCIATE
from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.logins.mfa_transactions import MfaTransaction
from django_pwdless.localtenant.people.authenticators import Authenticator
from django_pwdless.localtenant.people.identifiers import is_email, is_phone_number
from django_pwdless.localtenant.steps.mfa_bearer import enrollment
from django_pwdless.localtenant.steps.mfa_sending import send_challenge

CHANNELS = {"sms": "sms", "voice": "voice", "email": "email", "auth0": "push-notification"}
ISSUER = "Local tenant"


def associate(call: Call) -> Response:
    """Begin an enrollment, which the next right answer confirms.

    With an ``mfa_token`` it is the first one; an access token adds to what there is.
    """
    if call.body_or_none is None or not call.is_json:
        raise Refusal(ASSOCIATE["invalid_request"])
    transaction = enrollment(call)
    factor = _factor(call)
    if not transaction.is_by_access_token and _has_factor(transaction):
        raise Refusal(ASSOCIATE["already_enrolled"])
    authenticator = Authenticator(
        factor,
        _target(call, transaction, factor),
        active=False,
        created_at=call.state.clock.now(),
    )
    answer = _begin(call, transaction, authenticator)
    codes = _recovery_codes(call, transaction)
    return json_response({**answer, **({"recovery_codes": codes} if codes else {})})


def _has_factor(transaction: MfaTransaction) -> bool:
    return any(each.factor not in ("recovery-code", "email") for each in transaction.active)


def _factor(call: Call) -> str:
    types, channels = call.body.get("authenticator_types"), call.body.get("oob_channels")
    if not isinstance(types, list) or not types or types[0] not in ("otp", "oob"):
        raise Refusal(ASSOCIATE["unsupported_authenticator_type"])
    if types[0] == "otp":
        factor = "otp"
    elif isinstance(channels, list) and channels and str(channels[0]) in CHANNELS:
        factor = CHANNELS[str(channels[0])]
    else:
        raise Refusal(ASSOCIATE["invalid_request"])
    if factor in call.state.switches.disabled_factors.split():
        raise Refusal(ASSOCIATE["unsupported_authenticator_type"])
    return factor


def _target(call: Call, transaction: MfaTransaction, factor: str) -> str | None:
    if factor in ("sms", "voice"):
        number = call.body.get("phone_number")
        if not is_phone_number(number):
            raise Refusal(ASSOCIATE["phone_number_is_invalid"])
        return str(number)
    if factor == "email":
        address = call.body.get("email", transaction.login.person.email)
        if not is_email(address):
            raise Refusal(ASSOCIATE["invalid_email"])
        return str(address).lower()
    return "Demo phone" if factor == "push-notification" else None


def _begin(call: Call, transaction: MfaTransaction, new: Authenticator) -> dict[str, Any]:
    sent = send_challenge(call, transaction, new, is_enrollment=True) if new.is_oob else None
    person = transaction.login.person
    person.factors = [f for f in person.factors if f.active or f.factor != new.factor] + [new]
    transaction.enrolling = [f for f in transaction.enrolling if f.factor != new.factor] + [new]
    answer: dict[str, Any] = {"authenticator_type": new.kind.authenticator_type}
    if sent is None:
        return {**answer, "secret": new.secret, "barcode_uri": _totp_uri(person.identifier, new)}
    answer.update(oob_channel=new.kind.channel, oob_code=sent.oob_code)
    if sent.binding_code is not None:
        return {**answer, "binding_method": "prompt"}
    return {**answer, "barcode_uri": _push_uri(call, person.identifier, sent.number)}


def _totp_uri(name: str, new: Authenticator) -> str:
    query = {"secret": new.secret, "issuer": ISSUER, "algorithm": "SHA1", "digits": 6, "period": 30}
    label = quote(f"{ISSUER}:{name}", safe=":", errors="replace")
    return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"


def _push_uri(call: Call, name: str, number: int) -> str:
    query = urlencode({"enrollment_tx_id": number, "base_url": call.state.base_url})
    return f"otpauth://totp/{quote(f'{ISSUER}:{name}', safe=':', errors='replace')}?{query}"


def _recovery_codes(call: Call, transaction: MfaTransaction) -> list[str]:
    person = transaction.login.person
    has_one = any(f.factor == "recovery-code" and f.active for f in person.factors)
    if has_one or not call.state.switches.recovery_codes:
        return []
    kept = [f for f in transaction.enrolling if f.factor == "recovery-code"]
    code = kept[0] if kept else Authenticator("recovery-code", active=False)
    if not kept:
        person.factors.append(code)
        transaction.enrolling.append(code)
    return [code.secret or ""]


ENDPOINTS: dict[str, View] = {"POST /mfa/associate": associate}
