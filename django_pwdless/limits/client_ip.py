"""Who is asking: the one client address, for the limits and for ``auth0-forwarded-for``."""

from __future__ import annotations

import ipaddress
import logging
from functools import lru_cache

from django.http import HttpRequest
from django.utils.module_loading import import_string

from django_pwdless.conf import conf

logger: logging.Logger = logging.getLogger("django_pwdless")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Where a request has it once it was read.
ADDRESS = "_pwdless_address"

# Whose last 32 bits are an IPv4 address: mapped and compatible (RFC 4291, section 2.5.5),
# translated (RFC 6052, section 2.1; RFC 2765, section 2.1).
_EMBEDDING = [
    ipaddress.IPv6Network(prefix)
    for prefix in ("::ffff:0:0/96", "::/96", "64:ff9b::/96", "::ffff:0:0:0/96")
]


def client_address(request: HttpRequest) -> Address | None:
    """Return the client's address, as IPv4 where it stands for one; None where it cannot be told.

    One visitor then is one, by whatever gateway they come. It is read once a request.
    """
    if not hasattr(request, ADDRESS):
        custom, proxies = conf.CLIENT_IP, conf.TRUSTED_PROXIES
        text = _custom(request, custom) if custom else _from_headers(request, proxies)
        setattr(request, ADDRESS, _parse(text))
    address: Address | None = getattr(request, ADDRESS)
    if address is None:
        _warn_once()
    return address


def limit_key(address: Address | None) -> str | None:
    """Return what a limit counts an address by: IPv6 by its /64, which one person may hold."""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((address, 64), strict=False).network_address)
    return None if address is None else str(address)


def network(request: HttpRequest | None) -> str:
    """Return where it came from, an IPv4 /24 or an IPv6 /48; empty where that cannot be told."""
    address = None if request is None else client_address(request)
    if address is None:
        return ""
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))


@lru_cache(maxsize=256)
def routable(address: Address | None) -> str | None:
    """Return the address as text where the whole internet may know it, else None."""
    if address is None or not address.is_global or address.is_multicast:
        return None
    return str(address)


def _custom(request: HttpRequest, path: str) -> str | None:
    value = import_string(path)(request)
    return value if isinstance(value, str) else None


def _from_headers(request: HttpRequest, hops: int) -> str:
    """Count from the right: only that far were the entries written by proxies of ours."""
    remote = str(request.META.get("REMOTE_ADDR") or "")
    if hops < 1:
        return remote
    header = str(request.META.get("HTTP_X_FORWARDED_FOR") or "").strip()
    entries = header.split(",") if header else []
    return entries[-hops] if len(entries) >= hops else remote


@lru_cache(maxsize=256)
def _parse(text: str | None) -> Address | None:
    """Read an address that may come with brackets, a port or a zone."""
    text = (text or "").strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return address if isinstance(address, ipaddress.IPv4Address) else _as_ipv4(address) or address


def _as_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for, by translation or in a tunnel."""
    if address.teredo is not None:
        return address.teredo[1]
    is_special = address.is_loopback or address.is_unspecified
    if not is_special and any(address in network for network in _EMBEDDING):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour


@lru_cache(maxsize=1)
def _warn_once() -> None:
    logger.warning(
        "No client address can be read: limits by address are off for such requests. "
        "Check PWDLESS['TRUSTED_PROXIES'] or PWDLESS['CLIENT_IP']."
    )
