from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from django_pwdless.models import AddressLock, Identity

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("permissions")]

LIST = "/admin/django_pwdless/identity/"
ADD = "/admin/django_pwdless/identity/add/"


def staff(*codenames: str) -> Client:
    """A client of somebody in the admin with these permissions on identities."""
    user = get_user_model().objects.create_user("staff", is_staff=True)
    wanted = [f"{codename}_identity" for codename in codenames]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def identity() -> Identity:
    return Identity.objects.create(
        user=get_user_model().objects.create_user("ann-name"),
        issuer="https://tenant.example/",
        subject="email|5e6f",
        connection="email",
        email="ann@example.com",
        phone_number="+15550100",
    )


def page(name: str, identity: Identity) -> str:
    return reverse(f"admin:django_pwdless_identity_{name}", args=[identity.pk])


@pytest.mark.parametrize(
    "query", ["ann@ex", "ANN@EXAMPLE", "+1555", "1 555 0100", "email|5e6f", "ann-", ""]
)
def test_search_finds(identity: Identity, query: str) -> None:
    response = staff("view").get(LIST, {"q": query})
    assert page("change", identity) in response.text


@pytest.mark.parametrize("query", ["bea", "tenant.example", "ann@example.com bea", "%"])
def test_search_finds_not(identity: Identity, query: str) -> None:
    response = staff("view").get(LIST, {"q": query})
    assert response.status_code == 200
    assert page("change", identity) not in response.text


def test_search_for_a_nul() -> None:
    assert staff("view").get(LIST, {"q": "\0"}).status_code == 200


def test_list_costs_the_same_however_long(identity: Identity) -> None:
    client, counts = staff("view"), []
    for number in range(3):
        user = get_user_model().objects.create_user(f"user {number}")
        Identity.objects.create(user=user, issuer="i", subject=f"s{number}")
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[2]


LISTS = ["identity", "signin", "event"]
ASKED = [{}, {"q": "ann"}, {"q": "ann@example.com"}, {"q": "+15550100"}, {"user__id__exact": "1"}]
FILTERED = {"identity": {"connection": "sms"}, "event": {"kind": "sign_in"}}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("query", [*ASKED, FILTERED], ids=str)
def test_list_reads_no_whole_table(
    name: str, query: Any, identity: Identity, settings: Any
) -> None:
    """Its rows come by an index, in its order, and are counted no further than to a bound."""
    settings.PWDLESS = {**settings.PWDLESS, "SIGN_INS": True, "EVENTS": True}
    get_user_model().objects.create_superuser("root", password="!")
    client = Client()
    client.force_login(get_user_model().objects.get(username="root"))
    with CaptureQueriesContext(connection) as queries:
        chosen = query.get(name, {}) if query is FILTERED else query
        assert client.get(f"/admin/django_pwdless/{name}/", chosen).status_code == 200
    asked = [each["sql"] for each in queries if f"FROM {quoted(name)}" in each["sql"]]
    for sql in asked:
        assert re.search(r"LIMIT 10000\)|ORDER BY \S+id. DESC( LIMIT \d+)?$", sql)
        assert not wholly_read(sql), sql


def quoted(name: str) -> str:
    return connection.ops.quote_name(f"django_pwdless_{name}")


def wholly_read(sql: str) -> list[str]:
    """Lines of the plan that read a whole table, or sort what was found."""
    if connection.vendor == "mysql":
        # Few rows are read as a whole there, and nothing tells it otherwise.
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"{connection.ops.explain_query_prefix()} {sql}")
        plan = [" ".join(map(str, row)) for row in cursor.fetchall()]
    # SQLite walks along the primary key as far as the limit, and finds no beginnings by an index.
    whole = {"postgresql": "Seq Scan on (django|auth)", "sqlite": "USE TEMP B-TREE"}
    return [line for line in plan if re.search(whole[connection.vendor], line)]


@pytest.mark.parametrize("name", LISTS)
def test_list_leads_to_no_other_order(name: str) -> None:
    """Of other columns there is no index."""
    assert admin.site.get_model_admin(apps.get_model("django_pwdless", name)).sortable_by == ()


@pytest.mark.parametrize("page_number", [1, 2])
def test_list_is_counted_to_a_bound(
    page_number: int, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django_pwdless.admin.MOST", 3)
    monkeypatch.setattr("django_pwdless.admin.IdentityAdmin.list_per_page", 2)
    Identity.objects.bulk_create(
        Identity(user=identity.user, issuer="i", subject=f"s{number}") for number in range(5)
    )
    response = staff("view").get(LIST, {"p": page_number})
    assert response.context["cl"].result_count == 3
    assert len(response.context["cl"].result_list) == {1: 2, 2: 1}[page_number]


def test_list_begins_with_the_newest(identity: Identity) -> None:
    newer = Identity.objects.create(user=identity.user, issuer="i", subject="newer")
    text = staff("view").get(LIST).text
    assert text.index(page("change", newer)) < text.index(page("change", identity))


def test_list_filters_by_connection(identity: Identity) -> None:
    client = staff("view")
    assert page("change", identity) in client.get(LIST, {"connection": "email"}).text
    assert page("change", identity) not in client.get(LIST, {"connection": "sms"}).text


def test_list_can_be_that_of_one_user(identity: Identity) -> None:
    client, wanted = staff("view"), {"user__id__exact": identity.user_id}
    other = Identity.objects.create(
        user=get_user_model().objects.create_user("other"), issuer="i", subject="s"
    )
    text = client.get(LIST, wanted).text
    assert page("change", identity) in text
    assert page("change", other) not in text


def test_identity_is_shown_and_cannot_be_typed_over(identity: Identity) -> None:
    response = staff("view", "change").get(page("change", identity))
    assert response.status_code == 200
    for shown in ("https://tenant.example/", "email|5e6f", "ann@example.com", "+15550100"):
        assert shown in response.text
    assert identity.digest not in response.text
    assert 'name="subject"' not in response.text
    assert 'name="_save"' not in response.text


@pytest.mark.parametrize("superuser", [True, False])
def test_nobody_adds_one(superuser: bool) -> None:
    client = staff("add", "change", "delete", "view")
    get_user_model().objects.update(is_superuser=superuser)
    assert ADD not in client.get(LIST).text
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, {"issuer": "i", "subject": "s", "user": 1}).status_code == 403


@pytest.mark.parametrize("superuser", [True, False])
def test_nobody_changes_one(identity: Identity, superuser: bool) -> None:
    client = staff("add", "change", "delete", "view")
    get_user_model().objects.filter(username="staff").update(is_superuser=superuser)
    response = client.post(page("change", identity), {"subject": "email|mine"})
    assert response.status_code == 403
    assert Identity.objects.get().subject == "email|5e6f"


@pytest.mark.parametrize(
    ("codenames", "status", "left"),
    [(["delete"], 302, 0), (["delete", "view"], 302, 0), (["view", "change", "add"], 403, 1)],
)
def test_delete_needs_its_permission(
    identity: Identity, codenames: list[str], status: int, left: int
) -> None:
    response = staff(*codenames).post(page("delete", identity), {"post": "yes"})
    assert (response.status_code, Identity.objects.count()) == (status, left)


@pytest.mark.parametrize(("codenames", "left"), [(["delete", "view"], 0), (["view"], 1)])
def test_delete_of_several_needs_its_permission(
    identity: Identity, codenames: list[str], left: int
) -> None:
    chosen = {"action": "delete_selected", "_selected_action": identity.pk, "post": "yes"}
    staff(*codenames).post(LIST, chosen)
    assert Identity.objects.count() == left


def test_deleted_identity_leaves_its_user(identity: Identity) -> None:
    staff("delete").post(page("delete", identity), {"post": "yes"})
    assert get_user_model().objects.filter(username="ann-name").exists()


def test_without_permission_nothing_is_shown(identity: Identity) -> None:
    client = staff()
    assert client.get(LIST).status_code == client.get(page("change", identity)).status_code == 403


def test_locks_are_no_business_of_the_admins() -> None:
    codenames = Permission.objects.filter(content_type__app_label="django_pwdless")
    assert not codenames.filter(content_type__model=AddressLock._meta.model_name).exists()
