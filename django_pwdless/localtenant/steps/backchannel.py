"""Sites are told that somebody's session ended: OpenID Connect Back-Channel Logout 1.0."""

from __future__ import annotations

import http.client
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.records.logout_deliveries import LogoutDelivery
from django_pwdless.localtenant.signing.unsigned_token import UnsignedToken
from django_pwdless.localtenant.state import State
from django_pwdless.localtenant.token_faults.logout_tokens import EVENT, spoil_logout_token

from .id_tokens import unsigned_id_token

#: Seconds that a logout token lasts.
LIFETIME = 120
#: Seconds that Auth0 waits for the answer.
PATIENCE = 5
MAX_BODY_BYTES = 2000


@dataclass(frozen=True)
class Post:
    """A logout token on its way."""

    client_id: str
    url: str
    sub: str
    sid: str | None
    token: str


def unsigned_logout_token(
    state: State, client: Client, sub: str | None, sid: str | None
) -> UnsignedToken:
    """Return a good logout token for a client, as Auth0 makes it, not yet signed."""
    now = int(state.clock.now())
    claims: dict[str, Any] = {
        "iss": state.issuer,
        "aud": client.client_id,
        "iat": now,
        "exp": now + LIFETIME,
        "jti": secrets.token_urlsafe(16),
        "events": {EVENT: {}},
        "trace_id": secrets.token_hex(8),
        **{name: value for name, value in (("sub", sub), ("sid", sid)) if value is not None},
    }
    return unsigned_id_token(state, client, claims)


def sign_out(state: State, sub: str, fault: str | None = None) -> list[Post]:
    """End a person's sessions; return a logout token for each application that wants one."""
    state.browser_sessions.end_by_sub(sub)
    posts = []
    for session in state.client_sessions.take(sub):
        client = state.clients.known.get(session.client_id)
        if client is not None and client.backchannel_logout_url:
            unsigned = unsigned_logout_token(state, client, sub, session.sid)
            state.was_forging = state.was_forging or fault is not None
            token = unsigned.sign() if fault is None else spoil_logout_token(unsigned, fault)
            url = client.backchannel_logout_url
            posts.append(Post(client.client_id, url, sub, session.sid, token))
    return posts


def deliver(state: State, posts: list[Post]) -> list[LogoutDelivery]:
    """Send logout tokens and note the answers; not with the lock held: sites ask for keys."""
    deliveries = [_deliver(post) for post in posts]
    with state.lock:
        state.logout_deliveries.extend(deliveries)
    return deliveries


def _deliver(post: Post) -> LogoutDelivery:
    try:
        status, body = _send(post)
    except (OSError, http.client.HTTPException) as error:
        status, body = 0, type(error).__name__
    return LogoutDelivery(**vars(post), status=status, body=body)


def _send(post: Post) -> tuple[int, str]:
    parts = urlsplit(post.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", parts.path, urlencode({"logout_token": post.token}), headers)
        with connection.getresponse() as answer:
            return answer.status, answer.read(MAX_BODY_BYTES).decode("utf-8", "replace")
    finally:
        connection.close()
