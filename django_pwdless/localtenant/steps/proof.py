"""Proving an address or number by its one-time code."""

from __future__ import annotations

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.endpoint_call import Call
from django_pwdless.localtenant.people.people import Person


def prove_code(call: Call, connection: str, identifier: str, code: str) -> Person:
    """Spend a code and return whose it is, signing up who is new.

    A blocked person's right code is answered like a wrong one.
    """
    people = call.state.people
    person = people.find(connection, identifier)
    if person is not None and person.blocked:
        name = "wrong_email_code" if connection == "email" else "wrong_phone_code"
        raise Refusal(TOKEN[name])
    call.state.codes.redeem(connection, identifier, code)
    return person or people.sign_up(connection, identifier)
