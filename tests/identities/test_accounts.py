"""Whose account a new identity is: joined by a verified address, or created."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from django_pwdless.backends import PasswordlessBackend
from django_pwdless.models import Identity, is_made_up
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


def make_exactly(name: str, email: str = ANN, **fields: Any) -> Any:
    """Make a user with the address as it stands, which the manager would normalise."""
    user = make_user(name, **fields)
    user.email = email
    user.save()
    return user


# --- Joining by a verified address ----------------------------------------------------------------

VERIFIED = [
    (True, "joined"),
    ("true", "created"),
    ("True", "created"),
    (1, "created"),
    (1.0, "created"),
    ([True], "created"),
    (False, "created"),
    (None, "created"),
    (..., "created"),
]


@pytest.mark.usefixtures("link_by_email")
@pytest.mark.parametrize(("email_verified", "expected"), VERIFIED)
def test_join_by_email_verified(email_verified: Any, expected: str) -> None:
    make_user()
    assert outcome(claims_of(email_verified=email_verified)) == expected


JOINABLE = [
    ({}, "joined"),
    ({"is_active": False}, "conflict"),
    ({"is_staff": True}, "conflict"),
    ({"is_superuser": True}, "conflict"),
    ({"password": None}, "joined"),
    ({"email": "Ann@example.com"}, "created"),
    ({"email": "ann@Example.com"}, "created"),
    ({"email": "ánn@example.com"}, "created"),
    ({"email": "ａnn@example.com"}, "created"),
    ({"email": "ann@example.com "}, "created"),
    ({"email": "bea@example.com"}, "created"),
    ({"email": ""}, "created"),
]


@pytest.mark.usefixtures("link_by_email")
@pytest.mark.parametrize(("existing", "expected"), JOINABLE)
def test_join_existing_user(existing: dict[str, Any], expected: str) -> None:
    make_exactly("ann", **existing)
    assert outcome(claims_of()) == expected


@pytest.mark.usefixtures("link_by_email")
@pytest.mark.parametrize("other", [{}, {"is_active": False}, {"is_staff": True}])
def test_join_several_users_of_one_address(other: dict[str, Any]) -> None:
    make_user("ann"), make_user("another", **other)
    assert outcome(claims_of()) == "conflict"


@pytest.mark.usefixtures("link_by_email")
def test_join_one_of_several_that_only_look_the_same() -> None:
    ann = make_user("ann")
    for number, address in enumerate(["Ann@example.com", "ann@Example.com", f"{ANN} "]):
        make_exactly(str(number), address)
    assert identify(claims_of()).user == ann


@pytest.mark.usefixtures("link_by_email")
@pytest.mark.parametrize("subject", ["google-oauth2|1", "email|Ann"])
def test_join_user_who_has_an_identity(subject: str) -> None:
    Identity.objects.create(user=make_user(), issuer=ISSUER, subject=subject)
    assert outcome(claims_of()) == "conflict"


@pytest.mark.usefixtures("link_by_email")
@pytest.mark.parametrize("address", ["", "ann", "ann\0@example.com", "ann\ud800@example.com", 7])
def test_join_by_an_address_that_is_none(address: Any) -> None:
    make_user(email="" if address == "" else "ann")
    assert outcome(claims_of(email=address)) == "created"


def test_join_is_off_by_default() -> None:
    make_user()
    assert outcome(claims_of()) == "created"


@pytest.mark.usefixtures("link_by_email", "no_new_users")
def test_join_without_new_users() -> None:
    make_user()
    assert outcome(claims_of("email|bea", email="bea@example.com")) == "unknown"
    assert outcome(claims_of()) == "joined"


@pytest.mark.usefixtures("link_by_email")
def test_joined_user_has_no_password_any_more() -> None:
    make_user(password="a guess")
    user: Any = identify(claims_of()).user
    assert not user.has_usable_password()
    assert user.password.startswith("!")
    assert only_user().password == user.password


@pytest.mark.usefixtures("link_by_email")
@pytest.mark.parametrize("password", ["a guess", None])
def test_join_ends_the_sessions_there_were(client: Client, password: str | None) -> None:
    client.force_login(make_user(password=password))
    assert client.get("/").content == b"Hello, ann."
    identify(claims_of())
    assert client.get("/").content == b"Hello, stranger."


@pytest.mark.usefixtures("link_by_email")
def test_refused_join_changes_nothing(client: Client) -> None:
    client.force_login(make_user(is_staff=True))
    assert outcome(claims_of()) == "conflict"
    assert only_user().check_password("pw")
    assert client.get("/").content == b"Hello, ann."


def test_known_login_keeps_password_and_sessions(client: Client) -> None:
    ann = make_user()
    Identity.objects.create(user=ann, issuer=ISSUER, subject="email|ann")
    client.force_login(ann)
    identify(claims_of())
    assert only_user().check_password("pw")
    assert client.get("/").content == b"Hello, ann."


# --- Creating -------------------------------------------------------------------------------------


def test_created_user_has_no_rights_and_no_password() -> None:
    user: Any = identify(claims_of()).user
    assert (user.username, user.email) == ("user-822a4d439a11c208", ANN)
    assert user.is_active
    assert not (user.is_staff or user.is_superuser or user.has_usable_password())


@pytest.mark.parametrize("email_verified", [False, "true", 1, None, ...])
def test_created_user_has_no_address_that_nobody_verified(email_verified: Any) -> None:
    identity = identify(claims_of(email_verified=email_verified))
    assert (only_user().email, identity.email) == ("", "")


@pytest.mark.usefixtures("no_new_users")
def test_nobody_is_created_where_that_is_off() -> None:
    assert outcome(claims_of()) == "unknown"


@pytest.mark.parametrize("active", [True, False])
def test_user_name_taken_makes_another_one_up(active: bool) -> None:
    """Whoever removed an identity, or has a number that was somebody's, is no stranger for ever."""
    make_user("user-822a4d439a11c208", email="", is_active=active)
    assert outcome(claims_of()) == "created"
    user: Any = Identity.objects.get().user
    assert is_made_up(user.username) and user.username != "user-822a4d439a11c208"
    assert not user.has_usable_password()


def test_user_name_the_site_chose_taken_is_a_conflict(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class NamingBackend(PasswordlessBackend):
        def create_user(self, claims: Any) -> Any:
            return make_user("ann")

    make_user("ann", email="")
    assert outcome(claims_of(), NamingBackend()) == "conflict"
    [record] = caplog.records
    assert (record.name, record.levelname) == ("django_pwdless", "ERROR")
    assert "create_user" in record.getMessage()
    assert ANN not in caplog.text
