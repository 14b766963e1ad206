"""A certificate authority of the tests' own, and a server certificate for ``localhost``."""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from .keys import private_pem, rsa_key


class Authority:
    """``certificate`` is the path of the bundle to trust; ``context`` serves as ``localhost``."""

    def __init__(self, folder: Path) -> None:
        self.certificate = folder / "authority.pem"
        self.certificate.write_bytes(_certificate("authority", is_authority=True))
        chain = folder / "localhost.pem"
        chain.write_bytes(private_pem(rsa_key("localhost")).encode() + _certificate("localhost"))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain)


def _certificate(name: str, *, is_authority: bool = False) -> bytes:
    now = datetime.now(timezone.utc)
    issuer_key, key = rsa_key("authority"), rsa_key(name).public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name("authority"))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if is_authority:
        builder = builder.add_extension(_CERTIFIES, critical=True)
    certificate = builder.sign(issuer_key, hashes.SHA256())
    return certificate.public_bytes(serialization.Encoding.PEM)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


_CERTIFIES = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=True,
    crl_sign=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)
