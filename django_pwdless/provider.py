"""Where settings meet the client: the one place that makes an ``Auth0Client``."""

from __future__ import annotations

import platform
from functools import lru_cache
from typing import Any

import django
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import get_language

from . import __version__
from .auth0 import Auth0Client, Caller
from .auth0.process_lock import ProcessLock
from .conf import conf
from .limits.client_ip import client_address, routable
from .limits.shared_cache import KeyStore

TELEMETRY: dict[str, Any] = {
    "name": "django-pwdless",
    "version": __version__,
    "env": {"python": platform.python_version(), "django": django.get_version()},
}

_lock = ProcessLock()


def get_client() -> Auth0Client:
    """Return the process's client for the settings as they are now."""
    return _client(
        conf.tenant_url,
        conf.CLIENT_ID,
        conf.CLIENT_SECRET,
        conf.CLIENT_ASSERTION_KEY,
        conf.ALGORITHM,
        conf.LEEWAY,
        tuple(conf.TIMEOUT),
    )


def get_caller(request: HttpRequest) -> Caller:
    """Return what Auth0 may know about the person: address and language."""
    return Caller(address=routable(client_address(request)), language=get_language())


@lru_cache(maxsize=8)
def _client(*values: Any) -> Auth0Client:
    """Return the one of these; two threads at once make one, as each fetches keys of its own."""
    with _lock.held():
        return _made(*values)


@lru_cache(maxsize=8)
def _made(
    base_url: str,
    client_id: str,
    secret: str | None,
    assertion_key: str | None,
    algorithm: str,
    leeway: float,
    timeout: tuple[float, float],
) -> Auth0Client:
    return Auth0Client(
        base_url,
        client_id,
        client_secret=secret,
        assertion_key=assertion_key,
        algorithm=algorithm,
        leeway=leeway,
        timeout=timeout,
        store=KeyStore(),
        telemetry=TELEMETRY,
    )


@receiver(setting_changed)
def _forget_client(*, setting: str, **kwargs: Any) -> None:
    """A test that changes settings starts without the keys of the one before it."""
    if setting in ("PWDLESS", "CACHES"):
        _client.cache_clear()
        _made.cache_clear()
