from __future__ import annotations

from typing import Any

import pytest

from tests.checks import MINIMAL, ids

LABEL = "a" * 63
DOMAINS = [
    *("example.eu.auth0.com", "login.example.com:8443", "xn--mnchen-3ya.example", "0-9.example"),
    *("localhost", "localhost:3000", "127.0.0.1:3000", "[::1]:3000", "[2001:db8::1]", "host:65535"),
    f"{LABEL}.example",
]
LOCAL_ORIGINS = [
    *("http://localhost", "http://localhost:3000", "http://127.0.0.1:3000", "http://127.255.0.9:1"),
    *("http://[::1]:3000", "http://[::1]"),
]
NOT_DOMAINS = [
    # a scheme that does not belong
    *("https://example.eu.auth0.com", "HTTP://localhost", "http://example.eu.auth0.com"),
    *("http://", "http://http://localhost", "//example.com"),
    # a host that only looks like loopback
    *("http://localhost.example.com", "http://127.0.0.1.example.com", "http://128.0.0.1:3000"),
    *("http://127.1:3000", "http://0x7f.0.0.1", "http://[::ffff:127.0.0.1]:3000"),
    *("http://[0:0:0:0:0:0:0:1]", "http://[::1%25lo]", "http://::1", "http://0.0.0.0:3000"),
    # something after the port
    *("http://localhost:3000/", "http://localhost/", "http://localhost:", "http://localhost:1?x"),
    *(
        "http://localhost:1#x",
        "example.com/",
        "example.com/path",
        "example.com?x=1",
        "example.com#",
    ),
    # somebody at the host
    *("http://me@localhost", "user@example.com", "user:password@example.com"),
    # white space and spelling
    *(" example.com", "example.com\n", "exa mple.com", "Example.eu.auth0.com", "münchen.example"),
    *("example.com.", ".example.com", "example..com", "-example.com", "example-.com"),
    *("exam_ple.com", f"a{LABEL}.example", ".".join([LABEL] * 4), "\0", "\ud800.example"),
    pytest.param("a" * 100_000, id="endless"),
    # ports
    *("example.com:", "example.com:0", "example.com:080", "example.com:65536", "example.com:٣"),
    *("example.com:80:80", ":443"),
    # addresses
    *("999.0.0.1", "1.2.3", "::1", "[::1", "[127.0.0.1]", "[zz]", "[]"),
]


@pytest.mark.parametrize("domain", DOMAINS)
def test_domain_is_taken(domain: str) -> None:
    assert ids({**MINIMAL, "DOMAIN": domain}, deploy=True) == []


@pytest.mark.parametrize("domain", NOT_DOMAINS)
def test_domain_malformed(domain: str) -> None:
    assert ids({**MINIMAL, "DOMAIN": domain}, deploy=True) == ["pwdless.E010"]


@pytest.mark.parametrize("domain", LOCAL_ORIGINS)
def test_domain_of_a_local_tenant(domain: str) -> None:
    assert ids({**MINIMAL, "DOMAIN": domain}) == []
    assert ids({**MINIMAL, "DOMAIN": domain}, deploy=True) == ["pwdless.E011"]


@pytest.mark.parametrize("base_url", [*LOCAL_ORIGINS, *(f"https://{host}" for host in DOMAINS)])
def test_base_url_is_taken(base_url: str) -> None:
    assert ids({**MINIMAL, "BASE_URL": base_url}) == []


@pytest.mark.parametrize(
    "base_url",
    [
        *("https://www.example.com/", "https://www.example.com/accounts", "https://example.com?x"),
        *("http://www.example.com", "www.example.com", "ftp://localhost", "https:example.com"),
        *("https://", "://example.com", "https://user@example.com", "https://example.com\n"),
        *("https://WWW.example.com", "HTTPS://example.com", "https://https://example.com"),
    ],
)
def test_base_url_malformed(base_url: str) -> None:
    assert ids({**MINIMAL, "BASE_URL": base_url}) == ["pwdless.E012"]


SEVERAL_HOSTS = [
    *(["*"], ["example.com", "*"], [".example.com"], (".example.com",)),
    *(["example.com", "www.example.com"], {"example.com", "example.org"}),
]


@pytest.mark.parametrize("method", ["email-link", "universal"])
@pytest.mark.parametrize("hosts", SEVERAL_HOSTS)
def test_several_hosts_with_a_redirect_method(method: str, hosts: Any) -> None:
    keys = {**MINIMAL, "METHODS": ["email-code", method]}
    site: dict[str, Any] = {"ALLOWED_HOSTS": hosts, "SECURE_SSL_REDIRECT": True}
    assert ids(keys, **site) == []
    assert ids(keys, **site, deploy=True) == ["pwdless.E013"]
    assert ids({**keys, "BASE_URL": "https://example.com"}, **site, deploy=True) == []


@pytest.mark.parametrize("hosts", SEVERAL_HOSTS)
def test_several_hosts_without_a_redirect_method(hosts: Any) -> None:
    assert ids(ALLOWED_HOSTS=hosts, deploy=True) == []


@pytest.mark.parametrize("hosts", [["example.com"], ["example.com", "Example.com"], [], None, [5]])
def test_one_host_with_a_redirect_method(hosts: Any) -> None:
    keys = {**MINIMAL, "METHODS": ["email-link"]}
    assert ids(keys, ALLOWED_HOSTS=hosts, SECURE_SSL_REDIRECT=True, deploy=True) == []


@pytest.mark.parametrize("method", ["email-link", "universal"])
def test_unknown_scheme_with_a_redirect_method(method: str) -> None:
    keys = {**MINIMAL, "METHODS": [method]}
    assert ids(keys) == []
    hosts = ["example.com"]
    assert ids(keys, ALLOWED_HOSTS=hosts, deploy=True) == ["pwdless.W010"]
    assert ids({**keys, "BASE_URL": "https://example.com"}, deploy=True) == []


@pytest.mark.parametrize(
    "site",
    [
        {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")},
        {"SECURE_SSL_REDIRECT": True},
    ],
)
def test_known_scheme_with_a_redirect_method(site: dict[str, Any]) -> None:
    keys = {**MINIMAL, "METHODS": ["email-link"]}
    assert ids(keys, **site, ALLOWED_HOSTS=["example.com"], deploy=True) == []
