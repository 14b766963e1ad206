"""What the version before sign-ins, tokens and JSON left behind goes on: see README.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity, SignIn
from tests.journeys.browser import Browser, outcome

KEPT = json.loads(Path(__file__).with_name("stage_one.json").read_text())
OWNERS = {"by password": "1", "signed in": "2", "second factor proven": "3"}
HALF_WAY = {
    "code asked for": "verify/",
    "second factor asked for": "mfa/",
    "link sent": "sent/",
}

Return = Callable[[str], Browser]


@pytest.fixture
def tenant(pwdless_tenant: LocalTenant, configure: Any, clock: Any) -> LocalTenant:
    configure(CUSTOMIZE_MFA=True, METHODS=["email-code", "email-link"])
    return pwdless_tenant


@pytest.fixture(scope="module")
def migrated(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What was left is in the tables of its version, which were migrated then.

    Once: each test takes back what it did, and migrations take longer than all of the tests.
    """
    with django_db_blocker.unblock():
        call_command("migrate", "django_pwdless", "0001", verbosity=0)
        for row in serializers.deserialize("json", json.dumps(KEPT["rows"])):
            row.save()
        call_command("migrate", "django_pwdless", verbosity=0)
        go_on_counting()
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


def go_on_counting() -> None:
    """Have the next keys be those after the rows', where the database counts elsewhere."""
    models = [get_user_model(), Identity]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


@pytest.fixture
def comes_back(tenant: LocalTenant, migrated: None, db: None) -> Return:
    """Return who opens a browser kept since; this tenant is the one that there was then."""
    for identity in Identity.objects.all():
        digest = digest_of(tenant.issuer, identity.subject)
        Identity.objects.filter(pk=identity.pk).update(issuer=tenant.issuer, digest=digest)
    for key, value in KEPT["cache"].items():
        cache.set(key.replace(KEPT["issuer"].rstrip("/"), tenant.base_url), value, 3600)

    def comes_back(name: str) -> Browser:
        browser = Browser(tenant)
        browser.client.cookies["sessionid"] = KEPT["sessions"][name]
        return browser

    return comes_back


def digest_of(issuer: str, subject: str) -> str:
    return hashlib.sha256(f"{issuer}\0{subject}".encode()).hexdigest()


def test_digest_is_what_was_written_then() -> None:
    written = [row["fields"] for row in KEPT["rows"] if "digest" in row["fields"]]
    assert written
    for fields in written:
        assert digest_of(fields["issuer"], fields["subject"]) == fields["digest"]


@pytest.mark.parametrize("name", OWNERS)
def test_people_stay_signed_in(name: str, comes_back: Return) -> None:
    browser = comes_back(name)
    assert browser.get("identities").status_code == 200
    assert browser.user_id == OWNERS[name]
    # What was proven then names no user, so that a change needs a new proof.
    where = "/accounts/login/?next=/accounts/identities/add/"
    assert outcome(browser.get("identity_add")) == (302, where)


@pytest.mark.parametrize("name", OWNERS)
def test_people_get_their_row_and_it_can_end(
    name: str, comes_back: Return, configure: Any, settings: Any
) -> None:
    configure(SIGN_INS=True)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django_pwdless.middleware.SignInMiddleware"]
    browser = comes_back(name)
    assert browser.get("sign_ins").status_code == 200
    assert str(SignIn.objects.get().user_id) == OWNERS[name]
    call_command("pwdless_sign_out", SignIn.objects.get().user.get_username(), verbosity=0)
    assert browser.get("sign_ins").status_code == 302
    assert browser.user_id is None


@pytest.mark.parametrize("name", HALF_WAY)
def test_people_half_way_begin_anew(name: str, comes_back: Return) -> None:
    browser = comes_back(name)
    response = browser.client.get(f"/accounts/{HALF_WAY[name]}", follow=True)
    assert response.redirect_chain == [("/accounts/login/", 302)]
    assert "We could not continue. Start again." in response.text
    assert browser.sign_in("ben@example.com").status_code == 302
    assert browser.user_id


@pytest.mark.usefixtures("comes_back")
def test_identity_leads_to_its_user(tenant: LocalTenant) -> None:
    browser = Browser(tenant)
    assert browser.sign_in("ann@example.com").status_code == 302
    assert browser.user_id == OWNERS["signed in"]
    assert Identity.objects.count() == 2


@pytest.mark.usefixtures("comes_back")
def test_limits_go_on_counting(tenant: LocalTenant) -> None:
    """Of the 20 messages that may be asked for from this address in this hour, five were."""
    asked = [outcome(Browser(tenant).ask(f"new{number}@example.com"))[0] for number in range(16)]
    assert asked == [*[302] * 15, 429]
