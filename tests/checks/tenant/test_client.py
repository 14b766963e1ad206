from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.checks import MINIMAL, PUBLIC, ids


def pem(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    encryption: KeySerializationEncryption | None = None,
) -> str:
    encryption = encryption or NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()


def make_key(size: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return make_key()


def test_secret_alone_is_enough() -> None:
    assert ids(MINIMAL) == []


def test_key_alone_is_enough(key: rsa.RSAPrivateKey) -> None:
    assert ids({**PUBLIC, "CLIENT_ASSERTION_KEY": pem(key)}) == []


def test_neither_secret_nor_key() -> None:
    assert ids(PUBLIC) == ["pwdless.W020"]
    assert ids({**PUBLIC, "CLIENT_SECRET": None}) == ["pwdless.W020"]


def test_both_secret_and_key(key: rsa.RSAPrivateKey) -> None:
    assert ids({**MINIMAL, "CLIENT_ASSERTION_KEY": pem(key)}) == ["pwdless.E020"]


@pytest.mark.parametrize("text", ["/etc/keys/auth0.pem", "-----BEGIN PRIVATE KEY-----", "\ud800"])
def test_key_that_is_no_pem(text: str) -> None:
    assert ids({**PUBLIC, "CLIENT_ASSERTION_KEY": text}) == ["pwdless.E021"]


def test_key_of_another_kind(key: rsa.RSAPrivateKey) -> None:
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    others = {
        "cut off": pem(key)[:200],
        "behind a password": pem(key, BestAvailableEncryption(b"password")),
        "public": public.decode(),
        "elliptic curve": pem(ec.generate_private_key(ec.SECP256R1())),
        "too small": pem(make_key(1024)),
    }
    for text in others.values():
        assert ids({**PUBLIC, "CLIENT_ASSERTION_KEY": text}) == ["pwdless.E021"]


def test_hs256_with_a_secret() -> None:
    assert ids({**MINIMAL, "ALGORITHM": "HS256"}) == []


@pytest.mark.parametrize(
    ("secret", "found"),
    [("s" * 31, ["pwdless.W021"]), ("s" * 32, []), ("ü" * 16, [])],
    ids=["31 bytes", "32 bytes", "16 characters"],
)
def test_hs256_with_a_short_secret(secret: str, found: list[str]) -> None:
    """Looked at before a deployment only: a local tenant's secret is no secret."""
    keys = {**MINIMAL, "CLIENT_SECRET": secret}
    assert ids({**keys, "ALGORITHM": "HS256"}, deploy=True) == found
    assert ids({**keys, "ALGORITHM": "HS256"}) == ids(keys, deploy=True) == []


def test_hs256_without_a_secret(key: rsa.RSAPrivateKey) -> None:
    keys = {**PUBLIC, "CLIENT_ASSERTION_KEY": pem(key), "ALGORITHM": "HS256"}
    assert ids(keys) == ["pwdless.E022"]
