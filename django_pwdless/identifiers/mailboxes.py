"""Which mailbox an address reaches, however it is spelled: what limits count it by."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from contextlib import suppress
from functools import lru_cache

import idna

from .characters import ascii_digits


def mailbox_key(address: str) -> str:
    """Return one text for all spellings of an address.

    Case-folded, the local part without quotes (RFC 5321, section 4.1.2), the domain in its IDNA
    form. Two mailboxes may share one, one mailbox never has two.
    """
    local, _at, domain = ascii_digits(address).rpartition("@")
    if len(local) > 1 and local[0] == local[-1] == '"':
        local = re.sub(r"\\(.)", r"\1", local[1:-1])
    return f"{_folded(local)}@{_domain_key(domain)}"


@lru_cache(maxsize=256)
def _domain_key(domain: str) -> str:
    if domain.startswith("["):
        with suppress(ValueError):
            return str(ipaddress.ip_address(domain.strip("[]")))
        return domain
    labels = ".".join(map(_as_unicode, _folded(domain).split(".")))
    try:
        return idna.encode(labels, uts46=True).decode()
    except idna.IDNAError:
        # Signs and underscores, which older software takes.
        return labels


def _as_unicode(label: str) -> str:
    """Read punycode (RFC 3492), also of what IDNA does not allow any more."""
    if label.startswith("xn--"):
        with suppress(UnicodeError):
            return _folded(label[4:].encode().decode("punycode"))
    return label


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
