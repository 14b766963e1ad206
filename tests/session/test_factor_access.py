"""What a session keeps for second factors."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from django_pwdless.exceptions import StepMissing
from django_pwdless.flows.own_factors import proof
from django_pwdless.session import factor_access
from django_pwdless.session.factor_access import ACCESS_KEY, TYPED_KEY, FactorAccess
from django_pwdless.session.stored import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(rf: RequestFactory, django_user_model: Any) -> Any:
    """A request of a user's, in a session that is theirs or another's."""

    def request_of(pk: str, session: SessionStore | None = None) -> Any:
        request = rf.get("/")
        request.session = session or SessionStore()
        request.session.setdefault(auth.SESSION_KEY, pk)
        request.user = django_user_model(pk=int(pk))
        return request

    return request_of


@pytest.mark.parametrize(("lifetime", "kept"), [(None, 600), (120, 120), (86400, 600), (0, None)])
def test_token_lasts_no_longer_than_ten_minutes(
    lifetime: int | None, kept: int | None, request_of: Any, clock: Any
) -> None:
    request = request_of("1")
    FactorAccess.begin(request, "token", lifetime, "digest")
    access = FactorAccess.load(request)
    assert (access.expires_in if access else None) == kept


def test_expired_one_is_gone_from_the_session(request_of: Any, clock: Any) -> None:
    request = request_of("1")
    FactorAccess.begin(request, "token", None, "digest")
    clock.shift(601)
    with pytest.raises(StepMissing):
        proof.require(request)
    assert ACCESS_KEY not in request.session


def test_it_is_for_nobody_who_takes_the_users_place(request_of: Any) -> None:
    """Impersonation, or a bearer token in the same request."""
    request = request_of("1")
    FactorAccess.begin(request, "token", None, "digest")
    factor_access.keep_typed(request, {"factor": "otp"})
    other = request_of("2", request.session)
    assert FactorAccess.load(other) is None and factor_access.typed(other) == {}
    other.user = AnonymousUser()
    assert FactorAccess.load(other) is None and factor_access.typed(other) == {}
    assert FactorAccess.load(request) is not None


def test_nothing_of_it_can_be_read_in_the_session(request_of: Any) -> None:
    request = request_of("1")
    access = FactorAccess.begin(request, "the-token", None, "digest")
    factor_access.keep_typed(request, {"phone_number": "+4915198765432"})
    stored = str(dict(request.session))
    assert "the-token" not in stored and "+4915198765432" not in stored
    assert "the-token" not in repr(access)


@pytest.mark.parametrize("stored", ["", "x", 1, seal(None), seal({"token": 1}), seal([])])
def test_what_cannot_be_read_is_nothing(stored: Any, request_of: Any) -> None:
    request = request_of("1")
    request.session[ACCESS_KEY] = request.session[TYPED_KEY] = stored
    assert FactorAccess.load(request) is None
    assert factor_access.typed(request) == {}


def test_what_was_typed_does_not_wait_for_ever(request_of: Any, clock: Any) -> None:
    request = request_of("1")
    factor_access.keep_typed(request, {"factor": "otp"})
    assert factor_access.typed(request) == {"factor": "otp"}
    clock.shift(1201)
    assert factor_access.typed(request) == {} and time.time() > 0
