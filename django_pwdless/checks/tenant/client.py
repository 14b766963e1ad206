"""Checks of how the site proves to Auth0 that it is the client it says it is."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.checks import CheckMessage, Error, Warning

from django_pwdless.checks.settings.values import about

SMALLEST_KEY = 2048
SHORTEST_SECRET = 32


def is_rsa_key(pem: str) -> bool:
    """Whether this is a private RSA key in PEM, without a password, that is large enough."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False
    return isinstance(key, RSAPrivateKey) and key.key_size >= SMALLEST_KEY


@about("CLIENT_SECRET", "CLIENT_ASSERTION_KEY")
def check_credentials(secret: str | None, key: str | None) -> Iterator[CheckMessage]:
    """There is one way to authenticate, not two."""
    if secret is not None and key is not None:
        yield Error(
            'PWDLESS has both "CLIENT_SECRET" and "CLIENT_ASSERTION_KEY".',
            hint="Keep the one that your application at Auth0 is set to (Applications > "
            "Applications > your application > Credentials), and remove the other.",
            id="pwdless.E020",
        )


@about("CLIENT_ASSERTION_KEY")
def check_assertion_key(key: str | None) -> Iterator[CheckMessage]:
    """The key can sign RS256."""
    if key is not None and not is_rsa_key(key):
        yield Error(
            'PWDLESS["CLIENT_ASSERTION_KEY"] is not a private RSA key that can be read.',
            hint="Write the text of an unencrypted PEM file (not its path) that holds a private "
            f"RSA key of at least {SMALLEST_KEY} bits.",
            id="pwdless.E021",
        )


@about("ALGORITHM", "CLIENT_SECRET")
def check_algorithm(algorithm: str, secret: str | None) -> Iterator[CheckMessage]:
    """There is a secret where ID tokens are signed with it."""
    if algorithm == "HS256" and secret is None:
        yield Error(
            'PWDLESS["ALGORITHM"] is "HS256", which verifies ID tokens with the client secret, but '
            '"CLIENT_SECRET" is not set.',
            hint='Add "CLIENT_SECRET", or better write "ALGORITHM": "RS256" and set JsonWebToken '
            "Signature Algorithm to RS256 at Auth0 (Applications > Applications > your application "
            "> Settings > Advanced Settings > OAuth).",
            id="pwdless.E022",
        )


@about("ALGORITHM", "CLIENT_SECRET")
def check_secret_length(algorithm: str, secret: str | None) -> Iterator[CheckMessage]:
    """Nobody can guess the key of HS256 from one ID token (RFC 7518, section 3.2)."""
    if algorithm == "HS256" and secret is not None and len(secret.encode()) < SHORTEST_SECRET:
        yield Warning(
            'PWDLESS["ALGORITHM"] is "HS256", and "CLIENT_SECRET", its key, is shorter than '
            f"{SHORTEST_SECRET} bytes. Whoever has one ID token can try secrets until one fits.",
            hint='Write "ALGORITHM": "RS256" and set JsonWebToken Signature Algorithm to RS256 at '
            "Auth0 (Applications > Applications > your application > Settings > Advanced Settings "
            "> OAuth), or have Auth0 make a new secret (Credentials > Rotate).",
            id="pwdless.W021",
        )


@about("CLIENT_SECRET", "CLIENT_ASSERTION_KEY")
def check_public_client(secret: str | None, key: str | None) -> Iterator[CheckMessage]:
    """A client that does not authenticate is meant to be one."""
    if secret is None and key is None:
        yield Warning(
            "PWDLESS has no client secret and no key, so the site is a public client. Auth0 does "
            "not accept a visitor's address from one: all visitors share one address there, and "
            "Auth0 sends at most 50 messages an hour.",
            hint='Add "CLIENT_SECRET" or "CLIENT_ASSERTION_KEY"; or, if your application at Auth0 '
            "is a native one, add the id of this check to SILENCED_SYSTEM_CHECKS.",
            id="pwdless.W020",
        )
