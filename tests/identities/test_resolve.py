"""From verified claims to a local user: known, found, joined, created or refused."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from django_pwdless.backends import PasswordlessBackend
from django_pwdless.exceptions import IdentityTaken, LoginRefused
from django_pwdless.identities.accounts import Claims
from django_pwdless.identities.resolve import add_identity
from django_pwdless.models import Identity
from django_pwdless.signals import identity_linked
from tests.first_logins import (
    ANN,
    ISSUER,
    claims_of,
    identify,
    make_user,
    only_user,
    outcome,
)

pytestmark = pytest.mark.django_db

OTHER_ISSUER = "https://other.example/"


@pytest.fixture
def linked() -> Iterator[list[dict[str, Any]]]:
    """What each ``identity_linked`` carried."""
    signals: list[dict[str, Any]] = []

    def receiver(**kwargs: Any) -> None:
        signals.append(kwargs)

    identity_linked.connect(receiver)
    yield signals
    identity_linked.disconnect(receiver)


# --- A known identity -----------------------------------------------------------------------------


def test_known_identity_is_its_user() -> None:
    ann = identify(claims_of()).user
    assert identify(claims_of()).user == ann
    assert outcome(claims_of()) == "known"


def test_known_identity_costs_one_query(django_assert_num_queries: Any) -> None:
    identify(claims_of())
    with django_assert_num_queries(1):
        assert identify(claims_of()).user.get_username()


@pytest.mark.parametrize("claims", [{"email": "new@example.com"}, {"email": ...}, {"name": "Bea"}])
def test_known_identity_whatever_else_is_claimed(claims: dict[str, Any]) -> None:
    ann = identify(claims_of()).user
    assert identify(claims_of(**claims)).user == ann


@pytest.mark.usefixtures("no_new_users")
def test_known_identity_without_new_users() -> None:
    Identity.objects.create(user=make_user(), issuer=ISSUER, subject="email|ann")
    assert outcome(claims_of()) == "known"


def test_known_identity_inactive() -> None:
    get_user_model().objects.filter(pk=identify(claims_of()).user.pk).update(is_active=False)
    assert outcome(claims_of()) == "inactive"
    assert not only_user().is_active


@pytest.mark.parametrize("sub", ["email|Ann", "email|ANN", "email|ann ", "email|ánn", "email|ａnn"])
def test_subject_that_only_looks_the_same_is_somebody_else(sub: str) -> None:
    identify(claims_of())
    assert outcome(claims_of(sub)) == "created"


def test_same_subject_of_another_issuer_is_somebody_else() -> None:
    identify(claims_of())
    assert outcome(claims_of(iss=OTHER_ISSUER)) == "created"


@pytest.mark.parametrize("claims", [{"email": "admin@example.com"}, {"nickname": "admin"}])
def test_claims_that_anybody_can_change_lead_to_nobody(claims: dict[str, Any]) -> None:
    admin = make_user("admin", email="admin@example.com")
    assert identify(claims_of(**claims)).user != admin


# --- What an identity keeps -----------------------------------------------------------------------


def test_identity_says_what_was_proven() -> None:
    identity = identify(claims_of(), "email")
    assert (identity.issuer, identity.subject) == (ISSUER, "email|ann")
    assert (identity.connection, identity.email, identity.phone_number) == ("email", ANN, "")


NUMBERS = [
    ("sms", ..., "+15550100"),
    ("", True, "+15550100"),
    ("", "true", ""),
    ("", 1, ""),
    ("", ..., ""),
    ("email", False, ""),
]


@pytest.mark.parametrize(("via", "verified", "number"), NUMBERS)
def test_identity_keeps_a_proven_number(via: str, verified: Any, number: str) -> None:
    claims = claims_of(phone_number="+15550100", phone_number_verified=verified)
    assert identify(claims, via).phone_number == number


# --- Claims of any shape --------------------------------------------------------------------------

ODD = {
    "nul": "a\0@b.example",
    "surrogate": "a\ud800@b.example",
    "long": "a" * 300 + "@b.example",
    "huge": "a@b.example" * 10_000,
    "empty": "",
    "number": 7,
    "big": 10**400,
    "nan": math.nan,
    "true": True,
    "null": None,
    "list": ["a@b.example"],
    "object": {"a": "a@b.example"},
}


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
@pytest.mark.parametrize("is_linking", [True, False])
def test_odd_address_is_none(settings: Any, value: Any, is_linking: bool) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "LINK_BY_VERIFIED_EMAIL": is_linking}
    assert outcome(claims_of(email=value)) == "created"
    assert only_user().email == Identity.objects.get().email == ""


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_odd_number_is_none(value: Any) -> None:
    assert identify(claims_of(phone_number=value), "sms").phone_number == ""


@pytest.mark.parametrize("value", [odd for odd in ODD.values() if odd is not True])
def test_odd_email_verified_is_not_true(value: Any) -> None:
    assert identify(claims_of(email_verified=value)).email == ""


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
@pytest.mark.parametrize("name", ["name", "nickname", "picture", "amr", "sid", "updated_at"])
def test_odd_claims_that_nobody_reads(name: str, value: Any) -> None:
    assert outcome(claims_of(**{name: value})) == "created"


# --- Signal ---------------------------------------------------------------------------------------


def test_identity_linked_once_for_a_new_user(linked: list[dict[str, Any]]) -> None:
    identity = identify(claims_of())
    identify(claims_of())
    [signal] = linked
    assert (signal["identity"], signal["user"]) == (identity, only_user())
    assert signal["user_created"] is True
    assert signal["sender"] is get_user_model()


@pytest.mark.usefixtures("link_by_email")
def test_identity_linked_once_for_a_joined_user(linked: list[dict[str, Any]]) -> None:
    ann = make_user()
    identify(claims_of())
    [signal] = linked
    assert (signal["user"], signal["user_created"]) == (ann, False)


@pytest.mark.usefixtures("link_by_email")
def test_identity_linked_not_for_a_refusal(linked: list[dict[str, Any]]) -> None:
    make_user(is_staff=True)
    assert outcome(claims_of()) == "conflict"
    assert linked == []


# --- Decisions a site takes otherwise -------------------------------------------------------------


class SiteBackend(PasswordlessBackend):
    """Finds by ``first_name`` = subject, keeps passwords, approves people by hand."""

    def find_user(self, claims: Claims) -> AbstractBaseUser | None:
        return get_user_model().objects.filter(first_name=claims["sub"]).first()

    def join_user(self, user: Any, claims: Claims) -> None:
        user.last_name = "joined"
        user.save(update_fields=["last_name"])

    def create_user(self, claims: Claims) -> AbstractBaseUser | None:
        if claims["sub"] == "nobody":
            return None
        return get_user_model().objects.create_user(claims["sub"], is_active=False)

    def update_user(self, user: Any, claims: Claims) -> None:
        user.last_name += "+"
        user.save(update_fields=["last_name"])


def test_find_user_and_join_user_overridden(linked: list[dict[str, Any]]) -> None:
    ann = make_user(first_name="email|ann", is_staff=True)
    assert outcome(claims_of(), SiteBackend()) == "joined"
    assert (only_user().last_name, only_user().check_password("pw")) == ("joined+", True)
    assert (linked[0]["user"], linked[0]["user_created"]) == (ann, False)


def test_found_user_inactive() -> None:
    make_user(first_name="email|ann", is_active=False)
    assert outcome(claims_of(), SiteBackend()) == "inactive"
    assert only_user().last_name == ""


def test_create_user_overridden_refuses() -> None:
    assert outcome(claims_of("nobody"), SiteBackend()) == "unknown"


def test_created_user_inactive_waits_for_approval() -> None:
    for _ in range(2):
        with pytest.raises(LoginRefused, match="inactive"):
            SiteBackend().identify(claims_of())
    get_user_model().objects.update(is_active=True)
    assert SiteBackend().identify(claims_of()).user == only_user()


def test_update_user_runs_at_each_login_that_is_let_in() -> None:
    make_user(first_name="email|ann")
    for _ in range(3):
        SiteBackend().identify(claims_of())
    assert only_user().last_name == "joined+++"


def test_user_can_authenticate_overridden() -> None:
    class Lenient(PasswordlessBackend):
        def user_can_authenticate(self, user: Any) -> bool:
            return True

    identify(claims_of())
    get_user_model().objects.update(is_active=False)
    assert outcome(claims_of(), Lenient()) == "known"


def test_find_user_overridden_refuses() -> None:
    class Strict(PasswordlessBackend):
        def find_user(self, claims: Claims) -> AbstractBaseUser | None:
            raise LoginRefused("conflict")

    assert outcome(claims_of(), Strict()) == "conflict"


def test_create_user_overridden_that_validates(caplog: pytest.LogCaptureFixture) -> None:
    class Validating(PasswordlessBackend):
        def create_user(self, claims: Claims) -> AbstractBaseUser | None:
            raise ValidationError({"email": "ann@example.com is taken."})

    assert outcome(claims_of(), Validating()) == "conflict"
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert ANN not in caplog.text


def test_create_user_overridden_with_what_the_columns_cannot_hold() -> None:
    class Lengthy(PasswordlessBackend):
        def create_user(self, claims: Claims) -> AbstractBaseUser | None:
            return get_user_model().objects.create_user("a" * 151)

    # SQLite alone does not mind.
    expected = "created" if connection.vendor == "sqlite" else "conflict"
    assert outcome(claims_of(), Lengthy()) == expected


# --- A database that ends transactions ------------------------------------------------------------


class DeadlockedBackend(PasswordlessBackend):
    """Meets as many deadlocks as it is told, after it has written something."""

    def __init__(self, deadlocks: int) -> None:
        self.deadlocks = deadlocks

    def create_user(self, claims: Claims) -> AbstractBaseUser | None:
        user = super().create_user(claims)
        self.deadlocks -= 1
        if self.deadlocks >= 0:
            raise OperationalError("Deadlock found when trying to get lock")
        return user


@pytest.mark.django_db(transaction=True)
def test_deadlock_begins_again(linked: list[dict[str, Any]]) -> None:
    assert outcome(claims_of(), DeadlockedBackend(2)) == "created"
    assert len(linked) == 1


@pytest.mark.django_db(transaction=True)
def test_deadlock_without_end() -> None:
    with pytest.raises(OperationalError):
        DeadlockedBackend(100).identify(claims_of())
    assert not get_user_model().objects.exists()


def test_deadlock_in_a_transaction_of_the_callers() -> None:
    with pytest.raises(OperationalError), transaction.atomic():
        DeadlockedBackend(1).identify(claims_of())
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize("is_known", [True, False])
def test_no_login_is_looked_for_on_a_replica(settings: Any, is_known: bool) -> None:
    reads: list[type] = []

    class Router:
        def db_for_read(self, model: type, **hints: Any) -> None:
            reads.append(model)

    make_user()
    if is_known:
        identify(claims_of())
    settings.PWDLESS = {**settings.PWDLESS, "LINK_BY_VERIFIED_EMAIL": True}
    settings.DATABASE_ROUTERS = [Router()]
    identify(claims_of())
    assert reads == []


# --- Another identity for somebody signed in ------------------------------------------------------


def anybody(user: Any) -> bool:
    return True


def test_add_identity_to_somebody_who_is_not_let_in_any_more(linked: list[dict[str, Any]]) -> None:
    with pytest.raises(LoginRefused, match="denied"):
        add_identity(make_user(), claims_of(), "", lambda user: False)
    assert not Identity.objects.exists() and linked == []


def test_added_identity_is_known_and_told_of(linked: list[dict[str, Any]]) -> None:
    ann = make_user()
    identity, is_new = add_identity(ann, claims_of("sms|1"), "sms", anybody)
    assert is_new
    assert (identity.user, identity.connection) == (ann, "sms")
    assert (linked[0]["identity"], linked[0]["user_created"]) == (identity, False)
    assert outcome(claims_of("sms|1")) == "known"


def test_add_identity_of_ones_own(linked: list[dict[str, Any]]) -> None:
    ann = make_user()
    first, second = (add_identity(ann, claims_of(), "", anybody) for _ in range(2))
    assert first[0] == second[0] and (first[1], second[1]) == (True, False)
    assert len(linked) == 1


def test_add_identity_of_somebody_else(linked: list[dict[str, Any]]) -> None:
    identify(claims_of())
    with pytest.raises(IdentityTaken):
        add_identity(make_user("bea"), claims_of(), "", anybody)
    assert Identity.objects.get().user != get_user_model().objects.get(username="bea")
    assert len(linked) == 1
