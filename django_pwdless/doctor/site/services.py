"""What the site stands on: cache, database, mail and clock."""

from __future__ import annotations

import secrets
import time
import warnings
from datetime import datetime, timezone
from typing import Any

from django.core import mail
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.db import DatabaseError, connections, router
from django.db.migrations.executor import MigrationExecutor

from django_pwdless.conf import conf
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import Finding, ok, warn, wrong
from django_pwdless.limits.shared_cache import cache_alias
from django_pwdless.models import Identity

#: Apps whose tables a sign-in needs.
APPS = ("contenttypes", "auth", "sessions", "django_pwdless")
#: Before this the app was not there: a clock that says so is not set.
EARLIEST = datetime(2026, 1, 1, tzinfo=timezone.utc).timestamp()
#: Backends that send nothing to anybody.
SENDING_NOTHING = ("console", "dummy", "filebased", "locmem")
#: Seconds to wait for the mail server.
MAIL_TIMEOUT = 2


@entry("cache", setting="CACHES")
def cache(case: Case) -> Finding:
    """The cache that counts gives back what it is given."""
    alias = cache_alias()
    key, value = f"pwdless:doctor:{secrets.token_hex(8)}", secrets.token_hex(8)
    try:
        store = caches[alias]
        store.set(key, value, 10)
        found = store.get(key)
        store.delete(key)
    except Exception as error:  # each backend has errors of its own
        return wrong(f'The cache "{alias}" does not answer ({type(error).__name__}).')
    if found != value and not isinstance(store, DummyCache):
        return wrong(f'The cache "{alias}" loses what it is given.')
    return ok(f'The cache "{alias}" answers.')


def _alias() -> str:
    return str(router.db_for_write(Identity))


@entry("database", setting="DATABASES")
def database(case: Case) -> Finding:
    """The database takes connections."""
    alias = _alias()
    try:
        connections[alias].ensure_connection()
    except DatabaseError as error:
        return wrong(f'The database "{alias}" does not answer ({type(error).__name__}).')
    return ok(f'The database "{alias}" answers.')


@entry("migrations", needs=("database",))
def migrations(case: Case) -> Finding:
    """Every table is there, and as this version wants it."""
    executor = MigrationExecutor(connections[_alias()])
    targets = [
        leaf
        for app in APPS
        if app in executor.loader.migrated_apps
        for leaf in executor.loader.graph.leaf_nodes(app)
    ]
    missing = len(executor.migration_plan(targets))
    if missing:
        return wrong(f"{missing} migrations are missing: run manage.py migrate.")
    return ok("The tables are there.")


@entry("mail", setting="EMAIL_BACKEND")
def mailing(case: Case) -> Finding:
    """Django's mail leaves the machine, where the app sends notices; nothing is sent."""
    if not conf.NOTICES:
        return ok("The app itself sends no mail: codes and links are sent by Auth0.")
    try:
        mailer = _mailer()
        if type(mailer).__module__.rpartition(".")[2] in SENDING_NOTHING:
            return warn("The mail backend sends nothing to anybody, so that no notice arrives.")
        mailer.timeout = min(getattr(mailer, "timeout", None) or MAIL_TIMEOUT, MAIL_TIMEOUT)
        with mailer:
            return ok("The mail server takes connections.")
    except Exception as error:  # SMTP, sockets, TLS, or a backend of the site's own
        return wrong(f"The mail server does not answer ({type(error).__name__}).", "likely")


def _mailer() -> Any:
    """Return what Django sends with; from 6.1 on that is the default one of ``MAILERS``."""
    mailers: Any = getattr(mail, "mailers", None)
    with warnings.catch_warnings():
        # Django 6.1 wants MAILERS in place of EMAIL_BACKEND, and says so itself.
        warnings.simplefilter("ignore")
        return mail.get_connection() if mailers is None else mailers.default


@entry("clock")
def clock(case: Case) -> Finding:
    """The clock is set; how it goes beside the tenant's is seen there."""
    if time.time() < EARLIEST:
        return wrong("The clock of this machine is not set: tokens would be from the future.")
    return ok("The clock of this machine is set.")


ENTRIES = (cache, database, migrations, mailing, clock)
