"""Transactions: none stays open while Auth0 answers, and none fails for a row by the way."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, TypeVar

from django.db import Error, connections, transaction

logger: logging.Logger = logging.getLogger("django_pwdless")

ViewFunction = TypeVar("ViewFunction")


class EveryAlias(set[str]):
    """Every database there is, whichever the settings name by now."""

    def __contains__(self, alias: object) -> bool:
        return True


def outside_transactions(view: ViewFunction) -> ViewFunction:
    """Have Django call a view outside of any transaction, whatever aliases have the setting."""
    marked: Any = view
    # What ``transaction.non_atomic_requests`` sets for one alias.
    marked._non_atomic_requests = EveryAlias()
    return view


@contextmanager
def tolerated(what: str, *, using: str) -> Iterator[None]:
    """Go on without a change that the database does not take, as one that only reads; log it."""
    try:
        is_inside = connections[using].in_atomic_block
        # On PostgreSQL one refusal would spoil all that follows in the caller's transaction.
        with transaction.atomic(using=using) if is_inside else nullcontext():
            yield
    except Error as error:
        logger.warning("The database refused to %s (%s).", what, type(error).__name__)
