"""The RSA keys that sign tokens, and the key set the tenant publishes."""

from __future__ import annotations

import base64
import datetime
import hashlib
import threading
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from .base64url import base64url

DAY = datetime.timedelta(days=1)


class SigningKey:
    """One RSA key with its key id (RFC 7517)."""

    def __init__(self) -> None:
        self.private: rsa.RSAPrivateKey = rsa.generate_private_key(
            public_exponent=65537, key_size=2048
        )

    @cached_property
    def public_pem(self) -> bytes:
        """The public key as PEM."""
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @cached_property
    def private_pem(self) -> bytes:
        """The private key as PEM."""
        return self.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @cached_property
    def kid(self) -> str:
        """An id that follows from the key."""
        return base64url(hashlib.sha256(self.public_pem).digest())[:21]

    @cached_property
    def jwk(self) -> dict[str, Any]:
        """The public key as Auth0 publishes it, for RS256."""
        numbers = self.private.public_key().public_numbers()
        certificate = self._certificate()
        return {
            "alg": "RS256",
            "kty": "RSA",
            "use": "sig",
            "n": base64url(numbers.n.to_bytes(256, "big")),
            "e": "AQAB",
            "kid": self.kid,
            "x5t": base64url(hashlib.sha1(certificate, usedforsecurity=False).digest()),
            "x5c": [base64.b64encode(certificate).decode()],
        }

    def kid_for(self, algorithm: str, main: str) -> str:
        """Return the id under which the key signs by ``algorithm``, beside the ``main`` one."""
        return self.kid if algorithm == published_as(main) else f"{self.kid}-{algorithm}"

    def _certificate(self) -> bytes:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "local tenant")])
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = x509.CertificateBuilder(name, name, self.private.public_key(), 1)
        builder = builder.not_valid_before(now - DAY).not_valid_after(now + 365 * DAY)
        certificate = builder.sign(self.private, hashes.SHA256())
        return certificate.public_bytes(serialization.Encoding.DER)


def published_as(algorithm: str) -> str:
    """Return the ``alg`` of the key set where tokens are signed by ``algorithm``."""
    return "PS256" if algorithm == "PS256" else "RS256"


class KeyRing:
    """Keys made once a process and shared by all its tenants: making one takes a while."""

    def __init__(self) -> None:
        self._keys: list[SigningKey] = []
        self._lock = threading.Lock()

    def __getitem__(self, index: int) -> SigningKey:
        with self._lock:
            while len(self._keys) <= index:
                self._keys.append(SigningKey())
            return self._keys[index]


RING: KeyRing = KeyRing()
FOREIGN: KeyRing = KeyRing()


class SigningKeys:
    """The key in use and those still published beside it; made when first asked for."""

    def __init__(self) -> None:
        self.rotations: int = 0
        self._older: list[SigningKey] = []

    @property
    def current(self) -> SigningKey:
        """The key that signs."""
        return RING[self.rotations]

    def rotate(self, keep_old: bool = False) -> SigningKey:
        """Sign with a new key; the old one is dropped unless ``keep_old``."""
        self._older = [self.current, *self._older] if keep_old else []
        self.rotations += 1
        return self.current

    def published(self, main: str = "RS256", others: Iterable[str] = ()) -> list[dict[str, Any]]:
        """Return the key set's ``keys``, the current one first; HS256 has none of its own.

        A key that also signs by another algorithm is there a second time, with an id of its own.
        """
        algorithms = dict.fromkeys(map(published_as, (main, *sorted(others))))
        return [
            {**key.jwk, "alg": algorithm, "kid": key.kid_for(algorithm, main)}
            for key in (self.current, *self._older)
            for algorithm in algorithms
        ]
