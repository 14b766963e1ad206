"""Ending the browser's session at the tenant: /v2/logout and /oidc/logout."""

from __future__ import annotations

from urllib.parse import urlencode

import jwt
from werkzeug.wrappers import Response

from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.logins.browser_sessions import COOKIE
from django_pwdless.localtenant.pages.problem import problem_page


def v2_logout(call: Call) -> Response:
    """GET /v2/logout: forget the browser and go to ``returnTo``, where that is allowed."""
    query = call.request.args
    client = call.state.clients.known.get(query.get("client_id", ""), call.state.default_client)
    target = query.get("returnTo", "") or (client.logout_urls or [""])[0]
    if target and not client.allows_logout(target):
        return problem_page(
            call.state, "Logout URL mismatch", "returnTo is not an Allowed Logout URL.", 400
        )
    return _leave(call, target)


def oidc_logout(call: Call) -> Response:
    """GET or POST /oidc/logout (OpenID Connect RP-Initiated Logout 1.0)."""
    values = call.request.values
    claims = _hinted(values.get("id_token_hint", ""))
    call.state.browser_sessions.end_by_sid(values.get("logout_hint") or str(claims.get("sid")))
    client_id = values.get("client_id") or str(claims.get("aud"))
    client = call.state.clients.known.get(client_id, call.state.default_client)
    target = values.get("post_logout_redirect_uri", "")
    if target and not _allows_exactly(client, target):
        return problem_page(
            call.state, "Logout URL mismatch", "It is not an Allowed Logout URL.", 400
        )
    state = values.get("state")
    query = "?" + urlencode({"state": state}, errors="replace") if target and state else ""
    return _leave(call, target + query)


def _allows_exactly(client: Client, target: str) -> bool:
    if client.logout_urls is None:
        return client.allows_logout(target)
    return target in client.logout_urls


def _hinted(token: str) -> dict[str, object]:
    try:
        return jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return {}


def _leave(call: Call, target: str) -> Response:
    call.state.browser_sessions.end(call.request.cookies.get(COOKIE))
    response = Response("OK")
    if target:
        response = Response("", 302, headers={"Location": target})
    response.delete_cookie(COOKIE)
    response.headers["Cache-Control"] = "no-store"
    return response


ENDPOINTS: dict[str, View] = {
    "/v2/logout": v2_logout,
    "GET,POST /oidc/logout": oidc_logout,
}
