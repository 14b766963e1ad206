"""POST /oauth/token: the grants, one function each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers import json_response
from django_pwdless.localtenant.call import Call, View
from django_pwdless.localtenant.clients import OTP_GRANT, Client
from django_pwdless.localtenant.errors import Refusal
from django_pwdless.localtenant.rows import GRANT_OFF, START, TOKEN

from . import code_grant, otp_grant

Grant = Callable[[Call, Client], dict[str, Any]]

FUNCTIONS: dict[str, Grant] = {
    OTP_GRANT: otp_grant.exchange,
    "authorization_code": code_grant.exchange,
}


def token(call: Call) -> Response:
    """Answer with tokens, or with the row that says why not (RFC 6749 5)."""
    if call.body_or_none is None:
        raise Refusal(TOKEN["missing_parameter"].saying("Invalid request body"))
    grant_type = call.require("grant_type")
    if grant_type not in FUNCTIONS:
        text = f"Unsupported grant type: {grant_type}"
        raise Refusal(TOKEN["unsupported_grant_type"].saying(text))
    client = _client(call)
    if grant_type not in client.grants:
        raise Refusal(TOKEN["grant_not_allowed"].saying(GRANT_OFF.format(grant_type)))
    return json_response(FUNCTIONS[grant_type](call, client))


def _client(call: Call) -> Client:
    """Return the client; here ``invalid_client`` also tells that nothing was sent to prove it."""
    try:
        return call.client()
    except Refusal as refusal:
        if refusal.row is START["unauthorized_client"]:
            raise Refusal(TOKEN["invalid_client"]) from None
        raise


ENDPOINTS: dict[str, View] = {"POST /oauth/token": token}
