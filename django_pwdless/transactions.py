"""``ATOMIC_REQUESTS``, kept away from Auth0: no transaction stays open while it answers."""

from __future__ import annotations

from typing import Any, TypeVar

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
