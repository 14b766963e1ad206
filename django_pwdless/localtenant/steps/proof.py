"""Proving an address or number by its one-time code."""

from __future__ import annotations

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.endpoint_call import Call
from django_pwdless.localtenant.people.people import Person


def prove_code(call: Call, connection: str, identifier: str, code: str) -> Person:
    """Spend a code and return whose it is, signing up who is new.

    Raises what the state of the code calls for, and ``unauthorized`` for a blocked person who
    has the right one.
    """
    people = call.state.people
    call.state.codes.redeem(connection, identifier, code)
    person = people.find(connection, identifier) or people.sign_up(connection, identifier)
    if person.blocked:
        raise Refusal(TOKEN["unauthorized"])
    return person
