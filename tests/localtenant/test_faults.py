"""Everything that can go wrong on the way, with times and recovery."""

from __future__ import annotations

import contextlib
import threading
import time

import pytest
import requests

from django_pwdless.localtenant.faults.armed import FAULTS, named_fault
from django_pwdless.localtenant.faults.unusable_answers import MEGABYTE

from .site import ANN

START = "/passwordless/start"
HANGS = ("timeout", "timeout_within_body", "slow_drip", "slow_headers")


def start_fails(site, **options):
    with pytest.raises(requests.RequestException) as caught:
        site.post_start({"connection": "email", "email": ANN, "send": "code"}, **options)
    return caught.value


def answered(site, tenant, fault):
    tenant.fail(START, fault)
    return site.start()


@pytest.mark.parametrize("fault", ["reset", "closed", "reset_before_body", "garbage"])
def test_connection_broken(site, tenant, fault):
    tenant.fail(START, fault, times=1)
    start_fails(site)
    assert site.start().status_code == 200


@pytest.mark.parametrize("fault", ["reset_within_body", "closed_within_body"])
def test_body_broken(site, tenant, fault):
    tenant.fail(START, fault, times=1)
    start_fails(site)
    assert site.start().status_code == 200


@pytest.mark.parametrize("fault", HANGS[:3])
def test_hangs_until_the_client_goes_away(site, tenant, fault):
    tenant.fail(START, fault, times=1)
    began = time.monotonic()
    with contextlib.suppress(requests.RequestException):
        site.post_start({"connection": "email"}, timeout=0.1, stream=True).close()
    assert site.start().status_code == 200
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("fault", HANGS[:3])
def test_hangs_until_recovered(site, tenant, fault):
    tenant.fail(START, fault)
    timer = threading.Timer(0.1, tenant.recover)
    timer.start()
    start_fails(site)
    timer.join()
    assert site.start().status_code == 200


def test_endless(site, tenant):
    tenant.fail(START, "endless")
    with site.call("POST", START, json={}, stream=True) as answer:
        assert answer.raw.read(MEGABYTE) and answer.raw.read(MEGABYTE)


def test_slow_drip_is_blanks(site, tenant):
    tenant.fail(START, "slow_drip")
    with site.call("POST", START, json={}, stream=True) as answer:
        assert answer.status_code == 200
        assert answer.raw.read(3) == b"   "


def test_refused(site, tenant):
    assert site.start().status_code == 200
    tenant.fail(START, "refused")
    for _ in range(2):
        assert "refused" in str(start_fails(site)).lower()
    tenant.recover()
    assert site.start().status_code == 200
    assert len(tenant.calls(START)) == 2


def test_refused_before_the_thread_that_answered_has_run_again(site, tenant):
    """Its last byte is out, so the client goes on, but it does not know yet that it is idle."""
    may_run = threading.Event()

    def hold(frame, event, called):
        if event == "c_return" and called.__name__ == "sendall":
            may_run.wait(5)

    threading.setprofile(hold)
    try:
        assert site.start().status_code == 200
    finally:
        threading.setprofile(None)
    timer = threading.Timer(0.1, may_run.set)
    timer.start()
    tenant.fail(START, "refused")
    assert "refused" in str(start_fails(site)).lower()
    timer.join()


def test_rate_limited(site, tenant):
    answer = answered(site, tenant, "rate_limited")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()["error"] == "too_many_requests"


def test_rate_limited_reset_header(site, tenant):
    answer = answered(site, tenant, "rate_limited_reset_header")
    assert "Retry-After" not in answer.headers
    assert 0 < int(answer.headers["x-ratelimit-reset"]) - time.time() < 10


def test_rate_limited_without_retry_after(site, tenant):
    answer = answered(site, tenant, "rate_limited_without_retry_after")
    assert answer.status_code == 429
    assert not [name for name in answer.headers if "ratelimit" in name or "retry" in name.lower()]


def test_server_error(site, tenant):
    answer = answered(site, tenant, "server_error")
    assert (answer.status_code, answer.json()["error"]) == (500, "server_error")


@pytest.mark.parametrize(
    ("fault", "status"), [("bad_gateway_html", 502), ("html", 200), ("rate_limited_html", 429)]
)
def test_html(site, tenant, fault, status):
    answer = answered(site, tenant, fault)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")


def test_redirect(site, tenant):
    answer = answered(site, tenant, "redirect")
    assert (answer.status_code, answer.headers["Location"]) == (307, "/redirected")
    site.start(email="bo@example.com")
    assert tenant.calls("/redirected") == []


@pytest.mark.parametrize(
    ("fault", "expected"),
    [("null", None), ("object", {}), ("string", "access_token"), ("infinite", dict)],
)
def test_json_of_other_shapes(site, tenant, fault, expected):
    found = answered(site, tenant, fault).json()
    assert isinstance(found, dict) if expected is dict else found == expected


def test_list(site, tenant):
    assert isinstance(answered(site, tenant, "list").json(), list)


@pytest.mark.parametrize("fault", ["empty", "truncated", "deeply_nested"])
def test_unreadable(site, tenant, fault):
    answer = answered(site, tenant, fault)
    assert answer.status_code == 200
    with pytest.raises((ValueError, RecursionError)):
        answer.json()


def test_wrong_types(site, tenant):
    body = answered(site, tenant, "wrong_types").json()
    assert isinstance(body["id_token"], dict) and isinstance(body["expires_in"], str)


def test_wrong_types_of_a_list(site, tenant):
    tenant.fail("/mfa/authenticators", "wrong_types")
    assert None in site.get("/mfa/authenticators").json()


def test_wrong_types_error(site, tenant):
    answer = answered(site, tenant, "wrong_types_error")
    assert (answer.status_code, answer.json()["error"]) == (403, {"code": 1})


@pytest.mark.parametrize("fault", ["megabyte", "gzip_bomb"])
def test_large(site, tenant, fault):
    assert len(answered(site, tenant, fault).content) > MEGABYTE


def test_not_utf8(site, tenant):
    with pytest.raises(UnicodeDecodeError):
        answered(site, tenant, "not_utf8").content.decode()


def test_huge_number(site, tenant):
    assert len(answered(site, tenant, "huge_number").text) > 5000


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_sent_by_a_fault(site, tenant, fault):
    tenant.fail(START, fault)
    timer = threading.Timer(0.2, tenant.recover)
    timer.start()
    with contextlib.suppress(requests.RequestException):
        site.post_start({"connection": "email"}, timeout=0.1, stream=True).close()
    timer.cancel()
    assert tenant.inbox.messages() == []


def test_after_its_work(site, tenant):
    tenant.fail(START, "reset_within_body", times=1, after=True)
    start_fails(site)
    assert tenant.inbox.latest(ANN).code


def test_times(site, tenant):
    tenant.fail(START, "server_error", times=2)
    assert [site.start().status_code for _ in range(3)] == [500, 500, 200]


def test_path(site, tenant):
    tenant.fail("/oauth/token", "server_error")
    code = site.code()
    assert site.exchange(code).status_code == 500
    tenant.recover("/oauth/token")
    assert site.exchange(code).status_code == 200


def test_everywhere(site, tenant):
    tenant.fail("*", "server_error")
    assert site.get("/.well-known/jwks.json").status_code == 500
    assert site.start().status_code == 500


def test_second_fault_of_a_path_replaces_the_first(site, tenant):
    tenant.fail(START, "server_error")
    tenant.fail(START, "bad_gateway_html")
    assert site.start().status_code == 502


def test_unknown_fault():
    with pytest.raises(ValueError, match="no fault 'gremlins'"):
        named_fault(START, "gremlins")


def test_latency(site, tenant):
    tenant.switches.latency, tenant.switches.connection_latency = 0.05, 0.1
    times = []
    for _ in range(2):
        began = time.monotonic()
        site.get("/.well-known/openid-configuration")
        times.append(time.monotonic() - began)
    assert times[0] >= 0.15 and times[1] >= 0.05
