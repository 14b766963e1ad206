"""/mfa/authenticators: listing and deleting second factors."""

from __future__ import annotations

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.documented_errors import AUTHENTICATORS
from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.people.authenticators import PHONES, Authenticator
from django_pwdless.localtenant.people.people import Person
from django_pwdless.localtenant.steps.mfa_bearer import begun_login, owner

TWINS = {
    **{"sms": "voice", "voice": "sms"},
    **{"push-notification": "otp", "otp": "push-notification"},
}


def listing(call: Call) -> Response:
    """GET /mfa/authenticators: what the person has enrolled, unconfirmed ones too."""
    login = begun_login(call)
    found = login.usable if login else owner(call, "read:authenticators").factors
    return json_response([each.to_wire(call.state.switches) for each in found])


def delete(call: Call) -> Response:
    """DELETE /mfa/authenticators/{id}: remove one, and its twin with it."""
    person = owner(call, "remove:authenticators")
    found = next((each for each in person.factors if each.id == call.arguments["id"]), None)
    if found is None:
        raise Refusal(AUTHENTICATORS["not_found"])
    if found.factor == "email" and person.email_verified is True:
        raise Refusal(AUTHENTICATORS["email_stays"])
    kept = [each for each in person.factors if each not in (found, _twin(person, found))]
    if call.state.switches.last_factor_stays and _counts(found) and not any(map(_counts, kept)):
        raise Refusal(AUTHENTICATORS["last_factor"])
    person.factors = kept
    if person.mfa == "challenge" and not person.has_factor:
        person.mfa = None
    return Response("", 204)


def _counts(factor: Authenticator) -> bool:
    return factor.active and factor.factor != "recovery-code"


def _twin(person: Person, removed: Authenticator) -> Authenticator | None:
    """Return what goes along: what it was enrolled with, else what looks as if it had been."""
    linked = (a for a in person.factors if removed.id == a.twin_of or removed.twin_of == a.id)
    found = next(linked, None)
    if found is not None or removed.twin_of or not removed.active:
        return found
    linked_ids = {a.twin_of for a in person.factors}
    alone = (a for a in person.factors if not a.twin_of and a.id not in linked_ids)
    return next((a for a in alone if _fits(a, removed)), None)


def _fits(other: Authenticator, removed: Authenticator) -> bool:
    is_same_number = other.factor not in PHONES or other.target == removed.target
    return other.factor == TWINS.get(removed.factor) and is_same_number


ENDPOINTS: dict[str, View] = {
    "GET /mfa/authenticators": listing,
    "DELETE /mfa/authenticators/<id>": delete,
}
