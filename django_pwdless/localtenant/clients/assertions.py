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
LONGEST_LIFE = 300
SKEW = 10
#: Bytes of the whole assertion, and characters of its claims (Auth0: Assertion limits).
LONGEST = 2048
LONGEST_CLAIM = 64
UNREADABLE = (
    *(jwt.InvalidTokenError, jwt.InvalidKeyError),
    *(TypeError, ValueError, RecursionError),
)


def named_client(assertion: Any) -> str | None:
    """Return whom an assertion says it is from, which nothing proves yet; ``None`` for nobody.

    RFC 7521 4.2: ``client_id`` may be left out beside an assertion.
    """
    try:
        claims = jwt.decode(_short(assertion), options={"verify_signature": False})
    except UNREADABLE:
        return None
    subject = claims.get("sub")
    return subject if isinstance(subject, str) else None


def check_assertion(client: Client, body: dict[str, Any], issuer: str) -> None:
    """Raise ``invalid_client`` unless the assertion in ``body`` is good and new.

    Wants ``iss`` and ``sub`` to be the client, ``aud`` the issuer and no list, a life of at most
    five minutes and a ``jti`` not seen before (Auth0: Authenticate with Private Key JWT).
    """
    if body.get("client_assertion_type") != ASSERTION_TYPE:
        raise Refusal(TOKEN["invalid_client"].saying("Invalid client_assertion_type."))
    claims = _claims(client, body.get("client_assertion"), issuer)
    if not _fits(client, claims, issuer):
        raise Refusal(TOKEN["invalid_client"].saying("Invalid client assertion."))
    if claims["jti"] in client.used_jtis:
        raise Refusal(TOKEN["invalid_client"].saying("The client assertion was used before."))
    client.used_jtis.add(claims["jti"])


def _fits(client: Client, claims: dict[str, Any], issuer: str) -> bool:
    is_for_us = claims["sub"] == client.client_id and claims["aud"] == issuer
    is_short = claims["exp"] <= time.time() + LONGEST_LIFE + SKEW
    lengths = [len(claims[name]) for name in ("iss", "sub", "jti")]
    return is_for_us and is_short and min(lengths) > 0 and max(lengths) <= LONGEST_CLAIM


def _claims(client: Client, assertion: Any, issuer: str) -> dict[str, Any]:
    try:
        return jwt.decode(
            _short(assertion),
            client.public_key or b"",
            ALGORITHMS,
            audience=issuer,
            issuer=client.client_id,
            leeway=SKEW,
            options={"require": ["iss", "sub", "aud", "exp", "jti"]},
        )
    except UNREADABLE:
        raise Refusal(TOKEN["invalid_client"].saying("Invalid client assertion.")) from None


def _short(assertion: Any) -> str:
    """Return the assertion; raise ValueError where it is none or too long to be read."""
    if not isinstance(assertion, str) or len(assertion) > LONGEST:
        raise ValueError("no assertion, or too long")
    return assertion
