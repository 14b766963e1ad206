"""Real keys, key sets and ID tokens, and the wrong kinds of each."""

from __future__ import annotations

import base64
import hmac
import json
import time
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

BASE_URL = "https://tenant.example"
ISSUER = "https://tenant.example/"
JWKS_URL = "https://tenant.example/.well-known/jwks.json"
CLIENT_ID = "client-id"
SECRET = "client-secret-of-at-least-sixty-four-bytes-as-auth0-makes-them-all"
MISSING = object()


def rsa_key(name: str = "current") -> rsa.RSAPrivateKey:
    """One key a name, made once."""
    return _made(name)


@cache
def _made(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def private_pem(key: Any = None) -> str:
    return (
        (key or rsa_key())
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


def public_pem(name: str = "current") -> bytes:
    return (
        rsa_key(name)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def jwk(kid: Any = "current", **changes: Any) -> dict[str, Any]:
    """The public key of a name as Auth0 publishes it."""
    entry = RSAAlgorithm.to_jwk(rsa_key(str(kid)).public_key(), as_dict=True)
    entry.pop("key_ops", None)
    return without_missing({**entry, "kid": kid, "use": "sig", "alg": "RS256", **changes})


def private_jwk(kid: str) -> dict[str, Any]:
    """A key that somebody published whole."""
    return {**RSAAlgorithm.to_jwk(rsa_key(kid), as_dict=True), "kid": kid}


def short_jwk(kid: str, bits: int) -> dict[str, Any]:
    """A key of fewer bits than RFC 7518, section 3.3, asks for."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    return {
        **RSAAlgorithm.to_jwk(key.public_key(), as_dict=True),
        "kid": kid,
        "key_ops": ["verify"],
    }


def ec_jwk(kid: str) -> dict[str, Any]:
    return {**ECAlgorithm.to_jwk(ec_key().public_key(), as_dict=True), "kid": kid}


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    usual = {"iss": ISSUER, "aud": CLIENT_ID, "sub": "email|1", "iat": now, "exp": now + 36000}
    return without_missing({**usual, **changes})


def without_missing(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not MISSING}


def token(payload: Any = None, *, key: Any = None, algorithm: str = "RS256", **header: Any) -> str:
    """A token signed for certain, whatever its header and payload say; bytes go in as they are."""
    payload = claims() if payload is None else payload
    header = without_missing({"alg": algorithm, "typ": "JWT", "kid": "current", **header})
    parts = [
        part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)
    ]
    signing_input = b".".join(base64url(part) for part in parts)
    signature = _sign(signing_input, key or rsa_key(), algorithm)
    return (signing_input + b"." + base64url(signature)).decode()


def _sign(data: bytes, key: Any, algorithm: str) -> bytes:
    if algorithm == "none":
        return b""
    # HMAC goes around PyJWT's refusal to use a PEM as a secret: attackers have no such scruples.
    if algorithm.startswith("HS"):
        return hmac.digest(key, data, f"sha{algorithm[2:]}")
    return jwt.get_algorithm_by_name(algorithm).sign(data, key)


def base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
