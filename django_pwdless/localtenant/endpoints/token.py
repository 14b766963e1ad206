"""POST /oauth/token: the grants, one function each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.documented_errors import GRANT_OFF, TOKEN
from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.clients.client import (
    MACHINE_GRANT,
    MFA_GRANT,
    OTP_GRANT,
    REFRESH_GRANT,
    Client,
)
from django_pwdless.localtenant.endpoint_call import Call, View

from .grants import client_credentials, code, mfa, otp, refresh

Grant = Callable[[Call, Client], dict[str, Any]]

FUNCTIONS: dict[str, Grant] = {
    OTP_GRANT: otp.exchange,
    "authorization_code": code.exchange,
    REFRESH_GRANT: refresh.exchange,
    MACHINE_GRANT: client_credentials.exchange,
    f"{MFA_GRANT}otp": mfa.otp,
    f"{MFA_GRANT}oob": mfa.oob,
    f"{MFA_GRANT}recovery-code": mfa.recovery_code,
}


def token(call: Call) -> Response:
    """Answer with tokens, or with the row that says why not (RFC 6749 5)."""
    if call.body_or_none is None:
        raise Refusal(TOKEN["missing_parameter"].saying("Invalid request body"))
    grant_type = call.require("grant_type")
    if grant_type not in FUNCTIONS:
        text = f"Unsupported grant type: {grant_type}"
        raise Refusal(TOKEN["unsupported_grant_type"].saying(text))
    client = call.token_client()
    if grant_type not in client.grants:
        raise Refusal(TOKEN["grant_not_allowed"].saying(GRANT_OFF.format(grant_type)))
    return json_response(FUNCTIONS[grant_type](call, client))


ENDPOINTS: dict[str, View] = {"POST /oauth/token": token}
