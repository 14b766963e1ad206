"""Client authentication by a signed assertion, private_key_jwt (RFC 7523)."""

from __future__ import annotations

import time
from typing import Any

import jwt

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal

from .client import Client

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ["RS256", "RS384", "PS256"]
LONGEST = 300
SKEW = 10


def check_assertion(client: Client, body: dict[str, Any], issuer: str) -> None:
    """Raise ``invalid_client`` unless the assertion in ``body`` is good and new.

    Wants ``iss`` and ``sub`` to be the client, ``aud`` the issuer, a life of at most five
    minutes and a ``jti`` not seen before (Auth0: Authenticate with Private Key JWT).
    """
    if body.get("client_assertion_type") != ASSERTION_TYPE:
        raise Refusal(TOKEN["invalid_client"].saying("Invalid client_assertion_type."))
    claims = _claims(client, body.get("client_assertion"), issuer)
    if claims["sub"] != client.client_id or claims["exp"] > time.time() + LONGEST + SKEW:
        raise Refusal(TOKEN["invalid_client"].saying("Invalid client assertion."))
    if claims["jti"] in client.used_jtis:
        raise Refusal(TOKEN["invalid_client"].saying("The client assertion was used before."))
    client.used_jtis.add(claims["jti"])


def _claims(client: Client, assertion: Any, issuer: str) -> dict[str, Any]:
    try:
        return jwt.decode(
            assertion,
            client.public_key or b"",
            ALGORITHMS,
            audience=issuer,
            issuer=client.client_id,
            leeway=SKEW,
            options={"require": ["iss", "sub", "aud", "exp", "jti"]},
        )
    except (jwt.InvalidTokenError, jwt.InvalidKeyError, TypeError, ValueError):
        raise Refusal(TOKEN["invalid_client"].saying("Invalid client assertion.")) from None
