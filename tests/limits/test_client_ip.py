"""Who is asking: threats 18 (addresses that can be forged, shared or rotated) and 19."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest
from django.test import RequestFactory

from django_pwdless.limits import client_ip
from django_pwdless.limits.client_ip import client_address, limit_key, routable

PROXY = "10.0.0.1"


@pytest.fixture(autouse=True)
def warn_again() -> Iterator[None]:
    """The warning comes once a process: let it come once a test."""
    client_ip._warn_once.cache_clear()
    yield
    client_ip._warn_once.cache_clear()


def request_from(remote: str | None, forwarded: str | None = None) -> HttpRequest:
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=remote, **headers)


def address_of(request: HttpRequest) -> str | None:
    address = client_address(request)
    return None if address is None else str(address)


def configure(settings: Any, **keys: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, **keys}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        (" 203.0.113.9 ", "203.0.113.9"),
        ("203.0.113.9:49152", "203.0.113.9"),
        ("2001:db8::9", "2001:db8::9"),
        ("2001:DB8:0:0::9", "2001:db8::9"),
        ("[2001:db8::9]", "2001:db8::9"),
        ("[2001:db8::9]:443", "2001:db8::9"),
        ("fe80::9%eth0", "fe80::9"),
        ("[fe80::9%eth0]:443", "fe80::9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("[::ffff:203.0.113.9]:443", "203.0.113.9"),
        ("::ffff:cb00:7109", "203.0.113.9"),
        # Translated (RFC 6052, RFC 7915), compatible, 6to4 and Teredo.
        ("64:ff9b::203.0.113.9", "203.0.113.9"),
        ("64:ff9b::cb00:7109", "203.0.113.9"),
        ("::ffff:0:203.0.113.9", "203.0.113.9"),
        ("::203.0.113.9", "203.0.113.9"),
        ("2002:cb00:7109:1::1", "203.0.113.9"),
        ("2001:0:4136:e378:8000:63bf:34ff:8ef6", "203.0.113.9"),
        ("::1", "::1"),
        ("::", "::"),
        ("64:ff9b:1::203.0.113.9", "64:ff9b:1::cb00:7109"),
        ("", None),
        (" ", None),
        ("unknown", None),
        ("unix:", None),
        ("localhost", None),
        ("203.0.113", None),
        ("203.0.113.9.9", None),
        ("203.0.113.256", None),
        ("203.0.113.09", None),
        ("[2001:db8::9", "2001:db8::9"),
        ("[]", None),
        (":::", None),
        ("2001:db8::9::", None),
        ("٢٠٣.0.113.9", None),
        ("203.0.113.9\0", None),
        ("1" * 100_000, None),
        ("<script>", None),
    ],
)
def test_address_is_read(text: str, address: str | None) -> None:
    assert address_of(request_from(text)) == address


def test_remote_address_missing() -> None:
    request = request_from(None)
    del request.META["REMOTE_ADDR"]
    assert client_address(request) is None


@pytest.mark.parametrize("forwarded", ["198.51.100.7", "198.51.100.7, 198.51.100.8", ""])
def test_forwarded_header_is_not_trusted_by_default(forwarded: str) -> None:
    assert address_of(request_from("203.0.113.9", forwarded)) == "203.0.113.9"


@pytest.mark.parametrize(
    ("hops", "forwarded", "address"),
    [
        (1, "198.51.100.7", "198.51.100.7"),
        # What the client itself claims stands on the left.
        (1, "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        (1, "6.6.6.6,7.7.7.7,198.51.100.7", "198.51.100.7"),
        (2, "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "6.6.6.6, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (3, "198.51.100.7, 10.0.0.3, 10.0.0.2", "198.51.100.7"),
        # Fewer entries than proxies: somebody got past one of them.
        (2, "198.51.100.7", PROXY),
        (3, "6.6.6.6, 198.51.100.7", PROXY),
        (1, None, PROXY),
        (2, None, PROXY),
        (1, "", PROXY),
        (1, "   ", PROXY),
        # An entry that cannot be read is nobody, and never the one beside it.
        (1, "6.6.6.6, unknown", None),
        (1, "6.6.6.6,", None),
        (1, "6.6.6.6, ", None),
        (2, "6.6.6.6, , 10.0.0.2", None),
        (1, "198.51.100.7:1234", "198.51.100.7"),
        (1, '"[2001:db8::9]:1234"', None),
        (1, "[2001:db8::9]:1234", "2001:db8::9"),
        (1, "fe80::9%eth0", "fe80::9"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
        (1, "6.6.6.6, " * 5000 + "198.51.100.7", "198.51.100.7"),
    ],
)
def test_forwarded_address_behind_proxies(
    hops: int, forwarded: str | None, address: str | None, settings: Any
) -> None:
    configure(settings, TRUSTED_PROXIES=hops)
    assert address_of(request_from(PROXY, forwarded)) == address


def test_header_lines_are_joined(settings: Any) -> None:
    configure(settings, TRUSTED_PROXIES=2)
    lines = [(b"x-forwarded-for", b"6.6.6.6"), (b"x-forwarded-for", b"198.51.100.7, 10.0.0.2")]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": lines}
    assert address_of(ASGIRequest(scope, None)) == "198.51.100.7"


def from_header(request: HttpRequest) -> Any:
    return request.META.get("HTTP_X_REAL_IP")


@pytest.mark.parametrize(
    ("answer", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("[2001:db8::9]:443", "2001:db8::9"),
        ("", None),
        (None, None),
        ("nobody", None),
        (b"198.51.100.7", None),
        (3325256711, None),
    ],
)
def test_site_names_the_address(answer: Any, address: str | None, settings: Any) -> None:
    configure(settings, CLIENT_IP=f"{__name__}.from_header", TRUSTED_PROXIES=1)
    request = request_from("203.0.113.9", "203.0.113.10")
    request.META["HTTP_X_REAL_IP"] = answer
    assert address_of(request) == address


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::9%eth0", "fe80::9%eth1", True),
    ],
)
def test_limits_count_together(one: str, other: str, is_same: bool) -> None:
    keys = [limit_key(client_address(request_from(text))) for text in (one, other)]
    assert (keys[0] == keys[1]) is is_same


@pytest.mark.parametrize("text", ["", "unknown", "unix:"])
def test_unreadable_address_counts_nowhere(text: str) -> None:
    address = client_address(request_from(text))
    assert (limit_key(address), routable(address)) == (None, None)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("8.8.8.8", "8.8.8.8"),
        ("::ffff:8.8.8.8", "8.8.8.8"),
        ("2606:4700::1111", "2606:4700::1111"),
        ("127.0.0.1", None),
        ("10.1.2.3", None),
        ("192.168.1.1", None),
        ("169.254.1.1", None),
        ("100.64.0.1", None),
        ("203.0.113.9", None),
        ("0.0.0.0", None),
        ("255.255.255.255", None),
        ("224.0.0.1", None),
        ("::1", None),
        ("fe80::9%eth0", None),
        ("fc00::1", None),
        ("2001:db8::9", None),
        ("ff0e::1", None),
        ("::ffff:10.1.2.3", None),
        ("64:ff9b::10.1.2.3", None),
        ("64:ff9b::8.8.8.8", "8.8.8.8"),
        ("2002:a01:203::1", None),
    ],
)
def test_only_public_addresses_leave_the_site(text: str, shown: str | None) -> None:
    assert routable(client_address(request_from(text))) == shown


def test_unreadable_address_is_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        client_address(request_from("unix:"))
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("django_pwdless", "WARNING")
    assert "TRUSTED_PROXIES" in record.getMessage()


def test_readable_address_is_not_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    client_address(request_from("203.0.113.9"))
    assert not caplog.records
