"""Journeys on a site whose reads of our tables go to a replica that never catches up."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from django_pwdless.flows.account.sign_ins import users_with
from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.models import Event, Identity, SignIn
from django_pwdless.sign_ins.ending import end_rows
from tests.journeys.browser import ANN, NUMBER, Browser
from tests.tokens.conftest import DAY, kept, refreshes, tenant, value

__all__ = ["kept", "tenant"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica"])


@pytest.fixture(autouse=True)
def ways(settings: Any, kept: None) -> None:
    more = {"METHODS": ["email-code", "sms-code"], "EVENTS": True, "NOTICES": ["new_sign_in"]}
    settings.PWDLESS = {**settings.PWDLESS, **more}


def identities() -> Any:
    return Identity.objects.using("default")


def sign_ins() -> Any:
    return SignIn.objects.using("default")


def add(browser: Browser, identifier: str) -> None:
    browser.identifier = identifier
    assert browser.post("identity_add", identifier=identifier).status_code == 302
    assert browser.answer().status_code == 302


def shown(browser: Browser) -> list[str]:
    return [identity.label for identity in browser.get("identities").context["identities"]]


def test_signs_in_again(came_in: Browser, new_browser: Any) -> None:
    other = new_browser()
    assert other.sign_in().status_code == 302
    assert other.user_id == came_in.user_id
    assert get_user_model().objects.count() == 1 and sign_ins().count() == 2
    assert Event.objects.using("default").exists() and not Event.objects.exists()


def test_removed_identity_lets_nobody_in(came_in: Browser, new_browser: Any) -> None:
    """The replica still has it."""
    add(came_in, NUMBER)
    gone = identities().get(email=ANN)
    user = get_user_model().objects.get()
    user.save(using="replica")
    gone.save(using="replica", force_insert=True)
    came_in.client.post(reverse("pwdless:identity_remove", kwargs={"pk": gone.pk}))
    assert identities().count() == 1
    other = new_browser()
    other.sign_in()
    assert other.user_id != came_in.user_id


def test_added_identity_is_shown_and_confirms(came_in: Browser, clock: Any) -> None:
    add(came_in, NUMBER)
    assert shown(came_in) == [ANN, NUMBER]
    number = identities().get(connection="sms")
    came_in.post("login", reconfirm=number.pk)
    assert came_in.is_asked_for_code


def test_sign_ins_end(came_in: Browser, new_browser: Any) -> None:
    other = new_browser()
    other.sign_in()
    assert len(came_in.get("sign_ins").context["sign_ins"]) == 2
    came_in.post("sign_ins_end_others")
    assert other.client.get("/token/").status_code != 200
    assert sign_ins().count() == 1


def test_sign_ins_of_an_address_are_found(came_in: Browser) -> None:
    assert users_with(Identifier("email", ANN)) == {get_user_model().objects.get().pk}


def test_sign_in_is_ended_in_the_admin(came_in: Browser) -> None:
    """The replica goes on having what was deleted."""
    row = sign_ins().get()
    get_user_model().objects.get().save(using="replica")
    identities().get().save(using="replica", force_insert=True)
    row.save(using="replica", force_insert=True)
    chosen = SignIn.objects.filter(pk=row.pk)
    assert chosen.exists() and end_rows(chosen, "admin") == 1
    assert not sign_ins().exists()


def test_token_is_refreshed(came_in: Browser, clock: Any) -> None:
    first = value(came_in, "/token/")
    clock.shift(DAY)
    assert value(came_in, "/token/") != first
    assert len(refreshes(came_in.tenant)) == 1
    came_in.post("logout")
    assert not sign_ins().exists() and Client().get("/token/").status_code != 200
