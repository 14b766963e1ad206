"""What only real sockets can show: connections, and what is never sent."""

from __future__ import annotations

import gc
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

import pytest

from django_pwdless.auth0 import Auth0Client
from django_pwdless.exceptions import Auth0Error, Unavailable
from tests.auth0.conftest import client_of
from tests.auth0.keys import CLIENT_ID
from tests.auth0.sending import SENT, Serve, assert_unavailable, start
from tests.auth0.server import Connection, Request, Script, answer, head, raw

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
