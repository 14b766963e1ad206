"""Whether the passwordless connections are there, and on for the application."""

from __future__ import annotations

from typing import Any

from django_pwdless.auth0.http.errors import Answer
from django_pwdless.conf import conf
from django_pwdless.doctor import needs
from django_pwdless.doctor.asking.answers import hint, must_be_heard, otherwise
from django_pwdless.doctor.asking.management import Management, member, objects
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import CannotTell, Finding, ok, wrong
from django_pwdless.doctor.places import EMAIL, SMS

START = "/passwordless/start"
NAMES = {"email": "Email", "sms": "SMS"}
#: What says that no address or number came with it: the connection was looked at before.
NO_IDENTIFIER = ("bad.email", "bad.phone_number")


@entry("connection.email", where=EMAIL, setting="METHODS", needs=("secret",), applies=needs.mails)
def email(case: Case) -> Finding:
    """Mails go to the users of this connection."""
    return _finding(case, "email")


@entry("connection.sms", where=SMS, setting="METHODS", needs=("secret",), applies=needs.texts)
def sms(case: Case) -> Finding:
    """Texts go to the users of this connection."""
    return _finding(case, "sms")


def _finding(case: Case, name: str) -> Finding:
    """Ask the application's list, and have a start without an address or number refused."""
    answer = case.answers[f"connection.{name}"] = case.wire.ask(
        "POST", START, {"connection": name, "send": "code"}
    )
    try:
        is_there, is_on = _listed(case.management, name)
    except CannotTell:
        return _by_start(answer, name)
    if not is_there:
        return wrong(f"There is no connection {NAMES[name]}. Turn it on.")
    if not is_on:
        return wrong(f"{NAMES[name]} is off for this application. Turn it on: tab Applications.")
    return ok(f"The connection {NAMES[name]} is on for this application.")


def _by_start(answer: Answer, name: str) -> Finding:
    if answer.error in NO_IDENTIFIER:
        return ok(f"The connection {NAMES[name]} is on for this application.", "likely")
    if answer.error == "bad.connection":
        words = hint(answer)
        return wrong(f"{words[0].upper()}{words[1:]}")
    must_be_heard(answer)
    raise otherwise(answer, START)


def connection(management: Management, strategy: str) -> dict[str, Any] | None:
    """Return the connection of a strategy; ``None`` where there is none."""
    found = management.read("/connections", "read:connections", strategy=strategy)
    return next(iter(objects(found, "connections")), None)


def _listed(management: Management, strategy: str) -> tuple[bool, bool]:
    """Return whether the connection exists, and whether our application is among its own."""
    found = connection(management, strategy)
    if found is None:
        return False, False
    path = f"/connections/{member(found, 'id')}/clients"
    query = {"take": "100"}
    while True:
        page = management.read(path, "read:connections", **query)
        listed = objects(member(page, "clients"), "clients")
        ids = [each.get("client_id") for each in listed]
        if conf.CLIENT_ID in ids:
            return True, True
        if not page.get("next"):
            return True, False
        query["from"] = str(page["next"])


ENTRIES = (email, sms)
