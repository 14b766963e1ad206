from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from django_pwdless.backends import PasswordlessBackend
from django_pwdless.identities.accounts import Claims
from django_pwdless.models import Identity
from tests.first_logins import claims_of, outcome

from .models import SoftDeleted

pytestmark = pytest.mark.django_db


def delete_softly() -> None:
    SoftDeleted.everybody.update(deleted_at=timezone.now())


def test_known_user() -> None:
    assert outcome(claims_of()) == "created"
    assert outcome(claims_of()) == "known"


def test_deleted_user_is_inactive() -> None:
    """Django's own look-up at the next request would find nobody."""
    outcome(claims_of())
    delete_softly()
    assert outcome(claims_of()) == "inactive"


def test_deleted_user_is_not_joined_either() -> None:
    class FindingBackend(PasswordlessBackend):
        def find_user(self, claims: Claims) -> Any:
            return SoftDeleted.everybody.get(username="ann")

    SoftDeleted.everybody.create(username="ann")
    delete_softly()
    assert outcome(claims_of(), FindingBackend()) == "inactive"
    assert not Identity.objects.exists()


def test_user_name_of_a_deleted_user_is_taken() -> None:
    SoftDeleted.everybody.create(username="user-822a4d439a11c208")
    delete_softly()
    assert outcome(claims_of()) == "created"
