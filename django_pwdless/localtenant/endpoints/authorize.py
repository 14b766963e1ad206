"""GET /authorize: Universal Login's front door."""

from __future__ import annotations

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.logins.authorize_request import (
    AuthorizeRequest,
    BadRequest,
    read_request,
)
from django_pwdless.localtenant.logins.browser_sessions import COOKIE, BrowserSession
from django_pwdless.localtenant.pages.problem import problem_page
from django_pwdless.localtenant.steps.access_tokens import check_audience
from django_pwdless.localtenant.steps.callbacks import lead_back_refused, lead_back_with_error
from django_pwdless.localtenant.steps.redirect_login import finish, needs_mfa


def authorize(call: Call) -> Response:
    """Send the browser to the login page, or straight back where it is logged in already."""
    query = call.request.args.to_dict()
    client = call.state.clients.known.get(query.get("client_id", ""))
    uri = query.get("redirect_uri", "")
    if client is None or not client.allows_callback(uri):
        return problem_page(call.state, "Callback URL mismatch", "It is not an allowed one.", 400)
    state = query.get("state")
    try:
        request = read_request(client, query)
        check_audience(call.state, request.audience)
        _check_connection(call, request)
    except BadRequest as problem:
        return lead_back_refused(uri, state, "invalid_request", str(problem))
    except Refusal as refusal:
        return lead_back_refused(uri, state, refusal.row.error, refusal.row.description)
    return _proceed(call, request)


def _check_connection(call: Call, request: AuthorizeRequest) -> None:
    """Raise BadRequest for a connection that the tenant's pages do not know."""
    if request.connection and not call.state.switches.identifier_first:
        raise BadRequest("no connections enabled for the client")
    if request.connection not in (None, *call.state.switches.connections.split()):
        raise BadRequest("the connection was not found")


def _proceed(call: Call, request: AuthorizeRequest) -> Response:
    session = _usable_session(call, request)
    lacks_mfa = session and needs_mfa(call, request, session.person) and not session.has_mfa
    if session and not lacks_mfa:
        return finish(call, request, session)
    if request.prompt == "none":
        name = "interaction_required" if lacks_mfa else "login_required"
        return lead_back_with_error(request.redirect_uri, request.state, name)
    interaction = call.state.interactions.begin(request)
    return redirect(f"/u/login?state={interaction.key}", 302)


def _usable_session(call: Call, request: AuthorizeRequest) -> BrowserSession | None:
    """Return the browser's session where the request may use it.

    Where a connection is asked for, Auth0 prompts again whoever is logged in.
    """
    session = call.state.browser_sessions.find(call.request.cookies.get(COOKIE))
    if session is None or request.prompt == "login" or request.connection:
        return None
    age = call.state.clock.now() - session.auth_time
    # Of 0 none is young enough, whatever the clock says (Auth0: Force Reauthentication in OIDC).
    return session if request.max_age is None or age < request.max_age else None


ENDPOINTS: dict[str, View] = {"/authorize": authorize}
