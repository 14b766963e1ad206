"""What counts as this machine: the tenant serves nobody else."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

LOCAL_NAMES = frozenset({"localhost", "testserver"})


def is_loopback(host: str) -> bool:
    """Return whether ``host`` is ``localhost`` or an address in 127.0.0.0/8 or ``::1``."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback_authority(authority: str) -> bool:
    """Return whether a ``Host`` header, with or without a port, names this machine."""
    try:
        parts = urlsplit(f"//{authority}")
        _ = parts.port
    except ValueError:
        return False
    plain = parts.netloc == authority and "@" not in authority
    return plain and is_loopback(parts.hostname or "")


def is_local_url(url: str) -> bool:
    """Return whether ``url`` is http or https on this machine or Django's test server."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    local = is_loopback(host) or host in LOCAL_NAMES or host.endswith(".localhost")
    return parts.scheme in ("http", "https") and local and "@" not in parts.netloc
