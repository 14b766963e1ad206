"""What only real sockets can show: connections, time, size, and what is never sent."""

from __future__ import annotations

import gc
import gzip
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.transport import MAX_BODY_BYTES
from django_pwdless.exceptions import Auth0Error, Unavailable

from .certificates import Authority
from .conftest import client_of
from .keys import CLIENT_ID
from .server import Connection, Request, Script, ScriptedServer, answer, head, raw, speak_socks

Serve = Callable[..., ScriptedServer]
SENT = {"_id": "1", "email": "a@example.com"}
# Beyond this, a test that waits for a time-out of half a second has found none.
FAR_TOO_LONG = 5


def start(client: Auth0Client) -> None:
    client.passwordless.start("email", "a@example.com")


def assert_unavailable(server: ScriptedServer, **options: Any) -> None:
    """The call ends in ``Unavailable``, long before the server would have ended it."""
    began = time.monotonic()
    with pytest.raises(Unavailable):
        start(client_of(server, **{"timeout": (0.3, 0.3), **options}))
    assert time.monotonic() - began < FAR_TOO_LONG


# Connections


def test_connection_is_kept_between_calls(serve: Serve) -> None:
    server = serve(answer(SENT))
    client = client_of(server)
    for _ in range(5):
        start(client)
    assert (len(server.requests), server.connections) == (5, 1)


def test_connection_is_kept_between_clients(serve: Serve) -> None:
    server = serve(answer(SENT))
    start(client_of(server))
    start(client_of(server))
    assert server.connections == 1


@pytest.mark.parametrize("status", [400, 403, 429, 500])
def test_connection_is_kept_after_refusal(serve: Serve, status: int) -> None:
    server = serve(answer({"error": "server_error"}, status))
    for _ in range(2):
        with pytest.raises(Auth0Error):
            start(client_of(server))
    assert server.connections == 1


def test_threads_share_connections_in_steady_state(serve: Serve) -> None:
    threads = 16
    barrier = threading.Barrier(threads, timeout=30)

    def script(connection: Connection, request: Request) -> bool:
        barrier.wait()  # no answer before every thread has a connection of its own
        return answer(SENT)(connection, request)

    server = serve(script)
    client = client_of(server)
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(3):
            list(pool.map(start, repeat(client, threads)))
    assert (len(server.requests), server.connections) == (3 * threads, threads)


def test_idle_connection_closed_by_server_is_replaced(serve: Serve) -> None:
    closed = threading.Event()

    def script(connection: Connection, request: Request) -> bool:
        answer(SENT)(connection, request)
        connection.request.shutdown(socket.SHUT_RDWR)
        closed.set()
        return False

    server = serve(script)
    start(client_of(server))
    closed.wait()
    start(client_of(server))
    assert len(server.requests) == 2


@pytest.mark.skipif(not hasattr(socket, "TCP_KEEPIDLE"), reason="the system cannot be told")
def test_idle_connection_is_probed_within_a_minute(serve: Serve) -> None:
    # Firewalls forget idle connections without a word; the system alone waits two hours.
    server = serve(answer(SENT))
    start(client_of(server))
    [kept] = [sock for sock in open_sockets() if sock.getpeername()[1] == server.port]
    assert kept.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert kept.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 60


def open_sockets() -> list[socket.socket]:
    """The connected TCP sockets of this process."""
    found = [item for item in gc.get_objects() if type(item) is socket.socket]
    return [sock for sock in found if sock.fileno() >= 0 and is_connected(sock)]


def is_connected(sock: socket.socket) -> bool:
    try:
        return sock.family in (socket.AF_INET, socket.AF_INET6) and bool(sock.getpeername())
    except OSError:
        return False


def test_bytes_after_answer_are_not_the_next_answer(serve: Serve) -> None:
    body = b'{"error": "user_blocked"}'
    uninvited = head(403, content_length=len(body)) + body

    def script(connection: Connection, request: Request) -> bool:
        good = json.dumps(SENT).encode()
        connection.send(head(content_length=len(good)) + good + uninvited)
        return True

    server = serve(script)
    for _ in range(3):
        start(client_of(server))
    assert len(server.requests) == 3


# Nothing is sent twice


def reset(connection: Connection, request: Request) -> bool:
    """Break the connection off without an orderly end."""
    linger = struct.pack("ii", 1, 0)
    connection.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    return False


def reset_at_second(connection: Connection, request: Request) -> bool:
    first = len(connection.server.requests) == 1
    return (answer(SENT) if first else reset)(connection, request)


def stall(connection: Connection, request: Request) -> bool:
    connection.stall()
    return False


BREAKS: dict[str, Script] = {
    "reset": reset,
    "silent-close": raw(b""),
    "half-status-line": raw(b"HTTP/1.1 20"),
    "half-headers": raw(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "half-body": raw(head(content_length=100) + b'{"a"'),
    "half-chunk": raw(head(transfer_encoding="chunked") + b"10\r\n{"),
    "no-http": raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "stall": stall,
}


@pytest.mark.parametrize("script", BREAKS.values(), ids=BREAKS)
def test_broken_answer_is_not_asked_for_again(serve: Serve, script: Script) -> None:
    server = serve(script)
    assert_unavailable(server)
    assert len(server.requests) == 1


def test_reset_of_kept_connection_is_not_retried(serve: Serve) -> None:
    server = serve(reset_at_second)
    start(client_of(server))
    assert_unavailable(server)
    assert len(server.requests) == 2


def test_refused_connection_is_unavailable() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unheard.getsockname()[1]}"
        with pytest.raises(Unavailable, match="ConnectionError"):
            start(Auth0Client(url, CLIENT_ID))


# The whole answer is bounded in time


def dripping(before: bytes, pieces: Any) -> Script:
    def script(connection: Connection, request: Request) -> bool:
        connection.send(before)
        connection.drip(pieces)

    return script


DRIPS: dict[str, Script] = {
    "status-line": dripping(b"", b"HTTP/1.1 200 " + b"O"),
    "headers": dripping(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
    "many-headers": dripping(b"HTTP/1.1 200 OK\r\n", [b"X-Slow: a\r\n"]),
    "interim-answers": dripping(b"", [b"HTTP/1.1 100 Continue\r\n\r\n"]),
    "body": dripping(head(content_length=200), b" "),
    "body-to-the-end": dripping(head(), b" "),
    "chunks": dripping(head(transfer_encoding="chunked"), [b"1\r\n \r\n"]),
    "chunk-size": dripping(head(transfer_encoding="chunked"), [b"0"]),
    "trailers": dripping(head(transfer_encoding="chunked") + b"0\r\n", [b"X-Slow: a\r\n"]),
}
SOME_DRIPS = {name: DRIPS[name] for name in ("headers", "body", "chunks")}


@pytest.mark.parametrize("script", DRIPS.values(), ids=DRIPS)
def test_dripping_answer_ends_by_deadline(serve: Serve, script: Script) -> None:
    assert_unavailable(serve(script))


def test_answer_is_read_where_there_is_no_time_out(serve: Serve) -> None:
    server = serve(answer(SENT))
    never: Any = (None, None)
    start(client_of(server, timeout=never))
    assert len(server.requests) == 1


def test_deadline_begins_anew_on_kept_connection(serve: Serve) -> None:
    def script(connection: Connection, request: Request) -> bool:
        connection.server.stopping.wait(0.4)
        return answer(SENT)(connection, request)

    server = serve(script)
    client = client_of(server, timeout=(3, 1.5))
    for _ in range(4):
        start(client)
    assert server.connections == 1


def test_silent_tls_server_ends_by_deadline(serve: Serve) -> None:
    # A TCP server that accepts and never begins the handshake.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(Unavailable):
            start(Auth0Client(url, CLIENT_ID, timeout=(0.3, 0.3)))
    assert time.monotonic() - began < FAR_TOO_LONG


# The whole answer is bounded in size


def endless(before: bytes, piece: bytes) -> Script:
    """Sends for as long as the client reads."""

    def script(connection: Connection, request: Request) -> bool:
        connection.send(before)
        while True:
            connection.send(piece)

    return script


MEGABYTE = b" " * 1024 * 1024
CHUNK = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
BOMB = gzip.compress(MEGABYTE * 64)

FLOODS: dict[str, Script] = {
    "body-to-the-end": endless(head(), MEGABYTE),
    "declared-length": endless(head(content_length=2**40), MEGABYTE),
    "chunks": endless(head(transfer_encoding="chunked"), CHUNK),
    "one-huge-chunk": endless(head(transfer_encoding="chunked") + b"FFFFFFFFFF\r\n", MEGABYTE),
    "negative-chunk": endless(head(transfer_encoding="chunked") + b"-1\r\n", MEGABYTE),
    "very-negative-chunk": endless(head(transfer_encoding="chunked") + b"-5\r\n", MEGABYTE),
    "chunk-size": endless(head(transfer_encoding="chunked"), b"0" * 65536),
    "trailers": endless(head(transfer_encoding="chunked") + b"0\r\n", b"X-More: a\r\n" * 1000),
    "one-header": endless(b"HTTP/1.1 200 OK\r\nX-Long: ", MEGABYTE),
    "headers": endless(b"HTTP/1.1 200 OK\r\n", b"X-More: a\r\n" * 1000),
    "interim-answers": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "redirect": endless(head(302, location="/elsewhere"), MEGABYTE),
    "gzip": endless(head(content_encoding="gzip"), BOMB),
}


@pytest.mark.parametrize("script", FLOODS.values(), ids=FLOODS)
def test_endless_answer_is_cut_off(serve: Serve, script: Script) -> None:
    assert_unavailable(serve(script), timeout=(3, 60))


ONE_ANSWER_TOO_LARGE: dict[str, bytes] = {
    "plain": b'"' + b"a" * MAX_BODY_BYTES + b'"',
    "white-space": b"{}" + b" " * MAX_BODY_BYTES,
}


@pytest.mark.parametrize("body", ONE_ANSWER_TOO_LARGE.values(), ids=ONE_ANSWER_TOO_LARGE)
def test_answer_over_a_megabyte_is_none(serve: Serve, body: bytes) -> None:
    assert_unavailable(serve(raw(head(content_length=len(body)) + body)), timeout=(3, 60))


def test_answer_of_a_megabyte_is_read(serve: Serve) -> None:
    body = b"{}" + b" " * (MAX_BODY_BYTES - 2)
    server = serve(raw(head(content_length=len(body)) + body))
    start(client_of(server))
    assert len(server.requests) == 1


def test_compressed_answer_is_neither_asked_for_nor_unpacked(serve: Serve) -> None:
    body = gzip.compress(b"{}")
    server = serve(raw(head(content_encoding="gzip", content_length=len(body)) + body))
    assert_unavailable(server)
    assert server.requests[0].headers["accept-encoding"] == "identity"


# Redirects, netrc, cookies


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
def test_redirect_is_not_followed(serve: Serve, status: int) -> None:
    target = serve(answer(SENT))
    server = serve(answer(SENT, status, location=f"{target.url}/passwordless/start"))
    assert_unavailable(server)
    assert (len(server.requests), target.requests) == (1, [])


def test_netrc_is_ignored(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login somebody password theirs\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server = serve(answer([]))
    client_of(server).mfa.list_authenticators("mfa-token")
    assert server.requests[0].headers["authorization"] == "Bearer mfa-token"


def test_netrc_adds_no_authorization(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password theirs\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = serve(answer(SENT))
    start(client_of(server))
    assert "authorization" not in server.requests[0].headers


def test_cookies_are_not_kept(serve: Serve) -> None:
    server = serve(answer(SENT, set_cookie="did=1; Path=/; HttpOnly"))
    client = client_of(server)
    start(client)
    start(client)
    assert [request.headers.get("cookie") for request in server.requests] == [None, None]


# The environment: proxies and the CA bundle


def test_proxy_of_environment_is_used(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve(answer(SENT))
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    start(Auth0Client("http://tenant.example", CLIENT_ID))
    assert proxy.requests[0].target == "http://tenant.example/passwordless/start"


def test_proxy_is_left_out_by_no_proxy(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, server = serve(answer(SENT)), serve(answer(SENT))
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "localhost")
    start(client_of(server))
    assert (proxy.requests, len(server.requests)) == ([], 1)


@pytest.mark.parametrize("script", SOME_DRIPS.values(), ids=SOME_DRIPS)
def test_dripping_proxy_ends_by_deadline(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, script: Script
) -> None:
    proxy = serve(script)
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    began = time.monotonic()
    with pytest.raises(Unavailable):
        start(Auth0Client("http://tenant.example", CLIENT_ID, timeout=(0.3, 0.3)))
    assert time.monotonic() - began < FAR_TOO_LONG


@pytest.mark.parametrize("part", ["status-line", "headers", "many-headers"])
def test_dripping_tunnel_ends_by_deadline(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    proxy = serve(DRIPS[part])
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    began = time.monotonic()
    with pytest.raises(Unavailable):
        start(Auth0Client("https://tenant.example", CLIENT_ID, timeout=(0.3, 0.3)))
    assert time.monotonic() - began < FAR_TOO_LONG
    assert [request.method for request in proxy.requests] == ["CONNECT"]


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_socks_proxy_of_environment_is_used(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    proxy = serve(answer(SENT), greet=speak_socks)
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:{proxy.port}")
    client = Auth0Client("http://127.0.0.2", CLIENT_ID)
    for _ in range(2):
        start(client)
    assert (len(proxy.requests), proxy.connections) == (2, 1)


def test_dripping_answer_through_socks_ends_by_deadline(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(DRIPS["headers"], greet=speak_socks)
    monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{proxy.port}")
    assert_unavailable(proxy)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def test_ca_bundle_of_environment_is_used(
    serve: Serve, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.certificate))
    server = serve(answer(SENT), tls=authority.context)
    for _ in range(2):
        start(client_of(server))
    assert (len(server.requests), server.connections) == (2, 1)


def test_unknown_certificate_is_refused(serve: Serve, authority: Authority) -> None:
    server = serve(answer(SENT), tls=authority.context)
    assert_unavailable(server)
    assert server.requests == []


def test_certificate_of_another_host_is_refused(
    serve: Serve, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.certificate))
    server = serve(answer(SENT), tls=authority.context)
    with pytest.raises(Unavailable, match="SSLError"):
        start(Auth0Client(server.url.replace("localhost", "127.0.0.1"), CLIENT_ID))
    assert server.requests == []


@pytest.mark.parametrize("script", SOME_DRIPS.values(), ids=SOME_DRIPS)
def test_dripping_answer_over_tls_ends_by_deadline(
    serve: Serve, authority: Authority, monkeypatch: pytest.MonkeyPatch, script: Script
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.certificate))
    assert_unavailable(serve(script, tls=authority.context))


def test_tunnel_reaches_the_tenant(
    serve: Serve, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(answer(SENT), tls=authority.context)
    proxy = serve(tunnel_to(server))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.certificate))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    for _ in range(2):
        start(client_of(server))
    assert (len(server.requests), proxy.connections) == (2, 1)


def tunnel_to(server: ScriptedServer) -> Script:
    """A proxy's part: answer CONNECT, then pass bytes both ways."""

    def script(connection: Connection, request: Request) -> bool:
        with socket.create_connection(("127.0.0.1", server.port)) as target:
            connection.send(head())
            ways = [(connection.request, target), (target, connection.request)]
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda way: pass_bytes(*way), ways))
        return False

    return script


def pass_bytes(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


# Processes

CALLS_AROUND_A_FORK = """
import os, sys
from django_pwdless.auth0 import Auth0Client

def start():
    Auth0Client(sys.argv[1], "client-id").passwordless.start("email", "a@example.com")

start()
child = os.fork()
start()
if child:
    status = os.waitpid(child, 0)[1]
    start()
    sys.exit(os.waitstatus_to_exitcode(status))
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in a new process, where no thread has been started yet."""
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not fork")
def test_forked_child_has_connections_of_its_own(serve: Serve) -> None:
    server = serve(answer(SENT))
    done = run(CALLS_AROUND_A_FORK, server.url)
    assert (done.returncode, done.stderr) == (0, "")
    # Three calls of the parent on one connection, and one of the child on another.
    assert sorted(request.connection for request in server.requests) == [1, 1, 1, 2]


NO_SESSION_AT_IMPORT = """
import requests

def refuse(self):
    raise AssertionError("a session at import")

requests.Session.__init__ = refuse
import django_pwdless.auth0
"""


def test_import_makes_no_session() -> None:
    done = run(NO_SESSION_AT_IMPORT)
    assert (done.returncode, done.stderr) == (0, "")
