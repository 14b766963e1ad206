from __future__ import annotations

from datetime import date

import pytest

from django_pwdless.backends import PasswordlessBackend
from django_pwdless.identities.accounts import Claims
from tests.first_logins import claims_of, outcome

from .models import MoreRequired

pytestmark = pytest.mark.django_db


class BirthdayBackend(PasswordlessBackend):
    def create_user(self, claims: Claims) -> MoreRequired:
        birthday = date.fromisoformat(claims["birthdate"])
        return MoreRequired.objects.create(username=claims["sub"], birthday=birthday)


def test_required_field_that_nobody_fills(caplog: pytest.LogCaptureFixture) -> None:
    assert outcome(claims_of()) == "conflict"
    [record] = caplog.records
    assert record.levelname == "ERROR"
    assert "create_user" in record.getMessage()


def test_required_field_that_the_site_fills() -> None:
    assert outcome(claims_of(birthdate="1999-12-31"), BirthdayBackend()) == "created"
    assert MoreRequired.objects.get().birthday == date(1999, 12, 31)
