"""On to Universal Login, Auth0's own pages: the way on for whatever an API call cannot do."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import get_language

from django_pwdless.auth0.authorize import MULTI_FACTOR
from django_pwdless.conf import conf
from django_pwdless.identifiers.methods import connection_of
from django_pwdless.limits import rates
from django_pwdless.pages.page_urls import absolute_url, moved_url
from django_pwdless.provider import get_client
from django_pwdless.session.pending_login import PendingLogin
from django_pwdless.session.redirect_states import RedirectState
from django_pwdless.session.web_session import own_user_pk, session_user_pk

from .account.identities import own_identities

# Older than any session at Auth0, in seconds: nobody is asked again for it, but the ID token says
# when its person proved themselves (OpenID Connect Core 1.0, section 3.1.2.1).
ANY_AGE = 365 * 24 * 3600

# Auth0, "Manage Authentication Factors with the MFA API"; OpenID Connect Core 1.0, section 5.4.
FACTOR_SCOPES = ("enroll", "read:authenticators", "remove:authenticators")
CLAIM_SCOPES = ("openid", "profile", "email", "phone")


def begin_universal_login(
    request: HttpRequest,
    *,
    next_url: str,
    method: str = "",
    wants_mfa: bool = False,
    max_age: int | None = None,
    wants_factors: bool = False,
) -> str:
    """Remember a state in the session and return the address at Auth0 to go on to.

    Begun on another host than that of ``BASE_URL``, it is this step's address there instead.

    ``method`` names the one way to sign in that is meant, if one is; ``wants_mfa`` asks for a
    second factor, ``max_age`` (seconds) for a recent proof; ``wants_factors`` for one of this
    moment, and an access token to manage second factors with. Touches nothing else that is pending.
    Raises ``LimitExceeded``: anybody can ask for one, and each is kept.
    """
    rates.consume(request, "redirect")
    if moved := _moved(request, next_url, method, max_age, mfa=wants_mfa, factors=wants_factors):
        return moved
    if wants_factors:
        max_age = 0
    is_step_up = wants_mfa or max_age is not None
    # First of all: a sign-in that has ended takes its session with it, and what was added to that.
    hint = _hint(request, is_step_up=is_step_up)
    state = RedirectState.for_universal_login(
        redirect_uri=absolute_url(request, "callback"),
        next_url=next_url,
        user_pk=session_user_pk(request) if is_step_up else None,
        max_age=max_age,
        wants_factors=wants_factors,
    )
    state.add(request)
    wishes = _wishes(
        hint=hint,
        method=method,
        wants_mfa=wants_mfa,
        max_age=max_age,
        audience=f"{conf.issuer}mfa/" if wants_factors else conf.AUDIENCE,
    )
    scope = _factor_scope() if wants_factors else conf.scope_for(connection_of(method))
    return _address(state, scope, wishes)


def _moved(
    request: HttpRequest, next_url: str, method: str, max_age: int | None, **flags: bool
) -> str | None:
    """Return this step's address on the host of ``BASE_URL``; None where that is this one."""
    query = {"next": next_url, "method": method}
    query["max_age"] = "" if max_age is None else str(max_age)
    query |= {name: "1" for name, is_wanted in flags.items() if is_wanted}
    return moved_url(request, "universal", **query)


def _address(state: RedirectState, scope: str, wishes: dict[str, str]) -> str:
    return get_client().authorize.url(
        redirect_uri=state.redirect_uri,
        scope=scope,
        state=state.value,
        nonce=state.nonce or "",
        verifier=state.verifier or "",
        extra=wishes,
    )


def _factor_scope() -> str:
    """Return the scopes of the MFA API, beside those of the person: neither a refresh token's."""
    claims = [word for word in conf.scope_for().split() if word in CLAIM_SCOPES]
    return " ".join([*claims, *FACTOR_SCOPES])


def _hint(request: HttpRequest, *, is_step_up: bool) -> str:
    """Return who is meant: for a step-up the signed-in person, else whose login is half-way."""
    if is_step_up and own_user_pk(request) is not None:
        own = (identity.email or identity.phone_number for identity in own_identities(request))
        return next(filter(None, own), "")
    pending = PendingLogin.load(request)
    return pending.identifier if pending else ""


def _wishes(
    *, hint: str, method: str, wants_mfa: bool, max_age: int | None, audience: str | None
) -> dict[str, str]:
    """Return the optional parameters, as far as there is something to say."""
    wishes = {
        "connection": connection_of(method),
        "login_hint": hint,
        "ui_locales": get_language(),
        "audience": audience,
        "acr_values": MULTI_FACTOR if wants_mfa else "",
        "max_age": str(ANY_AGE if max_age is None else max_age),
    }
    return {name: value for name, value in wishes.items() if value}
