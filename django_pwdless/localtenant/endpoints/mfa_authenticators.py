"""/mfa/authenticators: listing and deleting second factors."""

from __future__ import annotations

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.documented_errors import AUTHENTICATORS, TOKEN
from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.people.authenticators import Authenticator
from django_pwdless.localtenant.people.people import Person

TWINS = ({"sms", "voice"}, {"push-notification", "otp"})


def listing(call: Call) -> Response:
    """GET /mfa/authenticators: what the person has enrolled, unconfirmed ones too."""
    found = _usable(call, call.bearer() or "")
    return json_response([each.to_wire(call.state.switches) for each in found])


def delete(call: Call) -> Response:
    """DELETE /mfa/authenticators/{id}: remove one, and its twin with it."""
    person = _owner(call, call.bearer() or "", "remove:authenticators")
    found = [each for each in person.factors if each.id == call.arguments["id"]]
    if not found:
        raise Refusal(AUTHENTICATORS["not_found"])
    gone = next((pair for pair in TWINS if found[0].factor in pair), {found[0].factor})
    person.factors = [each for each in person.factors if each.factor not in gone]
    return Response("", 204)


def _usable(call: Call, token: str) -> list[Authenticator]:
    try:
        return call.state.mfa.find(token).usable
    except Refusal as refusal:
        if refusal.row is TOKEN["expired_mfa_token"]:
            raise
    return _owner(call, token, "read:authenticators").factors


def _owner(call: Call, token: str, scope: str) -> Person:
    """Return whose /mfa/ access token it is; raise ``invalid_token`` or ``insufficient_scope``."""
    grant = call.state.access_tokens.find(token)
    person = call.state.people.by_sub(grant.sub) if grant else None
    if grant is None or person is None or grant.audience != f"{call.state.issuer}mfa/":
        raise Refusal(AUTHENTICATORS["invalid_token"])
    if scope not in grant.scope.split():
        raise Refusal(AUTHENTICATORS["insufficient_scope"])
    return person


ENDPOINTS: dict[str, View] = {
    "GET /mfa/authenticators": listing,
    "DELETE /mfa/authenticators/<id>": delete,
}
