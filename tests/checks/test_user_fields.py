from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from django_pwdless.backends import PasswordlessBackend
from tests import settings as suite

from . import MINIMAL, ids

BY_PHONE = {**MINIMAL, "METHODS": ["email-code", "sms-code"], "PHONE_REGIONS": ["DE"]}
REFUSES = ["pwdless.W067"]


class OwnBackend(PasswordlessBackend):
    """A site's own, which fills what its model needs."""

    def create_user(self, claims: Any) -> Any:
        return get_user_model().objects.create()


class SameBackend(PasswordlessBackend):
    """A site's own, which makes users as ours does."""


def site(model: str, backend: str = "django_pwdless.backends.PasswordlessBackend") -> Any:
    """Settings of a site with this user model."""
    return {
        "INSTALLED_APPS": [*suite.INSTALLED_APPS, "tests.user_models"],
        "AUTH_USER_MODEL": f"user_models.{model}",
        "AUTHENTICATION_BACKENDS": [backend],
    }


@pytest.mark.parametrize(
    ("model", "by_mail", "by_phone"),
    [
        ("NoEmail", [], []),
        ("NoName", [], []),
        ("SoftDeleted", [], []),
        ("EmailAsName", [], REFUSES),
        ("UniqueAddress", [], REFUSES),
        ("MoreRequired", REFUSES, REFUSES),
        ("Numbered", REFUSES, REFUSES),
    ],
)
def test_fields_that_a_first_login_leaves(
    model: str, by_mail: list[str], by_phone: list[str]
) -> None:
    assert ids(**site(model)) == by_mail
    assert ids(BY_PHONE, **site(model)) == by_phone
    assert ids(BY_PHONE, **site(model, f"{__name__}.SameBackend")) == by_phone


def test_fields_that_the_site_fills() -> None:
    assert ids(**site("MoreRequired", f"{__name__}.OwnBackend")) == []


def test_fields_of_users_whom_nobody_makes() -> None:
    keys = {**MINIMAL, "CREATE_USERS": False, "LINK_BY_VERIFIED_EMAIL": True}
    assert ids(keys, **site("MoreRequired")) == []


def test_user_model_that_is_not_there_is_left_to_django() -> None:
    assert ids(AUTH_USER_MODEL="auth.Nobody") == []
