"""GET /passwordless/verify_redirect: where a mailed link leads."""

from __future__ import annotations

import secrets
from typing import Any

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.logins.authentication import DEFAULT_SCOPE, LINK, Authentication
from django_pwdless.localtenant.pages.problem import problem_page
from django_pwdless.localtenant.people.people import Person
from django_pwdless.localtenant.steps.callbacks import (
    fault_of,
    lead_back,
    lead_back_in_fragment,
    lead_back_with_error,
)
from django_pwdless.localtenant.steps.proof import prove_code

SAME_BROWSER = (
    "The link must be opened on the same device and browser from which you submitted your "
    "email address. Start over from this device or browser."
)


def verify_redirect(call: Call) -> Response:
    """Spend the code of a link and send the browser on to the site.

    What Auth0 cannot lay at an allowed ``redirect_uri`` stays on a page of its own.
    """
    query = call.request.args.to_dict()
    client = call.state.clients.known.get(query.get("client_id", ""))
    uri = query.get("redirect_uri", "")
    if client is None or not client.allows_callback(uri):
        return problem_page(call.state, "Callback URL mismatch", "It is not an allowed one.", 400)
    if not call.state.switches.links_without_session:
        return problem_page(call.state, "Not this browser", SAME_BROWSER, 400)
    try:
        person = _person(call, query)
    except Refusal as refusal:
        return lead_back_with_error(uri, query.get("state"), fault_of(refusal))
    return _finish(call, client, person, query)


def _person(call: Call, query: dict[str, str]) -> Person:
    identifier = query.get("email", "").strip().lower()
    return prove_code(call, "email", identifier, query.get("verification_code", ""))


def _finish(call: Call, client: Client, person: Person, query: dict[str, Any]) -> Response:
    uri, state = query["redirect_uri"], query.get("state")
    if person.denied:
        return lead_back_with_error(uri, state, "access_denied")
    if query.get("response_type") != "code":
        return lead_back_in_fragment(uri, state, secrets.token_urlsafe(24))
    login = Authentication(
        client,
        person,
        query.get("scope") or DEFAULT_SCOPE,
        query.get("audience"),
        LINK,
        nonce=query.get("nonce") if call.state.switches.link_nonce else None,
    )
    code = call.state.authorizations.issue(login, uri)
    return lead_back(call.state.switches, uri, state, code)


ENDPOINTS: dict[str, View] = {"/passwordless/verify_redirect": verify_redirect}
