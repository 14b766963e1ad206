"""The one HTTP session of the process: pooled, bounded, and without memory."""

from __future__ import annotations

import http.client
import io
import os
import socket
import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

# Connections kept open to one tenant; more threads than this still work, on connections of
# their own that are closed afterwards.
POOL_SIZE = 64

# Probe an idle connection after a minute: firewalls forget one after some four, and systems left
# to themselves wait for two hours.
KEEPALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 3}

# What of the environment decides how the tenant is reached, in either case.
ENVIRONMENT = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
NAMES = (*ENVIRONMENT, *map(str.upper, ENVIRONMENT), *BUNDLES)

# Status line, headers and body together; a larger answer is not Auth0's.
MAX_ANSWER_BYTES = 2 * 1024 * 1024


class _BoundedReader(io.RawIOBase):
    """Reads a socket until a moment on the monotonic clock, however slowly it drips.

    It also stops after ``MAX_ANSWER_BYTES``: interim answers, trailers and chunks of odd lengths
    have no bound of their own.
    """

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._remaining_bytes = MAX_ANSWER_BYTES
        timeout = sock.gettimeout()
        self._deadline = None if timeout is None else time.monotonic() + timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._deadline is not None:
            remaining = self._deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError("the answer took too long")
            self._sock.settimeout(remaining)
        count = self._raw.readinto(buffer)
        self._remaining_bytes -= count or 0
        if self._remaining_bytes < 0:
            raise OSError("the answer is too long")
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedResponse(http.client.HTTPResponse):
    """An answer bounded as a whole, from the status line on, in time and in size."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_BoundedReader(self.fp.detach(), sock))


def _bounded_pool(pool: Any) -> Any:
    """The same kind of pool, to a proxy of any kind too, of connections with bounded answers."""
    if pool.ConnectionCls.response_class is _BoundedResponse:
        return pool
    connection = _kind_of(pool.ConnectionCls, response_class=_BoundedResponse)
    return _kind_of(pool, ConnectionCls=connection)


def _kind_of(base: Any, **attributes: Any) -> Any:
    return type(base.__name__, (base,), attributes)


class _BoundedAdapter(HTTPAdapter):
    """Never retries, keeps idle connections alive, and bounds whole answers."""

    def __init__(self) -> None:
        super().__init__(pool_maxsize=POOL_SIZE, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **_with_keepalive(kwargs))
        _bound(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return _bound(super().proxy_manager_for(proxy, **_with_keepalive(kwargs)))


def _bound(manager: Any) -> Any:
    """Have a manager, new or known, make nothing but bounded pools."""
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {name: _bounded_pool(pool) for name, pool in pools.items()}
    return manager


def _with_keepalive(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Have the system notice a peer that went away without a word while a connection idled."""
    options = [
        *HTTPConnection.default_socket_options,
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        # Not every system has them all.
        *(
            (socket.IPPROTO_TCP, getattr(socket, name), value)
            for name, value in KEEPALIVE.items()
            if hasattr(socket, name)
        ),
    ]
    return {**kwargs, "socket_options": options}


class _ForgetfulSession(requests.Session):
    """Honours the environment's proxies and CA bundle; no netrc, no cookies, no redirects."""

    def __init__(self) -> None:
        super().__init__()
        self.mount("https://", _BoundedAdapter())
        self.mount("http://", _BoundedAdapter())
        # An explicit, empty authentication keeps requests from looking into a netrc file.
        self.auth = _no_auth
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._kept: tuple[Any, Any] | None = None

    def merge_environment_settings(self, url: Any, proxies: Any, *given: Any) -> Any:
        """Return the proxies and CA bundle of the environment for an address.

        Gone through anew where a variable has changed: requests goes through all of them twice at
        each request, which takes longer than to send one.
        """
        variables = list(map(os.environ.get, NAMES))
        # A copy of what requests writes to.
        seen = (url.split("/", 3)[:3], dict(proxies), given, variables)
        kept = self._kept
        if kept is None or kept[0] != seen:
            # One tuple, as other threads read it at the same time.
            self._kept = kept = (seen, super().merge_environment_settings(url, proxies, *given))
        return kept[1]

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Follow nothing: a redirect would carry the client secret to another address."""


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


class SharedSession:
    """Hands out one session to all threads of a process, and a new one after a fork."""

    def __init__(self) -> None:
        self._owner = 0
        self._session: requests.Session | None = None

    def get(self) -> requests.Session:
        """Return this process's session; a forked child never writes to its parent's sockets."""
        if self._session is None or self._owner != os.getpid():
            self._session, self._owner = _ForgetfulSession(), os.getpid()
        return self._session


shared_session: SharedSession = SharedSession()
