"""Arming and ending faults over HTTP."""

from __future__ import annotations

import threading

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.answers.refusals import ErrorRow
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.faults.armed import REFUSED, ArmedFault, named_fault

from .fields import flag, number, text

REFUSED_FOR = 5.0


def fail(call: Call) -> Response:
    """POST /_tenant/faults: ``path``, ``fault``, and optionally ``times``, ``after``, ``seconds``.

    ``refused`` always ends by itself (after 5 seconds), as nobody could call to end it.
    """
    body = call.body
    path, name = text(body, "path") or "*", text(body, "fault")
    if not name:
        call.state.faults.recover(path)
        return json_response({})
    times = number(body, "times")
    fault = named_fault(path, name, int(times) if times else None, flag(body, "after"))
    _arm(call, fault, number(body, "seconds") or (REFUSED_FOR if name == REFUSED else 0))
    return json_response({})


def answer(call: Call) -> Response:
    """POST /_tenant/answer: ``path``, ``status``, ``error``, ``description``, ``times``, …"""
    body = call.body
    row = ErrorRow(
        int(number(body, "status") or 400),
        text(body, "error"),
        text(body, "description"),
        dict(body.get("extra") or {}),
        dict(body.get("headers") or {}),
    )
    times = number(body, "times")
    path = text(body, "path") or "*"
    fault = ArmedFault(
        path, "answer", int(times) if times else None, answer=lambda _: row.to_response()
    )
    _arm(call, fault, number(body, "seconds") or 0)
    return json_response({})


def recover(call: Call) -> Response:
    """POST /_tenant/recover: end the faults of ``path``, or all."""
    call.state.faults.recover(text(call.body, "path"))
    return json_response({})


def _arm(call: Call, fault: ArmedFault, seconds: float) -> None:
    call.state.faults.arm(fault)
    if seconds:
        timer = threading.Timer(seconds, call.state.faults.end, [fault])
        timer.daemon = True
        timer.start()


VIEWS: dict[str, View] = {
    "POST /_tenant/faults": fail,
    "POST /_tenant/answer": answer,
    "POST /_tenant/recover": recover,
}
