"""The code in the docs on existing users and on the backend does what they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from django_pwdless.models import Identity
from tests.first_logins import ISSUER, claims_of, make_user, outcome

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).parents[2] / "docs"
CUSTOMER = "https://www.example.com/customer"


def run(page: str, part: str, **names: Any) -> dict[str, Any]:
    """Run the page's block of code that holds ``part``, and return what it defines."""
    text = (DOCS / page).read_text("utf-8")
    blocks = re.findall(r"^( *)```python\n(.+?)^ *```", text, re.DOTALL | re.MULTILINE)
    [code] = [re.sub(f"(?m)^{indent}", "", block) for indent, block in blocks if part in block]
    exec(code, names)
    return names


def make_exactly(email: str, **fields: Any) -> Any:
    user = make_user(f"user {get_user_model().objects.count()}", **fields)
    get_user_model().objects.filter(pk=user.pk).update(email=email)
    return user


MIXED = [
    (["Ann@Example.com"], {}, "joined"),
    (["ann@example.com"], {"email": "Ann@example.com"}, "joined"),
    (["ANN@example.com", "ann@example.com"], {}, "conflict"),
    (["ánn@example.com"], {}, "created"),
    (["ann@example.com"], {"email_verified": "true"}, "created"),
    ([], {}, "created"),
]


@pytest.mark.parametrize(("addresses", "claims", "expected"), MIXED)
def test_any_case_backend(addresses: list[str], claims: dict[str, Any], expected: str) -> None:
    for address in addresses:
        make_exactly(address, is_staff=True)
    backend = run("howto/existing-users.md", "class AnyCaseBackend")["AnyCaseBackend"]
    assert outcome(claims_of(**claims), backend()) == expected


def test_any_case_backend_second_identity() -> None:
    backend = run("howto/existing-users.md", "class AnyCaseBackend")["AnyCaseBackend"]
    make_exactly("Ann@Example.com")
    assert outcome(claims_of("email|1"), backend()) == "joined"
    assert outcome(claims_of("email|2"), backend()) == "conflict"


@pytest.mark.parametrize(
    ("number", "expected"),
    [("17", "joined"), ("18", "created"), (17, "created"), (["17"], "created"), (..., "created")],
)
def test_customer_number_joins_its_user(number: Any, expected: str) -> None:
    make_user("17", email="")
    backend = run("howto/existing-users.md", "class CustomerBackend")["CustomerBackend"]
    assert outcome(claims_of(**{CUSTOMER: number}), backend()) == expected


def test_data_migration_brings_people_along() -> None:
    ann, bea = make_user(is_staff=True), make_user("bea", email="bea@example.com")
    make_exactly("Ann@example.com")
    code = run("howto/existing-users.md", "def add_identities")
    code["add_identities"](MigrationLoader(connection).project_state().apps, None)
    assert Identity.objects.get().user == ann
    assert outcome(claims_of(code["SUBJECTS"][ann.email], iss=code["ISSUER"])) == "known"
    assert get_user_model().objects.get(pk=ann.pk).check_password("pw")
    assert not bea.pwdless_identities.exists()


def test_addresses_that_are_there_twice() -> None:
    make_exactly("ann@example.com"), make_exactly("Ann@example.com"), make_exactly("bea@b.example")
    twice = run("howto/existing-users.md", "twice = (")["twice"]
    assert [(row["address"], row["users"]) for row in twice] == [("ann@example.com", 2)]


def test_addresses_in_lower_case() -> None:
    ann = make_exactly("ANN@Example.com")
    names = run("howto/existing-users.md", "twice = (")
    run("howto/existing-users.md", "update(email=Lower", **names)
    assert get_user_model().objects.get(pk=ann.pk).email == "ann@example.com"


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [("Ann", "Ann"), ("A" * 200, "A" * 150), ("A\0", ""), (7, ""), (None, ""), (..., "")],
)
def test_name_is_kept_as_auth0_has_it(given_name: Any, expected: str) -> None:
    backend = run("reference/backend.md", "class NamingBackend")["NamingBackend"]
    backend().identify(claims_of(given_name=given_name))
    assert get_user_model().objects.get().first_name == expected


def test_another_issuer_for_everybody() -> None:
    old = "https://example.eu.auth0.com/"
    assert outcome(claims_of(iss=old)) == "created"
    run("reference/backend.md", "login.example.com", Identity=Identity)
    assert outcome(claims_of(iss="https://login.example.com/")) == "known"
    assert outcome(claims_of(iss=ISSUER)) == "created"
