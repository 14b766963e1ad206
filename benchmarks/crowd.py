"""Fill the database with people who never come, each with an identity: in SQL, in seconds."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from django_pwdless.conf import conf

# The digest of an identity, by the database's own functions.
DIGESTS = {
    "sqlite": "digest(%(issuer)s, subject)",
    "postgresql": (
        "encode(sha256(convert_to(%(issuer)s, 'UTF8') || '\\x00'::bytea"
        " || convert_to(subject, 'UTF8')), 'hex')"
    ),
    "mysql": "SHA2(CONCAT(%(issuer)s, CHAR(0), subject), 256)",
}

USERS = """
INSERT INTO {user} (username, email, password, first_name, last_name,
                    is_superuser, is_staff, is_active, date_joined)
WITH RECURSIVE crowd (number) AS (
    SELECT 1 UNION ALL SELECT number + 1 FROM crowd WHERE number < %(size)s
)
SELECT CONCAT('crowd', number), CONCAT('crowd', number, '@example.com'), '!', '', '',
       FALSE, FALSE, TRUE, %(now)s
FROM crowd
"""

IDENTITIES = """
INSERT INTO {identity} (user_id, issuer, subject, digest,
                        connection, email, phone_number, created_at)
SELECT id, %(issuer)s, subject, {digest},
       'email', email, '', date_joined
FROM (
    SELECT id, email, date_joined, CONCAT('email|', username) AS subject
    FROM {user} WHERE username LIKE 'crowd%%'
) AS crowd
"""

# One in a hundred has expired; every second login was on Auth0's own page.
SIGN_INS = """
INSERT INTO {sign_in} (user_id, identity_id, created_at, last_seen_at, expires_at,
                       method, mfa_factor, sid, user_agent,
                       tokens, tokens_version, refresh_state)
WITH RECURSIVE turns (number) AS (
    SELECT 1 UNION ALL SELECT number + 1 FROM turns WHERE number < %(each)s
)
SELECT user_id, id, created_at, created_at,
       CASE WHEN MOD(id, 100) = 0 THEN %(now)s ELSE %(later)s END,
       'email-code', '',
       CASE WHEN MOD(number, 2) = 0 THEN CONCAT('sid', id, '-', number) ELSE '' END,
       'Mozilla/5.0', %(sealed)s, 0, ''
FROM turns CROSS JOIN {identity} WHERE subject LIKE 'email|crowd%%'
"""

# One in a hundred is past its age.
EVENTS = """
INSERT INTO {event} (user_id, identity_id, created_at, kind, method, reason,
                     identifier_digest, address)
WITH RECURSIVE turns (number) AS (
    SELECT 1 UNION ALL SELECT number + 1 FROM turns WHERE number < %(each)s
)
SELECT user_id, id, CASE WHEN MOD(id, 100) = 0 THEN %(before)s ELSE %(now)s END,
       CASE WHEN MOD(number, 2) = 0 THEN 'sign_in' ELSE 'message_sent' END,
       'email-code', '', digest, '9.9.9.0/24'
FROM turns CROSS JOIN {identity} WHERE subject LIKE 'email|crowd%%'
"""


def add_crowd(size: int) -> None:
    """Add so many users with an identity each, and have the database look at its tables."""
    quote = connection.ops.quote_name
    user = quote(get_user_model()._meta.db_table)
    identity = quote(apps.get_model("django_pwdless", "Identity")._meta.db_table)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    values = {"size": size, "issuer": conf.issuer, "now": now}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _add_functions()
        if connection.vendor == "mysql":
            cursor.execute("SET max_recursive_iterations = %s", [size])
        digest = DIGESTS[connection.vendor]
        for statement in (USERS, IDENTITIES):
            names = {"user": user, "identity": identity, "digest": digest}
            cursor.execute(statement.format(**names), values)
    _analyze(user, identity)


def add_history(each: int) -> None:
    """Add so many sign-ins and events of each of the crowd, and have the database look at them."""
    quote = connection.ops.quote_name
    models = {"identity": "Identity", "sign_in": "SignIn", "event": "Event"}
    names = {
        name: quote(apps.get_model("django_pwdless", model)._meta.db_table)
        for name, model in models.items()
    }
    before, now, later = (
        connection.ops.adapt_datetimefield_value(timezone.now() + timedelta(days=days))
        for days in (-100, 0, 14)
    )
    times = {"before": before, "now": now, "later": later}
    values = {"each": each, "sealed": "x" * 100, **times}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _add_functions()
        for statement in (SIGN_INS, EVENTS):
            cursor.execute(statement.format(**names), values)
    _analyze(names["sign_in"], names["event"])


def _analyze(*tables: str) -> None:
    keyword = "ANALYZE TABLE" if connection.vendor == "mysql" else "ANALYZE"
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"{keyword} {table}")


def _add_functions() -> None:
    """Give SQLite what the other databases have."""

    def concat(*parts: object) -> str:
        return "".join(map(str, parts))

    def digest(issuer: str, subject: str) -> str:
        return hashlib.sha256(f"{issuer}\0{subject}".encode()).hexdigest()

    def mod(number: int, divisor: int) -> int:
        return number % divisor

    for function, arguments in ((concat, -1), (digest, 2), (mod, 2)):
        connection.connection.create_function(function.__name__, arguments, function)
