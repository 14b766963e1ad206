"""Whether the tenant accepts who the site says it is."""

from __future__ import annotations

import hashlib
import secrets

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from django_pwdless.conf import conf
from django_pwdless.doctor.asking.answers import must_be_heard, otherwise
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import CannotTell, Finding, ok, wrong
from django_pwdless.doctor.places import CREDENTIALS, SETTINGS

REVOKE = "/oauth/revoke"


@entry("secret", where=SETTINGS, setting="CLIENT_SECRET", needs=("issuer",))
def secret(case: Case) -> Finding:
    """``/oauth/revoke`` looks at the credentials before the token, which nobody ever had."""
    garbage = {"token": f"pwdless-doctor-{secrets.token_hex(16)}"}
    answer = case.wire.ask("POST", REVOKE, garbage, form=True)
    case.answers["secret"] = answer
    if answer.status == 401:
        return _refused()
    if answer.status == 200:
        return ok(f"{_words()} accepted.")
    must_be_heard(answer)
    if answer.status in (400, 403):
        return ok(f"{_words()} not refused.", "likely")
    raise otherwise(answer, REVOKE)


def _words() -> str:
    if conf.CLIENT_SECRET:
        return "CLIENT_ID and CLIENT_SECRET are"
    return "CLIENT_ID and CLIENT_ASSERTION_KEY are" if conf.CLIENT_ASSERTION_KEY else "CLIENT_ID is"


def _refused() -> Finding:
    if conf.CLIENT_SECRET:
        return wrong(
            "CLIENT_ID and CLIENT_SECRET do not fit: copy both again from the application."
        )
    if conf.CLIENT_ASSERTION_KEY is None:
        text = "The application must authenticate: set CLIENT_SECRET, or make it Native."
        return wrong(text, where=f"{SETTINGS} > Application Type")
    claims = f"iss and sub {conf.CLIENT_ID}, aud {conf.issuer}, exp in 60 s, alg RS256, no kid"
    return wrong(
        "CLIENT_ASSERTION_KEY is not accepted. Its public half must be a credential of the "
        f"application; its SHA-256 is {_thumbprint(conf.CLIENT_ASSERTION_KEY)}. Assertions "
        f"have {claims}; the clock must be right.",
        where=CREDENTIALS,
    )


def _thumbprint(pem: str) -> str:
    """Return the SHA-256 of the public key, as ``openssl rsa -pubout -outform DER`` gives it."""
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise CannotTell("CLIENT_ASSERTION_KEY is no RSA key.")
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(public).hexdigest()


ENTRIES = (secret,)
