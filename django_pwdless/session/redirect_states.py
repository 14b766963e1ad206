"""Redirect states: what the session remembers of people it sent to Auth0, until they come back.

Auth0 only echoes ``state``. That it is known to this session, fresh, unused and of the right kind
is the whole defence of a magic link against login CSRF and replay.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field

from django.http import HttpRequest

from django_pwdless.conf import conf
from django_pwdless.identifiers.methods import UNIVERSAL
from django_pwdless.limits.shared_cache import claim

from .stored import restore, seal, unseal

STATES_KEY = "_pwdless_states"
LINK = "link"
# How many may be open at once; a sixth tab never costs somebody the link in their inbox.
MAX_OPEN = {LINK: 2, UNIVERSAL: 3}


def _random() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class RedirectState:
    """One way out to Auth0 and back, for one kind of flow in one session.

    ``nonce`` is None where none was sent, ``verifier`` (PKCE) where the flow has none; ``max_age``
    is seconds. ``connection`` is empty where Auth0 lets people choose. ``user_pk`` is the signed-in
    person who is to prove more, None where anybody may sign in; ``wants_factors`` where it is to
    manage their second factors.
    """

    kind: str
    redirect_uri: str
    method: str
    next_url: str = ""
    connection: str = ""
    nonce: str | None = field(default=None, repr=False)
    verifier: str | None = field(default=None, repr=False)
    max_age: int | None = None
    user_pk: str | None = None
    wants_factors: bool = False
    value: str = field(default_factory=_random, repr=False)
    begun_at: float = field(default_factory=time.time)
    expires_at: float = field(default_factory=lambda: time.time() + conf.LINK_LIFETIME)

    @classmethod
    def for_link(cls, *, redirect_uri: str, method: str, next_url: str) -> RedirectState:
        """Return a fresh state of a magic link, which knows no PKCE."""
        nonce = _random() if conf.LINK_NONCE else None
        return cls(LINK, redirect_uri, method, next_url, connection="email", nonce=nonce)

    @classmethod
    def for_universal_login(
        cls,
        *,
        redirect_uri: str,
        next_url: str,
        user_pk: str | None,
        max_age: int | None,
        wants_factors: bool = False,
    ) -> RedirectState:
        """Return a fresh state of Universal Login, with nonce and PKCE verifier."""
        return cls(
            UNIVERSAL,
            redirect_uri,
            UNIVERSAL,
            next_url,
            nonce=_random(),
            verifier=_random(),
            user_pk=user_pk,
            max_age=max_age,
            wants_factors=wants_factors,
        )

    def add(self, request: HttpRequest) -> None:
        """Remember it, in place of the oldest of its kind where there are too many."""
        states = _load(request)
        same = [state for state in states if state.kind == self.kind]
        excess = same[: max(0, len(same) + 1 - MAX_OPEN[self.kind])]
        _store(request, [*(state for state in states if state not in excess), self])


def find(request: HttpRequest, value: str) -> RedirectState | None:
    """Return the session's state of this value, which may have expired; None for an unknown one."""
    return next((state for state in _load(request) if _equal(state.value, value)), None)


def take(request: HttpRequest, found: RedirectState) -> bool:
    """Use up a state of this session; whether it is still good: not used before, not expired.

    Raises ``LimitsUnavailable`` where the cache does not answer; nothing is used up then.
    """
    digest = hashlib.sha256(found.value.encode()).hexdigest()
    # Two requests may have loaded the same session: only one of them gets it.
    if not claim(f"pwdless:state:{digest}", conf.LINK_LIFETIME):
        # The first one may have signed in meanwhile: its session is no longer ours to save.
        return False
    _store(request, [state for state in _load(request) if state != found])
    return found.expires_at > time.time()


def _load(request: HttpRequest) -> list[RedirectState]:
    return restore(list[RedirectState], unseal(request.session.get(STATES_KEY))) or []


def _store(request: HttpRequest, states: list[RedirectState]) -> None:
    if not states:
        request.session.pop(STATES_KEY, None)
        return
    # Sealed as the pending login is.
    request.session[STATES_KEY] = seal([dict(vars(state)) for state in states])


def _equal(ours: str, theirs: str) -> bool:
    return hmac.compare_digest(ours.encode(), theirs.encode(errors="replace"))
