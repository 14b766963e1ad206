"""What an operator ends, by command and in the admin."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from django_pwdless.models import Identity, SignIn
from django_pwdless.testing import sign_in
from tests.journeys.browser import ANN, BEN, Browser
from tests.journeys.conftest import Configure, NewBrowser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("permissions")]

LIST = "/admin/django_pwdless/signin/"


@pytest.fixture
def ann(new_browser: NewBrowser) -> Browser:
    browser = new_browser()
    sign_in(browser.client, ANN)
    return browser


@pytest.fixture
def ben(new_browser: NewBrowser) -> Browser:
    browser = new_browser()
    sign_in(browser.client, BEN)
    return browser


def name_of(address: str) -> str:
    return str(Identity.objects.get(email=address).user.get_username())


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def are_signed_in(*browsers: Browser) -> list[bool]:
    return [bool(browser.client.get("/who/").text) for browser in browsers]


@pytest.mark.parametrize("typed", [None, ANN, "Ann@EXAMPLE.com"])
def test_users_named_are_signed_out(typed: str | None, ann: Browser, ben: Browser) -> None:
    who = ["--identifier", typed] if typed else [name_of(ANN)]
    assert run("pwdless_sign_out", *who) == "Sign-ins ended: 1.\n"
    assert are_signed_in(ann, ben) == [False, True]


def test_several_are_signed_out(ann: Browser, ben: Browser) -> None:
    run("pwdless_sign_out", name_of(ANN), "--identifier", BEN)
    assert are_signed_in(ann, ben) == [False, False]


def test_everybody_is_signed_out(ann: Browser, ben: Browser) -> None:
    assert run("pwdless_sign_out", "--all", "--no-input") == "Sign-ins ended: 2.\n"
    assert are_signed_in(ann, ben) == [False, False]


@pytest.mark.parametrize(("typed", "left"), [("yes", 0), ("no", 1), ("", 1), ("y", 1)])
def test_everybody_only_when_sure(typed: str, left: int, ann: Browser, monkeypatch: Any) -> None:
    monkeypatch.setattr("builtins.input", lambda prompt: typed)
    if left:
        with pytest.raises(CommandError):
            run("pwdless_sign_out", "--all")
    else:
        run("pwdless_sign_out", "--all")
    assert SignIn.objects.count() == left


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--all", "--no-input", "somebody"],
        ["nobody"],
        ["--identifier", "nobody@example.com"],
        ["--identifier", "x"],
        ["--revoke", "--all", "--no-input"],
    ],
)
def test_mistake_signs_nobody_out(arguments: list[str], ann: Browser) -> None:
    with pytest.raises(CommandError) as raised:
        run("pwdless_sign_out", *arguments)
    assert "nobody@example.com" not in str(raised.value)
    assert are_signed_in(ann) == [True]


def test_known_and_unknown_together_sign_nobody_out(ann: Browser) -> None:
    with pytest.raises(CommandError):
        run("pwdless_sign_out", name_of(ANN), "nobody")
    assert are_signed_in(ann) == [True]


def test_off_there_is_nothing_to_end(ann: Browser, configure: Configure) -> None:
    configure(SIGN_INS=False)
    with pytest.raises(CommandError, match="SIGN_INS"):
        run("pwdless_sign_out", "--all", "--no-input")


def test_clear_deletes_what_has_expired(ann: Browser, ben: Browser) -> None:
    past = timezone.now() - timedelta(seconds=1)
    SignIn.objects.filter(user__username=name_of(ANN)).update(expires_at=past)
    assert run("pwdless_clear") == "Expired sign-ins deleted: 1.\n"
    assert are_signed_in(ann, ben) == [False, True]
    assert run("pwdless_clear") == "Expired sign-ins deleted: 0.\n"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="others read few rows as a whole")
def test_clear_finds_by_index_what_has_expired() -> None:
    plan = []
    with CaptureQueriesContext(connection) as queries:
        run("pwdless_clear")
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan += [row[-1] for row in cursor.fetchall()]
    indexes = ["pwdless_sign_in_expires", "pwdless_event_created"]
    for line, index in zip(plan, indexes, strict=True):
        assert line.startswith("SEARCH") and index in line


def staff(*codenames: str) -> Client:
    user = get_user_model().objects.create_user("staff", is_staff=True)
    wanted = [name if "_" in name else f"{name}_signin" for name in codenames]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client = Client()
    client.force_login(user)
    return client


def test_admin_shows_and_ends(ann: Browser, ben: Browser) -> None:
    row = SignIn.objects.get(user__username=name_of(ANN))
    client = staff("view", "delete")
    assert name_of(ANN) in client.get(LIST, {"q": name_of(ANN)}).text
    assert client.get(f"{LIST}{row.pk}/change/").status_code == 200
    assert client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert are_signed_in(ann, ben) == [False, True]


def test_admin_ends_several(ann: Browser, ben: Browser) -> None:
    pks = [row.pk for row in SignIn.objects.all()]
    chosen = {"action": "delete_selected", "_selected_action": pks, "post": "yes"}
    staff("view", "delete").post(LIST, chosen)
    assert are_signed_in(ann, ben) == [False, False]


def test_nobody_adds_or_changes_one(ann: Browser) -> None:
    client = staff("view", "delete")
    get_user_model().objects.filter(username="staff").update(is_superuser=True)
    row = SignIn.objects.first()
    assert row is not None
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{row.pk}/change/", {"sid": "x"}).status_code == 403


@pytest.mark.parametrize("codenames", [[], ["view"], ["view_identity"]])
def test_without_its_permission_nothing_is_ended(codenames: list[str], ann: Browser) -> None:
    row = SignIn.objects.get()
    client = staff(*codenames)
    assert ("/signin/" in client.get("/admin/").text) is (codenames == ["view"])
    assert client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(LIST, chosen)
    assert are_signed_in(ann) == [True]


def test_there_are_two_permissions() -> None:
    names = Permission.objects.filter(content_type__model="signin").values_list("codename")
    assert sorted(names) == [("delete_signin",), ("view_signin",)]


def test_off_the_admin_hides_it(ann: Browser, configure: Configure) -> None:
    client = staff("view", "delete")
    assert "/signin/" in client.get("/admin/").text
    configure(SIGN_INS=False)
    assert "/signin/" not in client.get("/admin/").text
    row = SignIn.objects.first()
    assert row is not None
    for page in (LIST, f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/delete/"):
        assert client.get(page).status_code == 403


@pytest.mark.parametrize("is_on", [True, False])
def test_no_sign_in_keeps_its_user_from_being_deleted(
    is_on: bool, ann: Browser, configure: Configure
) -> None:
    configure(SIGN_INS=is_on)
    client = staff("view_user", "delete_user", "delete_identity")
    pk = Identity.objects.get().user_id
    answer = client.post(f"/admin/auth/user/{pk}/delete/", {"post": "yes"})
    assert (answer.status_code, get_user_model().objects.filter(pk=pk).exists()) == (302, False)
