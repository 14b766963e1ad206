"""GET /userinfo: who an access token stands for."""

from __future__ import annotations

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.answers.refusals import ErrorRow, Refusal
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.steps.id_tokens import profile_claims

INVALID_TOKEN = ErrorRow(401, "invalid_token", "The access token is invalid.").with_headers(
    {"WWW-Authenticate": 'Bearer error="invalid_token"'}
)


def userinfo(call: Call) -> Response:
    """Return the claims the token's scope allows (OpenID Connect Core 5.3).

    Older clients of Auth0's send the token in the query (RFC 6750 2.3).
    """
    token = call.bearer() or call.request.args.get("access_token", "")
    grant = call.state.access_tokens.find(token)
    person = call.state.people.by_sub(grant.sub) if grant else None
    if grant is None or person is None or "openid" not in grant.scope.split():
        raise Refusal(INVALID_TOKEN)
    claims = profile_claims(call.state, person, grant.scope.split())
    return json_response({"sub": person.sub, **claims})


ENDPOINTS: dict[str, View] = {"GET,POST /userinfo": userinfo}
