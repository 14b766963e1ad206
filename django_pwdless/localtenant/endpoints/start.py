"""POST /passwordless/start: send a code or a link (reference: Get Code or Link)."""

from __future__ import annotations

import hashlib
from typing import Any

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.documented_errors import START
from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.logins.limits import headers
from django_pwdless.localtenant.people.identifiers import is_email, is_phone_number
from django_pwdless.localtenant.people.people import Person
from django_pwdless.localtenant.steps.delivery import deliver_code

PROPERTIES = frozenset(
    {
        *("client_id", "client_secret", "client_assertion", "client_assertion_type"),
        *("connection", "email", "phone_number", "send", "authParams", "captcha"),
    }
)
DATABASE = "Username-Password-Authentication"
GLOBAL_LIMIT = 1500


def start(call: Call) -> Response:
    """Send a code or link to who is named in the body, and answer alike for everybody."""
    body = _checked_body(call)
    client = call.state.clients.authenticate(body)
    rate = _counted(call, client)
    connection = _connection(call, client, body)
    identifier = _identifier(connection, body)
    send = _send(connection, body)
    person = call.state.people.find(connection, identifier)
    _check_may_send(call, connection, person)
    if person is None or not person.blocked:
        deliver_code(call, client, connection, identifier, send, body.get("authParams") or {})
    response = _accepted(connection, identifier, person)
    response.headers.extend(rate)
    return response


def _checked_body(call: Call) -> dict[str, Any]:
    body = call.body_or_none
    if body is None or not call.is_json:
        raise Refusal(START["malformed_body"])
    if not body.get("client_id"):
        raise Refusal(START["missing_client_id"])
    unknown = sorted(body.keys() - PROPERTIES)
    if unknown:
        text = f"the following properties are not allowed: {', '.join(unknown)}"
        raise Refusal(START["unknown_property"].saying(text))
    if not isinstance(body.get("authParams", {}), dict):
        raise Refusal(START["bad_auth_params"].saying(_wrong_type(body["authParams"])))
    return body


def _wrong_type(value: Any) -> str:
    names = {str: "string", list: "array", bool: "boolean", int: "integer", float: "number"}
    kind = names.get(type(value), "null")
    return f"error in authParams - invalid type: {kind} (expected object)"


def _counted(call: Call, client: Client) -> dict[str, str]:
    limits, limit = call.state.limits, call.state.switches.start_limit
    if client.is_confidential or not limit:
        return headers(limits.hit("all", window=60), GLOBAL_LIMIT)
    count = limits.hit("start", call.peer)
    if count.used > limit:
        raise Refusal(limits.refusal(count, limit))
    return headers(count, limit)


def _connection(call: Call, client: Client, body: dict[str, Any]) -> str:
    name = body.get("connection")
    if not name:
        raise Refusal(START["missing_connection"])
    if name == DATABASE:
        raise Refusal(START["wrong_strategy"])
    if not isinstance(name, str) or name not in call.state.switches.connections.split():
        raise Refusal(START["unknown_connection"])
    if name not in client.connections:
        raise Refusal(START["connection_disabled"])
    return name


def _identifier(connection: str, body: dict[str, Any]) -> str:
    is_mail = connection == "email"
    name, fits = ("email", is_email) if is_mail else ("phone_number", is_phone_number)
    value = body.get(name)
    if value is None:
        raise Refusal(START[f"missing_{name}"])
    if not fits(value):
        raise Refusal(START[f"bad_{name}"])
    return str(value).lower()


def _send(connection: str, body: dict[str, Any]) -> str:
    send = body.get("send")
    if send not in (None, "code", "link"):
        raise Refusal(START["bad_send"])
    return "code" if connection == "sms" else send or "link"


def _check_may_send(call: Call, connection: str, person: Person | None) -> None:
    switches = call.state.switches
    if switches.bot_detection and not call.body.get("captcha"):
        raise Refusal(START[switches.bot_detection])
    if person is None and not switches.sign_ups:
        raise Refusal(START["signup_disabled"])
    if connection == "sms" and switches.sms_error:
        raise Refusal(START[switches.sms_error])


def _accepted(connection: str, identifier: str, person: Person | None) -> Response:
    id_ = hashlib.sha256(f"{connection}/{identifier}".encode()).hexdigest()[:24]
    if connection == "sms":
        return json_response(
            {"_id": id_, "phone_number": identifier, "phone_verified": person is not None}
        )
    verified = person.email_verified if person else False
    return json_response({"_id": id_, "email": identifier, "email_verified": verified})


ENDPOINTS: dict[str, View] = {"POST /passwordless/start": start}
