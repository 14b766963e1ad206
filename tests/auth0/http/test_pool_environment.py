"""The environment: proxies and the CA bundle."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from django_pwdless.auth0 import Auth0Client
from django_pwdless.exceptions import Unavailable
from tests.auth0.certificates import Authority
from tests.auth0.conftest import client_of
from tests.auth0.keys import CLIENT_ID
from tests.auth0.sending import (
    DRIPS,
    SENT,
    SHORT,
    SOME_DRIPS,
    Serve,
    assert_unavailable,
    start,
    unavailable_soon,
)
from tests.auth0.server import (
    Connection,
    Request,
    Script,
    ScriptedServer,
    answer,
    head,
    speak_socks,
)


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


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_proxy_that_changes_is_used(
    name: str, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read of the environment counts as long as it says the same."""
    client = Auth0Client("http://tenant.example", CLIENT_ID)
    for proxy in (serve(answer(SENT)), serve(answer(SENT))):
        monkeypatch.setenv(name, proxy.url)
        start(client)
        assert len(proxy.requests) == 1


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_proxy_that_is_left_out_from_now_on(
    name: str, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = serve(answer(SENT)), serve(answer(SENT))
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    start(client_of(server))
    monkeypatch.setenv(name, "localhost,127.0.0.1")
    start(client_of(server))
    assert (len(proxy.requests), len(server.requests)) == (1, 1)


@pytest.mark.parametrize("script", SOME_DRIPS.values(), ids=SOME_DRIPS)
def test_dripping_proxy_ends_by_deadline(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, script: Script
) -> None:
    proxy = serve(script)
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    with unavailable_soon():
        start(Auth0Client("http://tenant.example", CLIENT_ID, timeout=SHORT))


@pytest.mark.rows(1)
@pytest.mark.parametrize("part", ["status-line", "headers", "many-headers"])
def test_dripping_tunnel_ends_by_deadline(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    proxy = serve(DRIPS[part])
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    with unavailable_soon():
        start(Auth0Client("https://tenant.example", CLIENT_ID, timeout=(0.3, 0.3)))
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
    assert_unavailable(proxy, timeout=SHORT)


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
    assert_unavailable(serve(script, tls=authority.context), timeout=SHORT)


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
