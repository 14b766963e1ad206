from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test import RequestFactory

from django_pwdless.models import Identity
from tests.first_logins import ANN, claims_of, outcome
from tests.identities.test_races import THREADS, at_once, login

from .models import EmailAsName

pytestmark = pytest.mark.django_db


def test_created_user_is_called_by_the_address() -> None:
    assert outcome(claims_of()) == "created"
    ann = EmailAsName.objects.get()
    assert ann.get_username() == ann.email == ANN
    assert not ann.has_usable_password()


@pytest.mark.parametrize(
    "claims",
    [{"email": ...}, {"email_verified": False}, {"email_verified": "true"}, {"email": "a@" * 200}],
)
def test_nobody_is_created_without_a_verified_address(claims: dict[str, Any]) -> None:
    assert outcome(claims_of(**claims)) == "unknown"


def test_address_taken(caplog: pytest.LogCaptureFixture) -> None:
    EmailAsName.objects.create(email=ANN)
    assert outcome(claims_of()) == "conflict"
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert ANN not in caplog.text


@pytest.mark.usefixtures("link_by_email")
def test_address_taken_by_who_may_be_joined() -> None:
    EmailAsName.objects.create(email=ANN)
    assert outcome(claims_of()) == "joined"


@pytest.mark.usefixtures("link_by_email")
def test_address_taken_in_another_case() -> None:
    EmailAsName.objects.create(email="Ann@example.com")
    # Where the database takes both for one address, its constraint refuses the second.
    assert outcome(claims_of()) == ("conflict" if connection.vendor == "mysql" else "created")


def test_second_subject_of_an_address() -> None:
    assert outcome(claims_of("email|1")) == "created"
    assert outcome(claims_of("email|2")) == "conflict"


@pytest.mark.django_db(transaction=True)
def test_many_subjects_of_an_address_at_once() -> None:
    signed_in = at_once(lambda number: login(claims_of(f"email|{number}")))
    assert signed_in == {EmailAsName.objects.get().pk: 1, "conflict": THREADS - 1}


def test_admin_searches_by_the_address() -> None:
    outcome(claims_of())
    Identity.objects.update(email="")
    admin, request = site.get_model_admin(Identity), RequestFactory().get("/")
    found, _ = admin.get_search_results(request, Identity.objects.all(), "ann@")
    assert found.exists()
