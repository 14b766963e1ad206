"""Whose sign-ins, second factors and step-ups there are, from one moment to the next."""

from __future__ import annotations

from typing import Any

from django_pwdless.localtenant import LocalTenant
from django_pwdless.session.factor_access import ACCESS_KEY
from django_pwdless.session.pending_login import FACTOR_ADD
from django_pwdless.session.stored import unseal

from .guarantees import Moment

# What ends other sign-ins of one's own.
ENDING = {"sign_in_end", "sign_ins_end_others"}


def check_rows(before: Moment, after: Moment, name: str) -> None:
    """A row comes with its session's login, and goes with that session or by its owner's wish."""
    removed = before.rows.keys() - after.rows.keys()
    own = {pk for pk, user in before.rows.items() if str(user) == before.user}
    assert removed <= {before.entry_pk, *(own if name in ENDING else ())}
    added = after.rows.keys() - before.rows.keys()
    assert added <= {after.entry_pk}
    if after.user is not None and after.entry_pk is not None:
        assert str(after.rows[after.entry_pk]) == after.user
    if after.user is None:
        assert before.entry_pk not in after.rows or after.is_over or before.user is None


def check_factors(before: Moment, after: Moment, name: str, proven: set[str]) -> None:
    """Who adds a second factor proves it; who removes one is its signed-in owner."""
    own = {sub for sub, owner in before.owners.items() if str(owner) == before.user}
    added = {after.factors[id_] for id_ in after.factors.keys() - before.factors.keys()}
    assert added <= proven
    if before.pending.get("kind") == FACTOR_ADD:
        assert added <= own
    removed = before.factors.keys() - after.factors.keys()
    assert not removed or name == "factor_remove"
    assert {before.factors[id_] for id_ in removed} <= own
    for sub in own & {before.factors[id_] for id_ in removed}:
        assert sub in after.factors.values(), "the last one stays"


def check_access(tenant: LocalTenant, after: Moment) -> None:
    """The token of a step-up is for one of the signed-in person's own identities."""
    access: Any = unseal(after.session.get(ACCESS_KEY))
    if not access or access["user_pk"] != after.user:
        return
    grant = tenant.state.access_tokens.find(access["token"])
    if grant is not None:
        assert grant.audience == tenant.state.mfa_audience
        assert str(after.owners.get(grant.sub)) == after.user
