"""What is told of people, in the log, in rows and by mail: never anything whole (threat 60)."""

from __future__ import annotations

import logging
import re

from django.core import mail

from django_pwdless.events.telling import DETAILS, logger
from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Event

from .guarantees import TOKENS
from .proofs import secrets_of


class Records(logging.Handler):
    """Listens to what is told, from ``begin`` to ``end``."""

    def begin(self) -> None:
        self._told: list[str] = []
        self._mails = len(mail.outbox)
        Event.objects.all().delete()
        logger.addHandler(self)

    def end(self) -> None:
        logger.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        details = [str(getattr(record, name)) for name in DETAILS]
        self._told.append(" ".join([record.getMessage(), *details]))

    def check(self, tenant: LocalTenant, typed: str) -> None:
        """Assert that nothing whole was told since the last time."""
        hidden = {"id", "identifier_digest", "created_at"}
        names = [field.attname for field in Event._meta.fields if field.name not in hidden]
        rows = [str(row) for row in Event.objects.values_list(*names)]
        mails = [f"{it.subject}\n{it.body}" for it in mail.outbox[self._mails :]]
        check_text(tenant, "\n".join([*self._told, *rows, *mails]), typed)
        self.end()
        self.begin()


def check_text(tenant: LocalTenant, text: str, typed: str) -> None:
    """No address, number, code, secret or token is in it."""
    people = [person.identifier for person in tenant.state.people]
    assert not [each for each in (*people, typed) if len(each) > 6 and each in text]
    codes = {message.code for message in tenant.inbox.messages() if message.code}
    assert not codes.intersection(re.findall(r"\d+", text))
    for kind, secrets in secrets_of(tenant).items():
        assert not [secret for secret in secrets if secret and secret in text], kind
    assert not [start for start in TOKENS if start in text]
