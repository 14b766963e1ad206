"""/mfa/authenticators: listing and deleting second factors."""

from __future__ import annotations

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.documented_errors import AUTHENTICATORS
from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.steps.mfa_bearer import begun_login, owner

TWINS = ({"sms", "voice"}, {"push-notification", "otp"})


def listing(call: Call) -> Response:
    """GET /mfa/authenticators: what the person has enrolled, unconfirmed ones too."""
    login = begun_login(call)
    found = login.usable if login else owner(call, "read:authenticators").factors
    return json_response([each.to_wire(call.state.switches) for each in found])


def delete(call: Call) -> Response:
    """DELETE /mfa/authenticators/{id}: remove one, and its twin with it."""
    person = owner(call, "remove:authenticators")
    found = [each for each in person.factors if each.id == call.arguments["id"]]
    if not found:
        raise Refusal(AUTHENTICATORS["not_found"])
    gone = next((pair for pair in TWINS if found[0].factor in pair), {found[0].factor})
    person.factors = [each for each in person.factors if each.factor not in gone]
    if person.mfa == "challenge" and not person.has_factor:
        person.mfa = None
    return Response("", 204)


ENDPOINTS: dict[str, View] = {
    "GET /mfa/authenticators": listing,
    "DELETE /mfa/authenticators/<id>": delete,
}
