"""The return from Auth0: after a magic link, or after Universal Login."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from functools import partial

from django.http import HttpRequest

from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.types import TokenSet
from django_pwdless.events.outcome import REFUSED, Outcome
from django_pwdless.events.telling import tell
from django_pwdless.exceptions import AccessDenied, CallbackRefused, NotSignedIn, Unavailable
from django_pwdless.limits.client_ip import network
from django_pwdless.provider import get_caller, get_client
from django_pwdless.session import redirect_states
from django_pwdless.session.fresh_login import FRESH
from django_pwdless.session.pending_login import FACTORS, LOGIN, STEP_UP, PendingLogin
from django_pwdless.session.redirect_states import RedirectState

from .attempts import came_back
from .completion import exchange_and_complete
from .own_factors.listing import list_on_arrival

logger: logging.Logger = logging.getLogger("django_pwdless")

# Longer ones are not Auth0's.
MAX_CODE_LENGTH = 2048
# What is wrong with the request itself (RFC 6749, section 4.1.2.1): nobody's link is to blame.
REQUEST_ERRORS = {
    "invalid_request",
    "invalid_scope",
    "unauthorized_client",
    "unsupported_response_type",
}


def finish_redirect(
    request: HttpRequest,
    found: RedirectState | None,
    before: PendingLogin | None,
    *,
    code: str,
    error: str,
    description: str,
) -> PendingLogin:
    """Sign in whoever comes back with a fresh state of this session; return what was pending.

    ``found`` is the state, None for one that the session does not know, and ``before`` the login
    that it remembers. The state is used up whatever else came along. Raises ``CallbackRefused``,
    ``LoginRefused``, and whatever outages stand between.
    """
    found = _take(request, found, code, error)
    pending = begun_by(found, before)
    with came_back(request, pending) as current:
        if error:
            raise _refusal(error, description)
        if not 0 < len(code) <= MAX_CODE_LENGTH:
            raise CallbackRefused("link_unusable")
        client = get_client()
        exchange_and_complete(
            request,
            current,
            pending,
            client,
            _exchange(client, request, found, code),
            nonce=found.nonce,
            max_age=_max_age(found),
        )
        if pending.kind == FACTORS and not pending.mfa:
            list_on_arrival(request)
    return pending


def _take(
    request: HttpRequest, found: RedirectState | None, code: str, error: str
) -> RedirectState:
    """Return the state that somebody has come back with, used up; raises ``CallbackRefused``."""
    if code and found is not None:
        # An outage uses nothing up: the same address works again after it.
        get_client().prepare_keys()
    if found is None or not redirect_states.take(request, found):
        outcome = "state_unknown" if code or error else "link_unusable"
        # Anybody can come here with anything, and nothing limits them.
        once = (f"{outcome}:{network(request)}", 3600)
        tell(Outcome(REFUSED, request, reason=outcome, once=once))
        raise CallbackRefused(outcome)
    return found


def begun_by(found: RedirectState, before: PendingLogin | None) -> PendingLogin:
    """Return the login that a state stands for; ``before`` is the one the session remembers.

    Whom a link was sent to is known, but not held against the token: accounts can be linked at
    Auth0.
    """
    is_known = before is not None and not before.is_over and found.kind == redirect_states.LINK
    return PendingLogin(
        method=found.method,
        connection=found.connection,
        identifier=before.identifier if before and is_known else "",
        next_url=found.next_url,
        kind=_kind(found),
        user_pk=found.user_pk,
    )


def _kind(found: RedirectState) -> str:
    if found.user_pk is None:
        return LOGIN
    return FACTORS if found.wants_factors else STEP_UP


def _max_age(found: RedirectState) -> int | None:
    """Return how old the proof may be, in seconds.

    For second factors it must be one that was asked for by us; it may take a while until the
    person has gone through all of Auth0's pages.
    """
    if not found.wants_factors:
        return found.max_age
    return min(FRESH, math.ceil(time.time() - found.begun_at))


def _exchange(
    client: Auth0Client, request: HttpRequest, found: RedirectState, code: str
) -> Callable[[], TokenSet]:
    """Return the call that gives an authorization code for tokens."""
    return partial(
        client.authorize.exchange_code,
        code,
        redirect_uri=found.redirect_uri,
        verifier=found.verifier,
        caller=get_caller(request),
    )


def _refusal(error: str, description: str) -> Exception:
    """Return what Auth0's ``error`` at the callback means; its text is read, never shown."""
    if error in ("server_error", "temporarily_unavailable"):
        return Unavailable("Auth0 answered the redirect with an error of its own.")
    text = description.lower()
    is_about_code = any(word in text for word in ("expired", "code", "link"))
    if error == "access_denied":
        return NotSignedIn()
    if error == "unauthorized" and not is_about_code:
        return AccessDenied()
    if error in REQUEST_ERRORS:
        logger.error(
            "Auth0 refused the application: it sent somebody back with %s. Auth0's log entry "
            "(Monitoring > Logs) says why.",
            error,
        )
    return CallbackRefused("link_expired")
