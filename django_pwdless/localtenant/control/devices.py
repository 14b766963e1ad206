"""The phone over HTTP: answering a push."""

from __future__ import annotations

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.logins.challenges import Challenge

from .fields import number, text


def pushes(call: Call) -> Response:
    """GET /_tenant/push: the pushes that wait for an answer, newest first."""
    return json_response({"pushes": [_push(each) for each in call.state.challenges.pushes()]})


def answer(call: Call) -> Response:
    """POST /_tenant/push: ``answer`` is ``approved`` or ``denied``, ``number`` says which push."""
    which = number(call.body, "number")
    answer = text(call.body, "answer") or ""
    challenge = call.state.challenges.answer(None if which is None else int(which), answer)
    return json_response(_push(challenge))


def _push(challenge: Challenge) -> dict[str, object]:
    return {
        "number": challenge.number,
        "to": challenge.transaction.login.person.identifier,
        "answer": challenge.answer,
        "is_enrollment": challenge.is_enrollment,
    }


VIEWS: dict[str, View] = {"GET /_tenant/push": pushes, "POST /_tenant/push": answer}
