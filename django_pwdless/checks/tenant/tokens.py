"""Checks of the tokens that are kept: where, for which API, and whether they can be refreshed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.core.checks import CheckMessage, Error, Warning
from django.db import connections

from django_pwdless.checks.settings.dotted import load
from django_pwdless.checks.settings.values import about

OFFLINE_ACCESS = "offline_access"


@about("TOKENS", "SIGN_INS")
def check_sign_ins(is_on: bool, has_rows: bool) -> Iterator[CheckMessage]:
    """There are rows to keep them in."""
    if is_on and not has_rows:
        yield Error(
            'PWDLESS["TOKENS"] is on, but "SIGN_INS" is off. Tokens are kept with a sign-in.',
            hint='Write "SIGN_INS": True, or remove "TOKENS".',
            id="pwdless.E080",
        )


@about("AUTH_PARAMS")
def check_auth_params(path: str | None) -> Iterator[CheckMessage]:
    """The function that adds to ``authParams`` is there."""
    if path is not None and not callable(load(path)):
        yield Error(
            'PWDLESS["AUTH_PARAMS"] does not name a function that can be imported.',
            hint="Write the dotted path of a function f(request, method) that returns a dict: "
            '"AUTH_PARAMS": "mysite.logins.auth_params".',
            id="pwdless.E081",
        )


@about("TOKENS", "SCOPE")
def check_offline_access(is_on: bool, scope: str) -> Iterator[CheckMessage]:
    """A refresh token that is asked for is kept."""
    if not is_on and OFFLINE_ACCESS in scope.split():
        yield Warning(
            'PWDLESS["SCOPE"] asks for a refresh token (offline_access), but "TOKENS" is off. The '
            "token is thrown away.",
            hint='Write "TOKENS": True to keep it, or take offline_access out of "SCOPE".',
            id="pwdless.W080",
        )


@about("TOKENS", "AUDIENCE")
def check_audience(is_on: bool, audience: str | None) -> Iterator[CheckMessage]:
    """The access tokens that are kept are for an API."""
    if is_on and audience is None:
        yield Warning(
            'PWDLESS["TOKENS"] is on, but "AUDIENCE" is not set. Access tokens then work for '
            "Auth0's /userinfo only.",
            hint='Name the API: "AUDIENCE": "https://api.example.com/", as under Applications > '
            "APIs.",
            id="pwdless.W081",
        )


@about("METHODS", "SCOPE")
def check_links(methods: Sequence[str], scope: str) -> Iterator[CheckMessage]:
    """Whoever signs in gets the refresh token that is asked for."""
    if "email-link" in methods and OFFLINE_ACCESS in scope.split():
        yield Warning(
            'PWDLESS["METHODS"] has "email-link", and "SCOPE" has offline_access: Auth0 gives no '
            "refresh token to logins by a link.",
            hint='Offer "email-code" instead. People who used a link have to sign in again once '
            "their access token has expired.",
            id="pwdless.W082",
        )


@about("TOKENS")
def check_atomic_requests(is_on: bool) -> Iterator[CheckMessage]:
    """A refresh can be committed before its result is used."""
    if is_on and any(each.settings_dict.get("ATOMIC_REQUESTS") for each in connections.all()):
        yield Warning(
            'PWDLESS["TOKENS"] is on with ATOMIC_REQUESTS. A view that gets an access token fails '
            "when a refresh is due, because it is inside a transaction.",
            hint="Put django.db.transaction.non_atomic_requests on the views that call "
            "get_access_token, then add the id of this check to SILENCED_SYSTEM_CHECKS.",
            id="pwdless.W083",
        )
