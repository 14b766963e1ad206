"""The log tells who ended a sign-in, and how."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import SignIn
from django_pwdless.sign_ins import end
from tests.journeys.browser import FORM, Browser
from tests.journeys.conftest import Configure, NewBrowser, Told
from tests.journeys.hosted import log_in_hosted

pytestmark = pytest.mark.django_db(transaction=True)


def in_admin(browser: Browser) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root"))
    row = SignIn.objects.get(user__pk=browser.user_id)
    client.post(f"/admin/django_pwdless/signin/{row.pk}/delete/", {"post": "yes"})


def in_list_of_admin(browser: Browser) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root"))
    row = SignIn.objects.get(user__pk=browser.user_id)
    fields = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    client.post("/admin/django_pwdless/signin/", fields)


WAYS: dict[str, Any] = {
    "logout": lambda browser: browser.post("logout"),
    "ended": lambda browser: end(get_user_model().objects.get()),
    "command": lambda browser: call_command("pwdless_sign_out", "--all", "--no-input"),
    "admin": in_admin,
    "admin ": in_list_of_admin,
}


@pytest.mark.parametrize("reason", WAYS)
def test_one_record_tells_who_ended_it(reason: str, came_in: Browser, told: Told) -> None:
    user = came_in.user_id
    WAYS[reason](came_in)
    assert told.story == [f"sign_in_ended email-code {reason.strip()}"]
    assert told.records[0].pwdless_user == user


def test_ended_from_another_browser(came_in: Browser, new_browser: NewBrowser, told: Told) -> None:
    other = new_browser()
    other.sign_in()
    told.records.clear()
    other.post("sign_ins_end_others")
    assert told.story == ["sign_in_ended email-code ended"]
    assert told.records[0].pwdless_address == "127.0.0.0/24"


def test_ended_by_auth0(
    browser: Browser, tenant: LocalTenant, configure: Configure, told: Told
) -> None:
    configure(BACKCHANNEL_LOGOUT=True, METHODS=["universal"])
    browser.client.get(log_in_hosted(tenant, browser.get("universal")["Location"]))
    told.records.clear()
    sub = get_user_model().objects.get().pwdless_identities.get().subject
    token = tenant.logout_token(sub=sub)
    Client().post("/accounts/backchannel-logout/", f"logout_token={token}", FORM)
    assert told.story == ["sign_in_ended universal backchannel"]


def test_session_that_django_accepts_no_more(came_in: Browser, told: Told) -> None:
    user = get_user_model().objects.get()
    user.set_password("another")
    user.save()
    came_in.client.get("/who/")
    assert told.story == ["sign_in_ended over"]


def test_login_in_place_of_another(came_in: Browser, told: Told) -> None:
    came_in.sign_in("ben@example.com")
    assert "sign_in_ended replaced" in told.story


def test_expired_ones_ended_before(clock: Any, came_in: Browser, told: Told) -> None:
    clock.shift(30 * 24 * 3600)
    call_command("pwdless_clear")
    assert not SignIn.objects.exists()
    assert told.story == []
