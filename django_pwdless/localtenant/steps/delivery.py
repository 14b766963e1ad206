"""Putting codes and links into messages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.endpoint_call import Call
from django_pwdless.localtenant.logins.codes import OneTimeCode
from django_pwdless.localtenant.people.people import Person
from django_pwdless.localtenant.records.inbox import Message

LINK_PARAMETERS = ("redirect_uri", "response_type", "scope", "state", "nonce", "audience")


def deliver_code(
    call: Call,
    client: Client,
    connection: str,
    identifier: str,
    send: str,
    auth_params: dict[str, Any],
) -> Message:
    """Issue a new code and "send" it, as digits or in a link."""
    state = call.state
    code = state.codes.issue(connection, identifier, client.client_id, auth_params)
    is_link = send == "link"
    message = Message(
        to=identifier,
        connection=connection,
        send=send,
        code=None if is_link else code.code,
        link=verify_link(state.base_url, code) if is_link else _mail_link(call, code),
        sent_at=state.clock.now(),
        language=call.request.headers.get("x-request-language"),
        digits=code.code,
    )
    return state.inbox.deliver(message)


def deliver_second_code(call: Call, person: Person) -> str:
    """Put the second factor of the tenant's own login pages into the inbox, and return it."""
    code = call.state.codes.draw()
    connection = "sms" if person.phone_number else "email"
    to = person.phone_number or person.identifier
    now = call.state.clock.now()
    message = Message(to, connection, "code", code, None, now, purpose="mfa", digits=code)
    call.state.inbox.deliver(message)
    return code


def verify_link(base_url: str, code: OneTimeCode) -> str:
    """Return the address a mailed link leads to (as auth0.js builds it)."""
    given = {name: code.auth_params.get(name) for name in LINK_PARAMETERS}
    parameters = {
        "client_id": code.client_id,
        "connection": code.connection,
        "email": code.identifier,
        "verification_code": code.code,
        **{name: str(value) for name, value in given.items() if value is not None},
    }
    query = urlencode(parameters, errors="replace")
    return f"{base_url}/passwordless/verify_redirect?{query}"


def _mail_link(call: Call, code: OneTimeCode) -> str | None:
    template = call.state.switches.mail_link
    if code.connection != "email" or not template:
        return None
    return template.replace("{{ code }}", code.code).replace("{{code}}", code.code)
