"""The client credentials grant: an application gets a token for itself (RFC 6749 4.4)."""

from __future__ import annotations

from typing import Any

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.endpoint_call import Call
from django_pwdless.localtenant.steps.access_tokens import TokenRequest, api_for, issue_access_token

NO_AUDIENCE = "No audience parameter was provided, and no default audience has been configured"
NO_CLIENT_GRANT = (
    'Client is not authorized to access "{}". '
    'You need to create a "client-grant" associated to this API.'
)


def exchange(call: Call, client: Client) -> dict[str, Any]:
    """Return the token response for ``audience``; all that is granted where no scope is named."""
    audience = call.optional("audience")
    if audience is None:
        raise Refusal(TOKEN["access_denied"].saying(NO_AUDIENCE))
    api = api_for(call.state, audience)
    granted = client.api_scopes.get(audience)
    if granted is None:
        raise Refusal(TOKEN["access_denied"].saying(NO_CLIENT_GRANT.format(audience)))
    wanted = (call.optional("scope") or " ".join(granted)).split()
    scope = " ".join(name for name in wanted if name in granted)
    request = TokenRequest(client.client_id, scope, grant="client-credentials")
    token = issue_access_token(call.state, api, request)
    answer = {"access_token": token, "token_type": "Bearer", "expires_in": api.lifetime}
    return {**answer, "scope": scope} if scope else answer
