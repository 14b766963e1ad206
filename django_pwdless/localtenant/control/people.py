"""The people over HTTP."""

from __future__ import annotations

import threading
from typing import Any

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.steps import backchannel

from .fields import flag, text

FLAGS = ("blocked", "denied")
TEXTS = ("email", "phone_number", "sub", "name", "note")
KINDS: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(FLAGS, bool),
    "claims": dict,
    "factors": list,
    "mfa": (str, dict, type(None)),
    "mfa_steps": int,
    "permissions": list,
}
MEMBERS = {
    *("email", "phone_number", "blocked", "email_verified", "claims", "denied", "sub", "name"),
    *("factors", "mfa", "mfa_steps", "permissions", "note"),
}


def listing(call: Call) -> Response:
    """GET /_tenant/people: everybody."""
    return json_response({"people": [person.to_wire() for person in call.state.people]})


def add(call: Call) -> Response:
    """POST /_tenant/people: add somebody, with the arguments of ``LocalTenant.add_person``."""
    body = {name: value for name, value in call.body.items() if name != "page"}
    unknown = body.keys() - MEMBERS
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    body = body if call.is_json else _from_form(body)
    _check_types(body)
    return json_response(call.state.add_person(**body).to_wire(), 201)


def change(call: Call) -> Response:
    """POST /_tenant/people/change: set ``blocked`` or ``denied`` of the person with ``sub``."""
    person = call.state.people.by_sub(text(call.body, "sub") or "")
    if person is None:
        raise LookupError("nobody has that sub")
    for name in FLAGS:
        if name in call.body:
            setattr(person, name, flag(call.body, name))
    return json_response(person.to_wire())


def sign_out(call: Call) -> Response:
    """POST /_tenant/people/sign-out: end the sessions of ``sub``, and tell the applications.

    ``block`` also blocks the person; ``fault`` names a way in which the logout tokens are wrong.
    They are sent by themselves, as by Auth0: sites ask for keys before they take one.
    """
    person = call.state.people.by_sub(text(call.body, "sub") or "")
    if person is None:
        raise LookupError("nobody has that sub")
    posts = backchannel.sign_out(call.state, person.sub, text(call.body, "fault"))
    person.blocked = person.blocked or flag(call.body, "block")
    threading.Thread(target=backchannel.deliver, args=(call.state, posts), daemon=True).start()
    return json_response({"sent": len(posts)})


def deliveries(call: Call) -> Response:
    """GET /_tenant/logouts: the logout tokens that were sent, and the answers, oldest first."""
    return json_response({"logouts": [sent.to_wire() for sent in call.state.logout_deliveries]})


def _check_types(body: dict[str, Any]) -> None:
    for name in TEXTS:
        text(body, name)
    for name, kind in KINDS.items():
        if name in body and not isinstance(body[name], kind):
            raise ValueError(f"{name} does not fit")


def _from_form(body: dict[str, Any]) -> dict[str, Any]:
    filled = {name: value for name, value in body.items() if value != ""}
    flags = {name: flag(filled, name) for name in FLAGS if name in filled}
    if "factors" in filled:
        filled["factors"] = filled["factors"].replace(",", " ").split()
    return {**filled, **flags}


VIEWS: dict[str, View] = {
    "GET /_tenant/people": listing,
    "POST /_tenant/people": add,
    "POST /_tenant/people/change": change,
    "POST /_tenant/people/sign-out": sign_out,
    "GET /_tenant/logouts": deliveries,
}
