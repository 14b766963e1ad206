from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from django.contrib.admin import AdminSite
from django.urls import include, path

from django_pwdless.contrib.admin import PwdlessAdminSite
from tests.checks import MINIMAL, ids

MFA = {**MINIMAL, "ADMIN_MFA": True, "METHODS": ["email-code", "universal"]}


def urls(*sites: AdminSite) -> Any:
    """A URLconf with these admin sites, each at an address of its own."""
    module = ModuleType("admin_urls")
    admins = [path(f"{number}/", site.urls) for number, site in enumerate(sites)]
    accounts = path("accounts/", include("django_pwdless.urls"))
    vars(module)["urlpatterns"] = [accounts, *admins]
    return module


def test_admin_asks() -> None:
    assert ids(MFA) == []
    assert ids({**MFA, "ADMIN_MFA": False}) == []


PLAIN, OURS = AdminSite("plain"), PwdlessAdminSite("ours")


@pytest.mark.parametrize("sites", [[], [PLAIN], [OURS, PLAIN]])
def test_an_admin_does_not_ask(sites: list[AdminSite]) -> None:
    site = {"ROOT_URLCONF": urls(*sites), "LOGIN_REDIRECT_URL": "/accounts/login/"}
    assert ids(MFA, **site) == ["pwdless.E100"]
    assert ids(**site) == []


def test_admin_that_nobody_can_reach_need_not_ask() -> None:
    another_of_its_name = AdminSite("ours")
    site = {"ROOT_URLCONF": urls(OURS), "LOGIN_REDIRECT_URL": "/accounts/login/"}
    assert ids(MFA, **site) == []
    assert another_of_its_name.name == OURS.name


def test_nobody_can_give_a_second_factor() -> None:
    assert ids({**MFA, "METHODS": ["email-code"]}) == ["pwdless.E101"]
    limits = {"start": {"site": "500/d"}}
    ours = {**MFA, "METHODS": ["email-code"], "CUSTOMIZE_MFA": True, "RATE_LIMITS": limits}
    assert ids(ours) == []
