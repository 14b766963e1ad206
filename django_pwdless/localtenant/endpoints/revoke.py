"""POST /oauth/revoke: end a refresh token (RFC 7009; Auth0: Revoke Refresh Token)."""

from __future__ import annotations

from werkzeug.wrappers import Response

from django_pwdless.localtenant.endpoint_call import Call, View


def revoke(call: Call) -> Response:
    """Answer 200 whether there was such a token or not; credentials are looked at first."""
    client = call.token_client()
    call.state.refresh_tokens.revoke(call.require("token"), client)
    return Response("", 200)


ENDPOINTS: dict[str, View] = {"POST /oauth/revoke": revoke}
