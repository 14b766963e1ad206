"""One refresh: the call, what its answer means, and what the row keeps of it."""

from __future__ import annotations

import logging
import time

from django_pwdless.auth0 import Caller
from django_pwdless.auth0.types import TokenSet
from django_pwdless.auth0.verification.unverified import unverified_claims
from django_pwdless.events.outcome import TOKEN_REFRESHED, Outcome
from django_pwdless.events.telling import tell
from django_pwdless.exceptions import (
    AnswerLost,
    Auth0Error,
    InvalidToken,
    Misconfigured,
    Unavailable,
)
from django_pwdless.models import SignIn
from django_pwdless.pages.owner_log import tell_owner, tell_owner_of_token
from django_pwdless.provider import get_client
from django_pwdless.sign_ins.liveness import mark_of
from django_pwdless.sign_ins.rows import rows

from .keeping import is_for_audience
from .kept_tokens import KeptTokens
from .lease import LOST, MFA_REQUIRED, MISCONFIGURED, REVOKED, UNAVAILABLE, Lease
from .removed import is_still_theirs
from .revoking import revoke

logger: logging.Logger = logging.getLogger("django_pwdless")

# The lowest status that says nothing of the token; 429 says nothing either.
SERVER_ERROR, TOO_MANY_REQUESTS = 500, 429


def refresh(row: SignIn, kept: KeptTokens, lease: Lease, caller: Caller | None) -> None:
    """Ask Auth0 once, and have the row say what came of it, committed."""
    if not is_still_theirs(row, kept):
        lease.end(REVOKED)
        return
    asked_at = time.time()
    try:
        tokens = get_client().refresh_tokens.refresh(kept.refresh_token, caller=caller)
    except Auth0Error as error:
        tell_owner(error)
        lease.end(meaning_of(error))
        return
    fresh = _checked(tokens, kept, kept.renewed(tokens, asked_at))
    sealed = "" if fresh is None else fresh.sealed(row.user_id, mark_of(row.created_at))
    if lease.commit(sealed):
        if fresh is not None:
            tell(Outcome(TOKEN_REFRESHED, method=row.method, user_pk=row.user_id))
    elif not rows().filter(pk=row.pk).exclude(tokens="").exists():
        # The sign-in ended meanwhile, or is about to, and nobody else knows of this one.
        revoke(tokens.refresh_token or kept.refresh_token, caller)


def meaning_of(error: Auth0Error) -> str:
    """Return what an error says of the refresh token (Auth0, "Refresh Token").

    By its code, never by the status alone: a server error, a limit and silence say nothing.
    """
    says_something = error.status < SERVER_ERROR and error.status != TOO_MANY_REQUESTS
    if says_something and error.error == "mfa_required":
        return MFA_REQUIRED
    if isinstance(error, Misconfigured):
        return MISCONFIGURED
    if says_something and error.error in ("invalid_grant", "access_denied"):
        return REVOKED
    return LOST if isinstance(error, AnswerLost) else UNAVAILABLE


def _checked(tokens: TokenSet, kept: KeptTokens, fresh: KeptTokens) -> KeptTokens | None:
    """Return what to keep of an answer; None where it is for another API or somebody else."""
    if not is_for_audience(fresh.access_token):
        return None
    try:
        subject = _subject(tokens)
    except InvalidToken as error:
        tell_owner_of_token(error)
        return None
    except Unavailable as error:
        # The tenant signs with a key that cannot be had now: it is used once it was refreshed.
        tell_owner(error)
        return fresh.without_access()
    if subject not in (None, kept.subject):
        logger.error("A refresh brought tokens of somebody else, which are not kept.")
        return None
    return fresh


def _subject(tokens: TokenSet) -> object:
    """Return whose tokens they are (OpenID Connect Core 1.0, section 12.2); None if they say not.

    Raises as ``verify_id_token``.
    """
    if tokens.id_token:
        return get_client().verify_id_token(tokens.id_token)["sub"]
    claims = unverified_claims(tokens.access_token or "")
    return None if claims is None else claims.get("sub")
