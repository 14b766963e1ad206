"""What a site hears of a login."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from django_pwdless import signals
from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from django_pwdless.session.pending_login import PENDING_KEY

from .browser import ANN, BEN, START, TOKEN, Browser
from .conftest import Configure

pytestmark = pytest.mark.django_db

NAMES = {
    "started": signals.login_started,
    "linked": signals.identity_linked,
    "refused": signals.login_refused,
    "mfa_started": signals.mfa_started,
    "logged_in": user_logged_in,
    "logged_out": user_logged_out,
    "failed": user_login_failed,
}


class Heard(list[tuple[str, dict[str, Any]]]):
    """What was sent, in order: the signal's name and its arguments."""

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self]

    def only(self, name: str) -> dict[str, Any]:
        (arguments,) = (arguments for heard, arguments in self if heard == name)
        return arguments


@pytest.fixture
def heard() -> Iterator[Heard]:
    heard = Heard()
    receivers = {}
    for name, signal in NAMES.items():

        def receive(*, signal: Any, name: str = name, **arguments: Any) -> None:
            heard.append((name, arguments))

        receivers[name] = receive
        signal.connect(receive)
    yield heard
    for name, signal in NAMES.items():
        signal.disconnect(receivers[name])


def test_first_login_tells_of_the_new_user(browser: Browser, heard: Heard) -> None:
    browser.sign_in()
    assert heard.names == ["started", "linked", "logged_in"]
    user, identity = get_user_model().objects.get(), Identity.objects.get()
    linked = heard.only("linked")
    assert (linked["user"], linked["identity"], linked["user_created"]) == (user, identity, True)
    assert heard.only("logged_in")["user"] == user


def test_later_login_links_nobody(came_in: Browser, heard: Heard) -> None:
    came_in.post("logout")
    came_in.sign_in()
    assert heard.names == ["logged_out", "started", "logged_in"]


def test_nothing_of_the_login_is_kept_under_the_new_session_key(half_way: Browser) -> None:
    key, before = half_way.session_key, half_way.client.session.load()
    kept: dict[str, Any] = {}

    def look(*, request: HttpRequest, **arguments: Any) -> None:
        assert request.session.session_key != key
        kept.update(SessionStore(request.session.session_key).load())

    user_logged_in.connect(look)
    try:
        half_way.answer()
    finally:
        user_logged_in.disconnect(look)
    assert half_way.user_id
    assert PENDING_KEY in before and PENDING_KEY not in kept


def test_login_that_joins_a_user(browser: Browser, configure: Configure, heard: Heard) -> None:
    configure(LINK_BY_VERIFIED_EMAIL=True)
    user = get_user_model().objects.create_user("ann", ANN, "a password")
    browser.sign_in()
    linked = heard.only("linked")
    assert (linked["user"], linked["user_created"]) == (user, False)


def test_started_tells_the_method(browser: Browser, heard: Heard) -> None:
    browser.ask()
    started = heard.only("started")
    assert started["method"] == "email-code"
    assert isinstance(started["request"], HttpRequest)


@pytest.mark.parametrize("name", ["started", "linked"])
def test_sender_is_the_user_model(name: str, browser: Browser, heard: Heard) -> None:
    browser.sign_in()
    assert heard.only(name)["sender"] is get_user_model()


def test_double_click_starts_once(half_way: Browser, heard: Heard) -> None:
    half_way.ask()
    assert heard.names == []


def test_message_asked_for_again(clock: Any, half_way: Browser, heard: Heard) -> None:
    clock.shift(31)
    half_way.post("resend")
    assert heard.names == ["started"]


@pytest.mark.parametrize("address", ["", "ann", "+49151234567"])
def test_malformed_address_is_no_attempt(address: str, browser: Browser, heard: Heard) -> None:
    browser.ask(address)
    assert heard.names == []


def test_wrong_code_is_one_failed_attempt(half_way: Browser, heard: Heard) -> None:
    half_way.answer(half_way.wrong_code)
    assert heard.names == ["failed"]
    failed = heard.only("failed")
    assert failed["credentials"] == {"username": ANN}
    assert isinstance(failed["request"], HttpRequest)


def test_each_wrong_code(half_way: Browser, heard: Heard) -> None:
    for _ in range(4):
        half_way.answer(half_way.wrong_code)
    assert heard.names == ["failed"] * 4


@pytest.mark.parametrize("code", ["", "12345", "abcdef"])
def test_code_of_the_wrong_shape(code: str, half_way: Browser, heard: Heard) -> None:
    half_way.answer(code)
    assert heard.names == []


@pytest.mark.parametrize("fault", ["expired", "exhausted", "requires_verification"])
def test_failed_without_refusal(
    fault: str, half_way: Browser, tenant: LocalTenant, heard: Heard
) -> None:
    tenant.fail(TOKEN, fault)
    half_way.answer()
    assert heard.names == ["failed"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("unauthorized", "blocked"),
        ("unauthorized_403", "blocked"),
        ("too_many_attempts", "blocked"),
        ("access_denied", "denied"),
        ("access_denied_401", "denied"),
    ],
)
def test_refused_by_auth0(
    fault: str, reason: str, half_way: Browser, tenant: LocalTenant, heard: Heard
) -> None:
    tenant.fail(TOKEN, fault)
    half_way.answer()
    assert sorted(heard.names) == ["failed", "refused"]
    refused = heard.only("refused")
    assert (refused["reason"], refused["sender"]) == (reason, get_user_model())
    assert isinstance(refused["request"], HttpRequest)
    assert heard.only("failed")["credentials"] == {"username": ANN}


def test_refused_for_a_second_factor(half_way: Browser, tenant: LocalTenant, heard: Heard) -> None:
    tenant.answer(TOKEN, 403, "mfa_required", mfa_token="a-token")
    half_way.answer()
    assert heard.only("refused")["reason"] == "mfa"
    assert heard.only("failed")["credentials"] == {"username": ANN}


@pytest.mark.parametrize("fault", ["wrong_aud", "alg_none", "expired", "unknown_kid", "garbage"])
def test_refused_for_the_token(
    fault: str, half_way: Browser, tenant: LocalTenant, heard: Heard
) -> None:
    tenant.token_fault = fault
    half_way.answer()
    assert sorted(heard.names) == ["failed", "refused"]
    assert heard.only("refused")["reason"] == "token"


def inactive(tenant: LocalTenant, configure: Configure) -> None:
    user = get_user_model().objects.create_user("ann", is_active=False)
    person = tenant.add_person(ANN)
    Identity.objects.create(user=user, issuer=tenant.issuer, subject=person.sub)


def unknown(tenant: LocalTenant, configure: Configure) -> None:
    configure(CREATE_USERS=False)


def conflict(tenant: LocalTenant, configure: Configure) -> None:
    configure(LINK_BY_VERIFIED_EMAIL=True)
    get_user_model().objects.create_superuser("root", ANN)


@pytest.mark.parametrize("arrange", [inactive, unknown, conflict], ids=lambda made: made.__name__)
def test_refused_by_the_site(
    arrange: Any, half_way: Browser, tenant: LocalTenant, configure: Configure, heard: Heard
) -> None:
    arrange(tenant, configure)
    half_way.answer()
    assert sorted(heard.names) == ["failed", "refused"]
    assert heard.only("refused")["reason"] == arrange.__name__
    assert heard.only("failed")["credentials"] == {"username": ANN}


@pytest.mark.parametrize(
    "fault", ["server_error", "rate_limited", "invalid_client", "grant_not_allowed", "null"]
)
def test_outage_is_no_failed_attempt(
    fault: str, half_way: Browser, tenant: LocalTenant, heard: Heard
) -> None:
    tenant.fail(TOKEN, fault)
    half_way.answer()
    assert heard.names == []


def test_limit_is_no_failed_attempt(half_way: Browser, configure: Configure, heard: Heard) -> None:
    configure(RATE_LIMITS={"verify": {"ip": "1/h"}})
    half_way.answer(half_way.wrong_code)
    assert half_way.answer().status_code == 429
    assert heard.names == ["failed"]


@pytest.mark.parametrize("fault", ["signup_disabled", "blocked"])
def test_nothing_tells_known_from_unknown(
    fault: str, browser: Browser, tenant: LocalTenant, heard: Heard
) -> None:
    # threat 21
    tenant.fail(START, fault)
    browser.ask(BEN)
    assert heard.names == ["started"]
