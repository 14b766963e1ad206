"""One refresh at a time for a sign-in, over threads and processes, by a lease in its row.

``tokens_version`` is raised by each lease and by each login's tokens, and never lowered: a change
that names the version it has seen is made by one process, and comes too late for all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any

from django.db import connections
from django.db.models import F, QuerySet
from django.utils import timezone

from django_pwdless.exceptions import Unavailable
from django_pwdless.models import SignIn
from django_pwdless.sign_ins.rows import rows, tolerated

LEASE = timedelta(seconds=30)
RETRY_AFTER = timedelta(seconds=5)

# ``refresh_state``: how the last refresh ended, or that this is the second try. Empty is well.
LOST, RETRYING, REVOKED = "lost", "retrying", "revoked"
MFA_REQUIRED, MISCONFIGURED, UNAVAILABLE = "mfa_required", "misconfigured", "unavailable"


class Turn(Enum):
    """Whose turn it is to refresh the tokens of a row."""

    OURS = auto()
    ANOTHERS = auto()
    #: Nobody's yet: an answer was lost just now.
    NOBODYS = auto()
    #: Nobody's any more: the second try left no answer either.
    OVER = auto()

    @classmethod
    def of(cls, row: SignIn) -> Turn:
        """Return it as the row says."""
        until = row.refresh_until
        if until is None:
            return cls.OURS
        if until > timezone.now():
            return cls.NOBODYS if row.refresh_state == LOST else cls.ANOTHERS
        return cls.OVER if row.refresh_state == RETRYING else cls.OURS


@dataclass(frozen=True)
class Lease:
    """The right to refresh the tokens of one row, until it is over or used.

    ``is_retry`` where the answer before this one was lost, with its process perhaps.
    """

    pk: int
    version: int
    is_retry: bool

    @classmethod
    def take(cls, row: SignIn) -> Lease | None:
        """Take the lease of a row as it was read; None where somebody else was faster.

        Raises ``Unavailable`` where the database takes no changes: nobody may refresh then.
        """
        is_retry, taken = row.refresh_until is not None, None
        with tolerated("begin the refresh of a token"):
            taken = (
                rows()
                .filter(pk=row.pk, tokens_version=row.tokens_version)
                .update(
                    tokens_version=F("tokens_version") + 1,
                    refresh_state=RETRYING if is_retry else "",
                    refresh_until=timezone.now() + LEASE,
                )
            )
        if taken is None:
            raise Unavailable("The database takes no changes.")
        return cls(row.pk, row.tokens_version + 1, is_retry) if taken else None

    def commit(self, tokens: str) -> bool:
        """Keep sealed tokens, or none, and give the lease back; False where it is too late."""
        return self._end(tokens=tokens, refresh_state="")

    def end(self, state: str) -> None:
        """Give the lease back without tokens, and say why."""
        if state == UNAVAILABLE and self.is_retry:
            # The one more try is still to come.
            self._end(refresh_state=LOST, refresh_until=timezone.now())
        elif state == LOST and not self.is_retry:
            self._end(refresh_state=LOST, refresh_until=timezone.now() + RETRY_AFTER)
        elif state in (LOST, REVOKED):
            self._end(tokens="", refresh_state=REVOKED)
        else:
            self._end(refresh_state=state)

    def _end(self, **columns: object) -> bool:
        row = rows().filter(pk=self.pk, tokens_version=self.version)
        return bool(row.update(**{"refresh_until": None, **columns}))


def take_out(seen: QuerySet[SignIn]) -> bool:
    """Empty these rows of their tokens; whether there were any rows.

    A refresh that is under way comes too late then, and revokes what it got.
    """
    raised = F("tokens_version") + 1
    return bool(seen.update(tokens="", tokens_version=raised, refresh_until=None))


def give_up(row: SignIn) -> None:
    """End tokens whose second refresh left no answer either."""
    Lease(row.pk, row.tokens_version, is_retry=True).end(REVOKED)


def require_no_transaction() -> None:
    """Raise ``RuntimeError`` inside a transaction, as ``atomic(durable=True)`` does.

    What a rotation returns must be committed, and none stays open while Auth0 answers. Those of
    ``TestCase`` do not count.
    """
    for connection in connections.all(initialized_only=True):
        blocks: list[Any] = connection.atomic_blocks
        is_open = bool(blocks) and not blocks[-1]._from_testcase
        is_manual = connection.connection is not None and not connection.autocommit
        if is_open or (is_manual and not blocks):
            raise RuntimeError(
                "An access token that is due for a refresh cannot be had inside a transaction. "
                "Get it before the transaction begins."
            )
