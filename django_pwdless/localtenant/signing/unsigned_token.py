"""A token before it is signed: every part of it can still be spoiled."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .base64url import base64url

HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
DIGESTS = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


@dataclass
class UnsignedToken:
    """Claims, header and keys of a token to be.

    ``key`` signs for RS and PS algorithms, ``secret`` for HS. Written here and not left to
    PyJWT, which rightly refuses to make most of the tokens that tests want.
    """

    claims: dict[str, Any]
    header: dict[str, Any]
    key: rsa.RSAPrivateKey
    secret: bytes = b""
    public_pem: bytes = b""
    jwk: dict[str, Any] = field(default_factory=dict)

    def sign(self) -> str:
        """Return the token in compact form (RFC 7515 3.1)."""
        return self.sign_payload(json.dumps(self.claims, separators=(",", ":")).encode())

    def sign_payload(self, payload: bytes) -> str:
        """Return a token over ``payload``, whatever that is."""
        header = json.dumps(self.header, separators=(",", ":")).encode()
        signed = f"{base64url(header)}.{base64url(payload)}"
        return f"{signed}.{base64url(self._signature(signed.encode()))}"

    def _signature(self, message: bytes) -> bytes:
        family, size = self.header["alg"][:2], self.header["alg"][2:]
        if family == "HS":
            return hmac.new(self.secret, message, DIGESTS[size]).digest()
        if family == "PS":
            salted = padding.PSS(padding.MGF1(HASHES[size]), int(size) // 8)
            return self.key.sign(message, salted, HASHES[size])
        return self.key.sign(message, padding.PKCS1v15(), HASHES[size])
