"""The end of a login on the tenant's own pages."""

from __future__ import annotations

from werkzeug.wrappers import Response

from django_pwdless.localtenant.endpoint_call import Call
from django_pwdless.localtenant.logins.authentication import REDIRECT, Authentication
from django_pwdless.localtenant.logins.authorize_request import MULTI_FACTOR, AuthorizeRequest
from django_pwdless.localtenant.logins.browser_sessions import COOKIE, BrowserSession
from django_pwdless.localtenant.people.people import Person

from .callbacks import lead_back, lead_back_with_error


def needs_mfa(call: Call, request: AuthorizeRequest, person: Person) -> bool:
    """Return whether the login needs a second factor: the person's own, or one asked for.

    The MFA API's audience asks for one where there is one, beside email (Auth0: Manage
    Authentication Factors with the MFA API).
    """
    if request.audience == call.state.mfa_audience and person.has_enrolled:
        return True
    return person.mfa is not None or (request.wants_mfa and call.state.switches.mfa_on_request)


def finish(call: Call, request: AuthorizeRequest, session: BrowserSession) -> Response:
    """Return the way back with a code, and keep the browser logged in."""
    if session.person.denied:
        return lead_back_with_error(request.redirect_uri, request.state, "access_denied")
    login = Authentication(
        request.client,
        session.person,
        request.scope,
        request.audience,
        REDIRECT,
        nonce=request.nonce,
        auth_time=None if request.max_age is None else session.auth_time,
        amr=("mfa",) if session.has_mfa else (),
        acr=MULTI_FACTOR if session.has_mfa and request.wants_mfa else None,
        sid=session.sid,
    )
    code = call.state.authorizations.issue(login, request.redirect_uri, request.challenge)
    response = lead_back(call.state.switches, request.redirect_uri, request.state, code)
    is_secure = call.state.base_url.startswith("https")
    response.set_cookie(COOKIE, session.key, httponly=True, samesite="Lax", secure=is_secure)
    return response
