"""POST /mfa/challenge: ask an authenticator to prove itself."""

from __future__ import annotations

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.documented_errors import CHALLENGE
from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.logins.mfa_transactions import MfaTransaction
from django_pwdless.localtenant.people.authenticators import Authenticator
from django_pwdless.localtenant.steps.mfa_sending import send_challenge

TYPES = ("otp", "oob")


def challenge(call: Call) -> Response:
    """Challenge the authenticator that is named, or the first of a type that was asked for."""
    if call.body_or_none is None or not call.is_json:
        raise Refusal(CHALLENGE["invalid_request"])
    client = call.token_client()
    transaction = call.state.mfa.find(call.require("mfa_token"), client)
    authenticator = _chosen(call, transaction)
    if authenticator.factor == "otp":
        return json_response({"challenge_type": "otp"})
    sent = send_challenge(call, transaction, authenticator)
    answer = {"challenge_type": "oob", "oob_code": sent.oob_code}
    if sent.binding_code is not None:
        answer["binding_method"] = "prompt"
    return json_response(answer)


def _chosen(call: Call, transaction: MfaTransaction) -> Authenticator:
    asked = (call.optional("challenge_type") or " ".join(TYPES)).split()
    id_ = call.optional("authenticator_id")
    active = transaction.active
    if id_ is not None and id_ not in {each.id for each in active}:
        raise Refusal(CHALLENGE["authenticator_not_found"])
    if not [each for each in active if each.kind.authenticator_type in TYPES]:
        raise Refusal(CHALLENGE["association_required"])
    fitting = [
        each for each in active if id_ in (None, each.id) and each.kind.authenticator_type in asked
    ]
    if not fitting or fitting[0].kind.authenticator_type not in TYPES:
        raise Refusal(CHALLENGE["unsupported_challenge_type"])
    return fitting[0]


ENDPOINTS: dict[str, View] = {"POST /mfa/challenge": challenge}
