"""Whether a million sign-ins and events change what is asked of them: see README.md."""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from io import StringIO
from typing import Any

from crowd import add_crowd, add_history
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from identities import milliseconds, open_page, signed_in
from plans import verdict
from project import describe, project_for
from signed_in import request_with_token
from site_requests import Site
from tenant import tenant_process

from django_pwdless.conf import conf

EACH = 10
TABLES = (
    *("django_pwdless_signin", "django_pwdless_event", "django_pwdless_identity"),
    *("auth_user", "django_session"),
)
PAGE, LISTED = "/accounts/sign-ins/", "/admin/django_pwdless/"

# How each list of the admin can be asked for, beside as a whole and by a name.
LISTS: dict[str, list[dict[str, str]]] = {
    "identity": [{"q": "person77@example.com"}, {"q": "+4915123456789"}, {"connection": "sms"}],
    "signin": [],
    "event": [{"q": "person77@example.com"}, {"kind": "sign_in"}, {"kind": "refused"}],
}

Action = Callable[[], Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure among few, add the others, measure again, and say how each is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sign-ins", type=int, default=1_000_000, help="(%(default)s)")
    parser.add_argument("--times", type=int, default=30, help="of each action (%(default)s)")
    options = parser.parse_args(arguments)
    with tenant_process() as tenant, project_for(tenant, sign_ins=True):
        site = Site(tenant)
        print(describe())
        few = milliseconds(actions(site), options.times)
        began = time.monotonic()
        add_crowd(options.sign_ins // EACH)
        add_history(EACH)
        print(f"\nAdded {options.sign_ins} of each in {time.monotonic() - began:.0f} s.")
        every = actions(site)
        many = milliseconds(every, options.times)
        print(f"\n{'milliseconds, median':64}{'few':>12}{'many':>12}{'plan':>12}")
        for name, action in every.items():
            plan = verdict(action, *TABLES)
            print(f"{name:64}{few[name]:12.2f}{many[name]:12.2f}{plan:>12}", flush=True)


def actions(site: Site) -> dict[str, Action]:
    """Return what is asked of the table; what ends sign-ins makes its own before."""
    from django_pwdless.sign_ins import end
    from django_pwdless.tokens import get_access_token

    people = Newcomers()
    staff, person = signed_in(is_staff=True), signed_in()
    request = request_with_token()
    return {
        "a login": lambda: site.answer(site.typed_code("/accounts/verify/")),
        "a request of somebody signed in": lambda: open_page(person, "/accounts/identities/"),
        "a fresh access token": lambda: get_access_token(request),
        "the page of sign-ins": lambda: open_page(person, PAGE),
        "one ended": lambda: end_one(person, people),
        "a user's ended": lambda: end(people.sign_in().user),
        "a back-channel logout, by session": lambda: log_out(people.sign_in(), by_session=True),
        "a back-channel logout, by subject": lambda: log_out(people.sign_in(), by_session=False),
        "pwdless_clear": lambda: clear(people),
        **{
            f"the admin's {name}s, {query or 'all'}": partial(
                open_page, staff, f"{LISTED}{name}/", **query
            )
            for name, queries in LISTS.items()
            for query in (*queries, {"q": "person77"}, {})
        },
    }


class Newcomers:
    """People with an identity, picked at random, who sign in once more."""

    def __init__(self) -> None:
        identities = apps.get_model("django_pwdless", "Identity").objects
        pks = random.sample(list(identities.values_list("pk", flat=True)), 100)
        self._identities = itertools.cycle(identities.filter(pk__in=pks).select_related("user"))

    def sign_in(self, **more: Any) -> Any:
        """Add a row, of one of them unless told another user."""
        identity = next(self._identities)
        values = {"user": identity.user, "identity": identity, "sid": f"own{time.time_ns()}"}
        values |= {"expires_at": timezone.now() + timedelta(days=14), **more}
        return apps.get_model("django_pwdless", "SignIn").objects.create(**values)


def end_one(person: Client, people: Newcomers) -> None:
    """End one of somebody's own by its button; raises where that did nothing."""
    added = people.sign_in(user_id=person.session["_auth_user_id"])
    response = person.post(f"{PAGE}{added.pk}/end/", secure=True)
    if response.status_code != 302:
        raise RuntimeError(f"ending one answered {response.status_code}")


def log_out(row: Any, *, by_session: bool) -> None:
    """Do what a logout token does once it is verified; raises where that ended nothing."""
    from django_pwdless.auth0.verification.logout_token import LogoutToken
    from django_pwdless.flows.account.backchannel import end_named

    sid, subject = (row.sid, "") if by_session else ("", row.identity.subject)
    if not end_named(LogoutToken(conf.issuer, subject, sid, time.time())):
        raise RuntimeError("the logout ended nothing")


def clear(people: Newcomers) -> None:
    """Delete what has expired: one more each time."""
    people.sign_in(expires_at=timezone.now())
    call_command("pwdless_clear", stdout=StringIO())


if __name__ == "__main__":
    main()
