"""The rows of ``EVENTS``: threats 21, 50 and 60."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Event, Identity
from tests.outages import OUTAGES

from .browser import ANN, BEN, NUMBER, TOKEN, Browser
from .conftest import Configure, NewBrowser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("permissions")]

LIST = "/admin/django_pwdless/event/"
TABLE = Event._meta.db_table


@pytest.fixture(autouse=True)
def kept(configure: Configure) -> None:
    configure(EVENTS=True)


def story() -> list[str]:
    rows = Event.objects.order_by("pk").values_list("kind", "method", "reason")
    return [" ".join(filter(None, row)) for row in rows]


def test_login(browser: Browser) -> None:
    browser.client.defaults["REMOTE_ADDR"] = "203.0.113.77"
    browser.sign_in()
    first, added, last = Event.objects.order_by("pk")
    assert (first.kind, first.user, first.identity) == ("message_sent", None, None)
    assert (added.kind, last.kind, last.method) == ("identity_added", "sign_in", "email-code")
    assert (str(last.user.pk), last.identity) == (browser.user_id, Identity.objects.get())
    assert {row.address for row in (first, added, last)} == {"203.0.113.0/24"}
    assert len({row.identifier_digest for row in (first, added, last)}) == 1


def test_row_names_nobody_before_the_proof(came_in: Browser, new_browser: NewBrowser) -> None:
    Event.objects.all().delete()
    stranger = new_browser()
    stranger.ask()
    stranger.answer(stranger.wrong_code)
    assert story() == ["message_sent email-code", "refused email-code code"]
    assert not Event.objects.exclude(user=None, identity=None).exists()


def test_no_row_holds_an_identifier(browser: Browser) -> None:
    browser.sign_in()
    stored = str(list(Event.objects.values_list()))
    assert ANN not in stored and "ann" not in stored


def test_limit_is_one_row_a_key_and_window(
    clock: Any, browser: Browser, configure: Configure
) -> None:
    configure(RATE_LIMITS={"start": {"pair": "1/h"}}, RESEND_COOLDOWN=0)

    def limits() -> int:
        return Event.objects.filter(kind="limited").count()

    for _ in range(4):
        browser.ask()
    assert limits() == 1
    browser.ask(BEN)
    browser.ask(BEN)
    assert limits() == 2
    clock.shift(3601)
    browser.ask()
    browser.ask()
    assert limits() == 3
    assert Event.objects.filter(reason="start.pair 1/h").count() == 3


def test_strangers_fill_no_table(browser: Browser, configure: Configure) -> None:
    configure(METHODS=["email-link"])
    for _ in range(3):
        browser.get("callback", state="x", code="y")
    assert story() == ["refused state_unknown"]


@pytest.mark.parametrize("outage", OUTAGES)
def test_without_the_cache_no_limit_is_kept(
    outage: str, settings: Any, browser: Browser, configure: Configure
) -> None:
    settings.CACHES = {"default": {"BACKEND": outage}}
    configure(METHODS=["email-link"])
    assert browser.get("callback", state="x", code="y").status_code == 400
    assert story() == []


def statements(step: Callable[[], Any]) -> list[str]:
    ignored = {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"}
    with CaptureQueriesContext(connection) as queries:
        step()
    return [each["sql"] for each in queries if each["sql"].split()[0] not in ignored]


def test_login_costs_one_statement_more(new_browser: NewBrowser, configure: Configure) -> None:
    def cost() -> list[str]:
        new_browser().sign_in()
        browser = new_browser()
        browser.ask()
        code = browser.code
        return statements(lambda: browser.answer(code))

    on = cost()
    assert [sql.split()[0] for sql in on if TABLE in sql] == ["INSERT"]
    configure(EVENTS=False)
    off = cost()
    assert len(off) == len(on) - 1
    assert not [sql for sql in off if TABLE in sql]


def test_off_nothing_is_kept_and_no_statement_spent(browser: Browser, configure: Configure) -> None:
    configure(EVENTS=False)
    browser.sign_in()
    browser.sign_in(BEN)
    ann = Identity.objects.get(email=ANN)
    done = statements(lambda: [browser.post("logout"), ann.delete()])
    assert not [sql for sql in done if TABLE in sql]
    assert not Event.objects.exists()


@contextmanager
def refusing(table: str, kind: type[Exception]) -> Iterator[None]:
    """A database that takes nothing for this table, or has gone."""

    def refuse(execute: Any, sql: str, *args: Any) -> Any:
        if table in sql and not sql.startswith("SELECT"):
            raise kind("the address of ann@example.com")
        return execute(sql, *args)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize("kind", [OperationalError, DatabaseError, InterfaceError])
def test_database_that_takes_no_row(kind: type[Exception], browser: Browser, caplog: Any) -> None:
    with refusing(TABLE, kind):
        browser.sign_in()
    assert browser.user_id
    assert story() == []
    assert f"refused to keep an event ({kind.__name__})" in caplog.text
    assert "ann@example.com" not in caplog.text


def test_refused_row_leaves_the_transaction_of_others_whole(came_in: Browser) -> None:
    """Whatever the database says to the statement itself."""
    from django_pwdless.events.outcome import SIGN_IN, Outcome
    from django_pwdless.events.telling import tell

    with transaction.atomic():
        get_user_model().objects.create_user("before")
        tell(Outcome(SIGN_IN, reason="long" * 100))
        get_user_model().objects.create_user("after")
    assert get_user_model().objects.filter(username__in=["before", "after"]).count() == 2


def test_rows_outlive_user_and_identity(came_in: Browser) -> None:
    get_user_model().objects.all().delete()
    assert story()[-1] == "sign_in email-code"
    assert not Event.objects.exclude(user_id=None, identity_id=None).exists()


def test_removed_identity(came_in: Browser) -> None:
    came_in.post("identity_add", identifier=BEN)
    came_in.identifier = BEN
    came_in.answer()
    own = Identity.objects.get(email=BEN)
    came_in.client.post(f"/accounts/identities/{own.pk}/remove/")
    last = Event.objects.order_by("pk").last()
    assert last is not None
    assert (last.kind, last.identity_id) == ("identity_removed", None)
    assert str(last.user_id) == came_in.user_id


def test_clear_deletes_what_is_past_its_age(came_in: Browser, configure: Configure) -> None:
    configure(EVENT_DAYS=30)
    first = Event.objects.order_by("pk")[0]
    first.created_at = timezone.now() - timedelta(days=31)
    first.save()
    before = Event.objects.count()
    call_command("pwdless_clear")
    assert Event.objects.count() == before - 1
    assert not Event.objects.filter(pk=first.pk).exists()


def staff(*codenames: str) -> Client:
    user = get_user_model().objects.create_user("staff", is_staff=True)
    wanted = [f"{codename}_event" for codename in codenames]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client = Client()
    client.force_login(user)
    return client


def found(client: Client, term: str) -> int:
    return int(client.get(LIST, {"q": term}).context["cl"].result_count)


def test_admin_finds_by_identifier(browser: Browser, configure: Configure, settings: Any) -> None:
    browser.sign_in()
    browser.sign_in(BEN)
    client = staff("view")
    assert found(client, ANN) == found(client, " ANN@Example.com ") == 3
    assert found(client, "carl@example.com") == 0
    assert found(client, get_user_model().objects.get(email=BEN).username) > 0
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    client.force_login(get_user_model().objects.get(username="staff"))
    assert found(client, ANN) == 3


def test_admin_finds_by_number(browser: Browser, configure: Configure) -> None:
    configure(METHODS=["sms-code"], PHONE_REGIONS=["DE"])
    browser.sign_in(NUMBER)
    assert found(staff("view"), "+49 151 23456789") == 3


def test_admin_only_reads(came_in: Browser) -> None:
    client = staff("add", "change", "delete", "view")
    row = Event.objects.order_by("pk")[0]
    assert client.get(LIST, {"kind": "sign_in"}).context["cl"].result_count == 1
    assert client.get(f"{LIST}{row.pk}/change/").status_code == 200
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{LIST}{row.pk}/change/", {"kind": "another"})
    fields = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    client.post(LIST, fields)
    assert Event.objects.get(pk=row.pk).kind == "message_sent"


def test_admin_needs_permission_and_the_setting(came_in: Browser, configure: Configure) -> None:
    client = staff("view")
    assert "/event/" in client.get("/admin/").text
    configure(EVENTS=False)
    assert "/event/" not in client.get("/admin/").text
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize("fault", ["server_error", "access_denied"])
def test_rows_tell_what_the_log_tells(
    fault: str, half_way: Browser, tenant: LocalTenant, told: Any
) -> None:
    Event.objects.all().delete()
    tenant.fail(TOKEN, fault)
    half_way.answer()
    half_way.post("login", identifier=BEN)
    assert story() == told.story
