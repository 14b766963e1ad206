"""Whether it is the right tenant at all: seen before any credential is sent."""

from __future__ import annotations

import re
import socket
import time
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies

from django_pwdless.auth0.http.errors import Answer
from django_pwdless.auth0.verification.key_set import read_key_set
from django_pwdless.conf import conf
from django_pwdless.doctor.asking.wire import NoAnswer
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import CannotTell, Finding, ok, warn, wrong
from django_pwdless.doctor.places import DOMAIN

PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,253}/")


@entry("dns", where=DOMAIN, setting="DOMAIN", needs=("settings",))
def dns(case: Case) -> Finding:
    """The host has an address."""
    parts = urlsplit(conf.tenant_url)
    if get_environ_proxies(conf.tenant_url):
        raise CannotTell("A proxy of the environment looks the name up.")
    try:
        socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        case.was_reached = False
        text = f"{parts.hostname} has no address: it is misspelt, or no name server answers."
        return wrong(text, "likely")
    return ok(f"{parts.hostname} has an address.")


@entry("tls", where=DOMAIN, setting="DOMAIN", needs=("dns",))
def tls(case: Case) -> Finding:
    """The certificate is the host's own, by an authority that is trusted here."""
    if conf.tenant_url.startswith("http://"):
        return ok("A local tenant, without TLS.")
    try:
        _ = case.discovery
    except NoAnswer as error:
        if error.failure != "SSLError":
            return _unreachable(case, error)
        case.was_reached = False
        return wrong("Its certificate is not trusted, or that of another host.")
    return ok("Its certificate is trusted.")


@entry("discovery", where=DOMAIN, setting="DOMAIN", needs=("tls",))
def discovery(case: Case) -> Finding:
    """Something that speaks OpenID Connect answers, as Auth0 does."""
    try:
        answer = case.discovery
    except NoAnswer as error:
        return _unreachable(case, error)
    if answer.status >= 500 or answer.status == 429:
        case.was_reached = False
        return wrong(f"It answered {answer.status}: Auth0, or a proxy on the way, is down.")
    if answer.status != 200 or not looks_like_auth0(answer.data):
        text = f"It answered {answer.status}, and not as an Auth0 tenant: DOMAIN is another host."
        return wrong(text, "likely")
    return ok("It answers as an Auth0 tenant does.")


def looks_like_auth0(document: Any) -> bool:
    """Whether this is a discovery document whose endpoints are where Auth0's are."""
    if not isinstance(document, dict) or not isinstance(document.get("issuer"), str):
        return False
    return bool(document.get("token_endpoint") == f"{document['issuer']}oauth/token")


def _unreachable(case: Case, error: NoAnswer) -> Finding:
    case.was_reached = False
    return wrong(f"Nobody answers ({error.failure}): the network, a firewall, or DOMAIN.")


@entry("issuer", where=DOMAIN, setting="DOMAIN", needs=("discovery",))
def issuer(case: Case) -> Finding:
    """It is the tenant that the settings name; a custom domain has an issuer of its own."""
    found = case.discovery.data["issuer"]
    if found == conf.issuer:
        return ok(f"The issuer is {conf.issuer}")
    shown = found if PLAIN_URL.fullmatch(found) else "another one"
    return wrong(
        f"The issuer should be {conf.issuer} and is {shown}: DOMAIN must be the domain, custom "
        "or not, whose issuer is its own. Nothing more is sent there."
    )


@entry("keys", setting="ALGORITHM", needs=("issuer",))
def keys(case: Case) -> Finding:
    """The tenant publishes a key that the site can verify ID tokens with."""
    if conf.ALGORITHM == "HS256":
        return ok("HS256 needs no published key.")
    answer = case.wire.ask("GET", "/.well-known/jwks.json")
    case.answers["keys"] = answer
    if answer.status != 200:
        raise CannotTell(f"The key set answered {answer.status}.")
    wire = answer.data.get("keys") if isinstance(answer.data, dict) else None
    found = read_key_set(wire, conf.ALGORITHM, 0)
    if found is None:
        return wrong(f"The tenant publishes no key for {conf.ALGORITHM}.")
    return ok(f"The tenant publishes {len(found.keys)} for {conf.ALGORITHM}.")


@entry("clock.skew", setting="LEEWAY", needs=("issuer",))
def skew(case: Case) -> Finding:
    """The clock goes with the tenant's: tokens and client assertions are for minutes."""
    ahead = round(time.time() - _date(case.discovery))
    words = f"The clock of this machine is {abs(ahead)} s {'ahead' if ahead > 0 else 'behind'}"
    if abs(ahead) > conf.LEEWAY:
        return wrong(f"{words}, more than LEEWAY ({conf.LEEWAY:g} s): set it by NTP.", "likely")
    if abs(ahead) > 5:
        return warn(f"{words}: set it by NTP.", "likely")
    return ok("The clock of this machine goes with the tenant's.")


def _date(answer: Answer) -> float:
    try:
        return parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (KeyError, TypeError, ValueError, OverflowError):
        raise CannotTell("The tenant's answers have no date.") from None


ENTRIES = (dns, tls, discovery, issuer, keys, skew)
