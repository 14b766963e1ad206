from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin import site
from django.test import RequestFactory

from django_pwdless.models import Identity
from tests.first_logins import ANN, claims_of, outcome

from .models import NoName

pytestmark = pytest.mark.django_db


def test_created_user_has_an_address_alone() -> None:
    assert outcome(claims_of()) == "created"
    assert NoName.objects.get().mail == ANN


def test_created_users_without_an_address_do_not_collide() -> None:
    assert outcome(claims_of("sms|1", email=...)) == "created"
    assert outcome(claims_of("sms|2", email_verified=False)) == "created"
    assert [user.mail for user in NoName.objects.all()] == [None, None]


def test_join_by_the_address_under_its_own_name(settings: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "LINK_BY_VERIFIED_EMAIL": True}
    NoName.objects.create(mail=ANN)
    assert outcome(claims_of()) == "joined"


def test_address_taken() -> None:
    NoName.objects.create(mail=ANN)
    assert outcome(claims_of()) == "conflict"


def test_admin_searches_by_the_key() -> None:
    outcome(claims_of())
    admin, request = site.get_model_admin(Identity), RequestFactory().get("/")
    key = NoName.objects.get().pk.hex[:8]
    found, _ = admin.get_search_results(request, Identity.objects.all(), key)
    assert found.exists()
