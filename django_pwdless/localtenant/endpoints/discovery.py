"""What the tenant says about itself: discovery document and key set."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.endpoint_call import Call, View

PLACES = {
    "authorization_endpoint": "authorize",
    "token_endpoint": "oauth/token",
    "userinfo_endpoint": "userinfo",
    "mfa_challenge_endpoint": "mfa/challenge",
    "jwks_uri": ".well-known/jwks.json",
    "revocation_endpoint": "oauth/revoke",
    "end_session_endpoint": "oidc/logout",
}
LISTS = {
    "scopes_supported": ["openid", "profile", "offline_access", "email", "phone"],
    "response_types_supported": ["code"],
    "response_modes_supported": ["query"],
    "subject_types_supported": ["public"],
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
        "none",
    ],
    "claims_supported": [
        *("aud", "auth_time", "email", "email_verified", "exp", "iat", "iss", "name"),
        *("nickname", "phone_number", "picture", "sub"),
    ],
}


def configuration(call: Call) -> Response:
    """GET /.well-known/openid-configuration (OpenID Connect Discovery 1.0)."""
    issuer = call.state.issuer
    document: dict[str, Any] = {"issuer": issuer}
    document.update({name: issuer + path for name, path in PLACES.items()})
    document["backchannel_logout_supported"] = True
    document["backchannel_logout_session_supported"] = True
    document["id_token_signing_alg_values_supported"] = ["HS256", "RS256", "PS256"]
    return json_response({**document, **LISTS})


def key_set(call: Call) -> Response:
    """GET /.well-known/jwks.json (RFC 7517 5)."""
    state = call.state
    keys = state.keys.published(state.switches.algorithm, state.apis.algorithms)
    return json_response({"keys": keys})


ENDPOINTS: dict[str, View] = {
    "/.well-known/openid-configuration": configuration,
    "/.well-known/jwks.json": key_set,
}
