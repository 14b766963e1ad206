"""Sockets: loopback only, one connection for many calls, TLS, clean ends."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time

import pytest
import requests

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.loopback import is_local_url, is_loopback, is_loopback_authority

from .site import ANN, Site

CONFIGURATION = "/.well-known/openid-configuration"


def raw(tenant: LocalTenant, request: bytes) -> bytes:
    """Send bytes and return all that comes until the end."""
    host, _, port = tenant.domain.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 5) as sock:
        sock.sendall(request)
        sock.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: sock.recv(65536), b""))


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "192.0.2.1", "::", "example.com", "", "localhost.example.com", "127.1"]
)
def test_other_addresses_are_refused(host):
    with pytest.raises(ValueError, match="loopback"):
        LocalTenant(host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
def test_tenant_listens_on_loopback_addresses(host):
    with LocalTenant(host=host) as tenant:
        site = Site(tenant)
        assert site.get(CONFIGURATION).json()["issuer"] == tenant.issuer
        site.session.close()


def test_tenant_listens_on_ipv6():
    try:
        tenant = LocalTenant(host="::1").start()
    except OSError:
        pytest.skip("no IPv6 here")
    try:
        assert tenant.domain.startswith("http://[::1]:")
        site = Site(tenant)
        assert site.start().status_code == 200
        site.session.close()
    finally:
        tenant.stop()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a@localhost", "", "["])
@pytest.mark.parametrize("path", [CONFIGURATION, "/", "/_tenant/messages"])
def test_foreign_host_is_refused_everywhere(site, tenant, host, path):
    answer = site.get(path, headers={"Host": host})
    assert answer.status_code in (400, 403)
    assert tenant.requests == []


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:80", "127.0.0.1:1", "[::1]:5", "127.9.9.9"]
)
def test_loopback_host_is_answered(site, host):
    assert site.get(CONFIGURATION, headers={"Host": host}).status_code == 200


def test_request_without_host_is_refused(tenant):
    assert raw(tenant, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 403 ")


def test_connection_is_kept_alive_and_counted(site, tenant):
    site.sign_in()
    site.get(CONFIGURATION)
    assert tenant.connections == 1
    assert len({call.connection for call in tenant.requests}) == 1
    other = Site(tenant)
    other.start()
    other.session.close()
    assert tenant.connections == 2


def test_pages_and_control_are_not_counted(site, tenant):
    for path in ("/", "/switches", "/people", "/assets/tenant.css", "/_tenant/messages"):
        assert site.get(path).status_code == 200
    assert (tenant.connections, tenant.requests) == (0, [])


def test_calls_are_recorded(site, tenant):
    site.call("POST", "/oauth/token?a=b", data={"grant_type": "x"}, headers={"X-Test": "1"})
    (call,) = tenant.calls("/oauth/token")
    assert (call.method, call.path, call.query) == ("POST", "/oauth/token", {"a": "b"})
    assert (call.body, call.raw) == ({"grant_type": "x"}, b"grant_type=x")
    assert call.headers["x-test"] == "1"


def test_many_at_once(tenant):
    def sign_in(number: int) -> None:
        site = Site(tenant)
        subjects.append(site.sign_in(f"person{number}@example.com")["sub"])
        site.session.close()

    subjects: list[str] = []
    threads = [threading.Thread(target=sign_in, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(subjects)) == 12


def test_tls_serves_the_api():
    with LocalTenant(tls=True) as tenant:
        assert "://" not in tenant.domain
        assert tenant.issuer == f"https://{tenant.domain}/"
        site = Site(tenant)
        assert site.sign_in()["email"] == ANN
        assert tenant.connections == 1
        site.session.close()


def test_tls_is_not_trusted_by_itself():
    with LocalTenant(tls=True) as tenant, requests.Session() as session:
        session.trust_env = False
        with pytest.raises(requests.exceptions.SSLError):
            session.get(tenant.issuer)


@pytest.mark.parametrize("fault", ["reset_within_body", "timeout", "refused"])
def test_faults_happen_over_tls_too(fault):
    with LocalTenant(tls=True) as tenant:
        site = Site(tenant)
        tenant.fail("*", fault)
        with pytest.raises(requests.RequestException):
            site.get(CONFIGURATION, timeout=0.2)
        tenant.recover()
        assert site.get(CONFIGURATION).status_code == 200
        site.session.close()


def test_tls_handshake_that_never_ends():
    with LocalTenant(tls=True) as tenant:
        host, _, port = tenant.domain.partition(":")
        with socket.create_connection((host, int(port))):
            began = time.monotonic()
            tenant.stop()
            assert time.monotonic() - began < 2


def test_certificate_passes_strict_checks(tmp_path):
    with LocalTenant(tls=True) as tenant:
        context = ssl.create_default_context(cafile=tenant.ca_file)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        host, _, port = tenant.domain.partition(":")
        connection = http.client.HTTPSConnection(host, int(port), context=context)
        connection.request("GET", CONFIGURATION)
        assert connection.getresponse().status == 200
        connection.close()


def test_ca_file_without_tls(tenant):
    with pytest.raises(ValueError, match="tls"):
        _ = tenant.ca_file


def test_stop_ends_calls_that_hang():
    tenant = LocalTenant().start()
    tenant.fail("*", "timeout")
    timer = threading.Timer(0.1, tenant.stop)
    timer.start()
    with pytest.raises(requests.ConnectionError):
        requests.get(tenant.issuer + "x", timeout=10)
    timer.join()
    assert not tenant.is_running


def test_stop_and_start_again_at_the_same_place():
    tenant = LocalTenant().start()
    place = tenant.base_url
    tenant.stop()
    tenant.start()
    assert tenant.base_url == place
    site = Site(tenant)
    assert site.start().status_code == 200
    site.session.close()
    tenant.stop()


def test_taken_port_raises(tenant):
    port = int(tenant.base_url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        LocalTenant(port).start()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\n\r\n", b"505"),
        (b"GET /" + b"x" * 70_000, b"414"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"411"),
    ],
)
def test_malformed_request_has_its_status(tenant, request_, status):
    assert status in raw(tenant, request_)


def test_head_has_no_body(site):
    answer = site.call("HEAD", CONFIGURATION)
    assert answer.status_code == 200 and answer.content == b""
    assert site.get(CONFIGURATION).status_code == 200


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://testserver/cb", True),
        ("https://localhost:8000/cb?x", True),
        ("http://site.localhost/", True),
        ("http://[::1]/", True),
        ("http://127.0.0.1.example/", False),
        ("http://localhost@evil.example/", False),
        ("//localhost/", False),
        ("javascript:localhost", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_is_local_url(url, expected):
    assert is_local_url(url) is expected


def test_loopback_is_told_from_what_looks_like_it():
    assert is_loopback("LOCALHOST") and not is_loopback("localhost.")
    assert is_loopback_authority("localhost:80") and not is_loopback_authority("localhost:x")
    assert not is_loopback_authority("localhost:80/evil")


FROM_ELSEWHERE = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
@pytest.mark.parametrize("path", ["/oauth/token", "/passwordless/start", "/nothing"])
def test_what_another_sites_page_posts_is_not_kept(site, tenant, path, headers):
    """A page on the web may post to this machine: its megabytes would stay until the end."""
    type_ = {"Content-Type": "application/x-www-form-urlencoded"}
    body = b"a=" + b"x" * 1_000_000
    site.call("POST", path, data=body, headers={**headers, **type_})
    (call,) = tenant.calls(path)
    assert (call.raw, call.body) == (b"", {})


def test_what_a_program_posts_is_kept(site, tenant):
    site.exchange("123456")
    (call,) = tenant.calls("/oauth/token")
    assert b"123456" in call.raw and call.body["otp"] == "123456"
