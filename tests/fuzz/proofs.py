"""What a request really proves, told from the tenant's books and not from the site's."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.logins.challenges import APPROVED
from django_pwdless.localtenant.people.authenticators import Authenticator
from django_pwdless.localtenant.people.people import subject
from django_pwdless.localtenant.people.totp import code_of, step_at


def first_factors(tenant: LocalTenant, code: str) -> set[str]:
    """Whose addresses this code proves now: their subjects."""
    state, found = tenant.state, set()
    for connection, identifier in list(state.codes._codes):
        if state.codes.standing(connection, identifier, code) == "good":
            person = state.people.find(connection, identifier)
            if person is None or not (person.blocked or person.denied):
                found.add(person.sub if person else subject(connection, identifier))
    return found


def second_factors(tenant: LocalTenant, code: str) -> set[str]:
    """Whose second factor this code answers now; without a code, whose push is approved."""
    people = list(tenant.state.people)
    if code:
        return {person.sub for person in people if code in own_codes(tenant, person.identifier)}
    challenges = list(tenant.state.challenges._known.values())
    return {
        challenge.transaction.login.person.sub
        for challenge in challenges
        if challenge.answer == APPROVED and not tenant.state.challenges.is_expired(challenge)
    }


def own_codes(tenant: LocalTenant, identifier: str, factor: str = "") -> list[str]:
    """What answers somebody's second factor now, or that of one kind; the best comes last."""
    codes = []
    for item in _authenticators(tenant, identifier):
        if item.factor == "recovery-code" == (factor or item.factor):
            codes.append(item.secret or "")
        if item.factor == "otp" == (factor or item.factor):
            now = step_at(tenant.clock.now())
            codes += [code_of(item.secret or "", now + offset) for offset in (-1, 1, 0)]
    for challenge in tenant.state.challenges._known.values():
        is_own = challenge.transaction.login.person.identifier == identifier
        is_sent = factor in ("", "phone", "email") and challenge.binding_code
        if is_own and is_sent and not tenant.state.challenges.is_expired(challenge):
            codes.append(str(challenge.binding_code))
    return codes


def _authenticators(tenant: LocalTenant, identifier: str) -> list[Authenticator]:
    """What somebody has, and what they are about to have."""
    known = tenant.state.mfa._known.values()
    enrolling = [
        item for it in known if it.login.person.identifier == identifier for item in it.enrolling
    ]
    people = [person for person in tenant.state.people if person.identifier == identifier]
    return [*(item for person in people for item in person.factors), *enrolling]


def as_typed(code: str) -> str:
    """A code without what people put between its characters."""
    text = unicodedata.normalize("NFKC", code).upper()
    return re.sub(r"[^0-9A-Z]", "", text)


def secrets_of(tenant: LocalTenant) -> dict[str, set[str]]:
    """What was on the wire and belongs to nobody's browser, by kind."""
    state = tenant.state
    people: list[Any] = list(state.people)
    enrolling = [it for known in state.mfa._known.values() for it in known.enrolling]
    items = [*(item for person in people for item in person.factors), *enrolling]
    return {
        "tenant": {tenant.client_secret or "", *state.mfa._known, *state.challenges._known},
        "app": {item.secret for item in items if item.factor == "otp" and item.secret},
        "recovery": {it.secret for it in items if it.factor == "recovery-code" and it.secret},
    }
