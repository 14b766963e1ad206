"""Checks of where things are: the tenant's ``DOMAIN`` and the site's own ``BASE_URL``."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from django_pwdless.checks.settings.values import REDIRECT_METHODS, about

AUTHORITY = re.compile(r"(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[1-9][0-9]{0,4}))?")
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


def parse_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address that is written this way; None for another spelling of one, too."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return address if str(address) == text else None


def is_host(text: str) -> bool:
    """Whether this is a host name in lower case, an IPv4 address or a bracketed IPv6 address."""
    if text.startswith("["):
        return isinstance(parse_address(text[1:-1]), ipaddress.IPv6Address)
    *_, last = labels = text.split(".")
    if last.isdigit():
        return isinstance(parse_address(text), ipaddress.IPv4Address)
    return len(text) <= 253 and all(map(LABEL.fullmatch, labels))


def parse_host(authority: str) -> str | None:
    """Return the host of ``host`` or ``host:port``, without brackets; None for anything else."""
    match = AUTHORITY.fullmatch(authority)
    if match is None or int(match["port"] or 443) > 65535 or not is_host(match["host"]):
        return None
    return match["host"].strip("[]")


def is_loopback(host: str) -> bool:
    """Whether the host is ``localhost``, in 127.0.0.0/8 or ``::1``."""
    address = parse_address(host)
    return host in {"localhost", "::1"} or (address is not None and address in LOOPBACK)


def is_domain(text: str) -> bool:
    """Whether this is a host, maybe with a port, or the http origin of a loopback host."""
    host = parse_host(text.removeprefix("http://"))
    return host is not None and (not text.startswith("http://") or is_loopback(host))


@about("DOMAIN")
def check_domain(domain: str) -> Iterator[CheckMessage]:
    """``DOMAIN`` is a host: an issuer made of anything else would never be the tokens' own."""
    if not is_domain(domain):
        yield Error(
            'PWDLESS["DOMAIN"] is not a host in lower case, optionally with a port.',
            hint='Write "DOMAIN": "example.eu.auth0.com", without https:// and without a path; '
            'for a local tenant "http://127.0.0.1:3000".',
            id="pwdless.E010",
        )


@about("DOMAIN")
def check_domain_is_remote(domain: str) -> Iterator[CheckMessage]:
    """A site in production does not trust whoever listens on a local port."""
    if is_domain(domain) and domain.startswith("http://"):
        yield Error(
            'PWDLESS["DOMAIN"] is a local tenant, over http.',
            hint='Write "DOMAIN": "example.eu.auth0.com", the domain of your Auth0 tenant.',
            id="pwdless.E011",
        )


@about("BASE_URL")
def check_base_url(base_url: str | None) -> Iterator[CheckMessage]:
    """``BASE_URL`` is an origin and nothing more, over https unless it is loopback."""
    if base_url is None:
        return
    scheme, _, authority = base_url.partition("://")
    host = parse_host(authority)
    if host is None or not (scheme == "https" or (scheme == "http" and is_loopback(host))):
        yield Error(
            'PWDLESS["BASE_URL"] is not an https origin in lower case.',
            hint='Write "BASE_URL": "https://www.example.com", without a path or a slash at the '
            "end; http is for localhost, 127.0.0.0/8 and [::1].",
            id="pwdless.E012",
        )


@about("METHODS", "BASE_URL")
def check_one_host(methods: Any, base_url: str | None) -> Iterator[CheckMessage]:
    """Nobody can choose the address that Auth0 sends people back to by a Host header.

    A sibling host, which somebody else may run, gets the codes of a link asked for by its name.
    """
    has_redirects = bool(set(methods).intersection(REDIRECT_METHODS))
    if base_url is None and has_redirects and has_several_hosts():
        yield Error(
            'ALLOWED_HOSTS lets in more than one host, and PWDLESS["BASE_URL"] is not set. The '
            "Host header of a request then decides where Auth0 sends people back to.",
            hint='Write "BASE_URL": "https://www.example.com", or name one host in ALLOWED_HOSTS.',
            id="pwdless.E013",
        )


def has_several_hosts() -> bool:
    """Whether ``ALLOWED_HOSTS`` has ``*``, a leading dot, or several names."""
    hosts = getattr(settings, "ALLOWED_HOSTS", None)
    if not isinstance(hosts, list | tuple | set | frozenset):
        return False
    names = {str(host).lower() for host in hosts}
    return len(names) > 1 or any(name.startswith(("*", ".")) for name in names)


@about("METHODS", "BASE_URL")
def check_scheme(methods: Any, base_url: str | None) -> Iterator[CheckMessage]:
    """The site can know that it is served over https, which Auth0's allow-list tells apart."""
    knows = base_url or any(
        getattr(settings, name, None) for name in ("SECURE_PROXY_SSL_HEADER", "SECURE_SSL_REDIRECT")
    )
    if not knows and set(methods).intersection(REDIRECT_METHODS):
        yield Warning(
            "Nothing tells the site that it is served over https. Behind a proxy it may ask Auth0 "
            "to send people back over http, which Auth0 refuses.",
            hint='Write "BASE_URL": "https://www.example.com", or set SECURE_PROXY_SSL_HEADER or '
            "SECURE_SSL_REDIRECT.",
            id="pwdless.W010",
        )
