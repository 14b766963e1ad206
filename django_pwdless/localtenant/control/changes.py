"""Changing switches, clock and keys over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.switches import Switches

from .fields import flag, number


def switches(call: Call) -> Response:
    """POST /_tenant/switches: any switches by name."""
    state = call.state
    for name, value in call.body.items():
        if name != "page":
            setattr(state.switches, name, value if call.is_json else _typed(name, value))
    return json_response(asdict(state.switches))


def clock(call: Call) -> Response:
    """POST /_tenant/clock: ``advance`` by that many seconds."""
    call.state.clock.advance(number(call.body, "advance") or 0)
    return json_response({"clock_ahead": call.state.clock.ahead})


def rotate(call: Call) -> Response:
    """POST /_tenant/rotate: sign with a new key, with ``keep_old`` publishing the old one too."""
    call.state.keys.rotate(flag(call.body, "keep_old"))
    return json_response({"kid": call.state.keys.current.kid})


def reset(call: Call) -> Response:
    """POST /_tenant/reset: forget everything."""
    call.state.reset()
    return json_response({})


def _typed(name: str, value: str) -> Any:
    """Return the text of a form as the type that the switch has."""
    current = getattr(Switches(), name, None)
    if isinstance(current, bool):
        return flag({name: value}, name)
    if isinstance(current, (int, float)):
        return type(current)(value)
    return value or (None if current is None else "")


VIEWS: dict[str, View] = {
    "POST /_tenant/switches": switches,
    "POST /_tenant/clock": clock,
    "POST /_tenant/rotate": rotate,
    "POST /_tenant/reset": reset,
}
