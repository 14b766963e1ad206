"""The first step: have Auth0 send a code or a link, once."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.module_loading import import_string

from django_pwdless import signals
from django_pwdless.conf import conf
from django_pwdless.events.outcome import MESSAGE_SENT, Outcome
from django_pwdless.events.telling import tell
from django_pwdless.exceptions import (
    AccessDenied,
    InvalidIdentifier,
    PwdlessError,
    RateLimited,
    SentJustNow,
    SignupDisabled,
    StepMissing,
    UserBlocked,
)
from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.identifiers.methods import EMAIL_CODE, EMAIL_LINK
from django_pwdless.limits import rates, tries
from django_pwdless.limits.cooldown import (
    known_browser,
    one_send,
    sender_of,
    sent_by_another,
)
from django_pwdless.pages.page_urls import absolute_url
from django_pwdless.provider import get_caller, get_client
from django_pwdless.session.pending_login import LOGIN, PendingLogin
from django_pwdless.session.redirect_states import RedirectState
from django_pwdless.session.web_session import own_user_pk

from .attempts import Attempt, tell_of_auth0_limit

logger: logging.Logger = logging.getLogger("django_pwdless")


def start(
    request: HttpRequest,
    *,
    identifier: Identifier,
    method: str,
    next_url: str,
    kind: str = LOGIN,
    must_end_at: int | None = None,
) -> PendingLogin:
    """Begin a login and have its message sent; return what is now pending.

    The same again within the cooldown sends nothing. ``must_end_at`` (UNIX seconds) is when it is
    over at the latest. Raises ``InvalidIdentifier``, and whatever
    stands between the person and the message: limits, outages, a wrong setting.
    """
    pending = PendingLogin(
        method=method,
        connection=identifier.connection,
        identifier=identifier.value,
        next_url=next_url,
        kind=kind,
        user_pk=None if kind == LOGIN else own_user_pk(request),
        must_end_at=must_end_at,
    )
    before = PendingLogin.load(request)
    if before is not None and before.waits_as(pending):
        before.next_url = next_url
        before.save(request)
        return before
    _send_once(request, pending, identifier)
    return pending


def _send_once(request: HttpRequest, pending: PendingLogin, identifier: Identifier) -> None:
    """Send, where no other request of this browser is sending the same or has just done so."""
    is_known = known_browser(request) is not None
    with one_send(request, _what(pending), sender=pending.id) as is_first:
        if is_first or not is_known:
            # Who has no session yet gets one, which only a limit may allow.
            rates.consume(request, "start", identifier=identifier)
        if is_first:
            _send(request, pending)
        else:
            if is_known:
                # The same code has no new tries.
                pending.id = sender_of(request, _what(pending)) or pending.id
            pending.mark_sent()
            pending.save(request)


def resend(request: HttpRequest) -> PendingLogin:
    """Send the pending login's message again.

    Raises ``StepMissing`` without a pending login, ``SentJustNow`` within the cooldown.
    """
    pending = PendingLogin.require(request)
    if pending.resend_wait:
        raise SentJustNow(pending.resend_wait)
    with one_send(request, _what(pending), sender=pending.id) as is_first:
        if not is_first:
            raise sent_by_another()
        rates.consume(request, "start", identifier=pending.to_identifier())
        try:
            _send(request, pending)
        except InvalidIdentifier as error:
            # There is no field here to say it at.
            raise StepMissing from error
    return pending


def send_code_instead(request: HttpRequest) -> PendingLogin:
    """Send a code to the address that a link was sent to.

    Raises ``StepMissing`` without a link, or where codes are not offered.
    """
    pending = PendingLogin.require(request)
    if not may_send_code_instead(pending):
        raise StepMissing
    try:
        return start(
            request,
            identifier=pending.to_identifier(),
            method=EMAIL_CODE,
            next_url=pending.next_url,
            kind=pending.kind,
        )
    except InvalidIdentifier as error:
        raise StepMissing from error
    except PwdlessError:
        # The link is still in the inbox, and a code is asked for again where it was.
        pending.save(request)
        raise


def may_send_code_instead(pending: PendingLogin) -> bool:
    """Whether a code can go to the address that a link was sent to."""
    return pending.method == EMAIL_LINK and conf.offers(EMAIL_CODE)


def _what(pending: PendingLogin) -> str:
    return f"{pending.kind}\0{pending.method}\0{pending.to_identifier().key}"


def _send(request: HttpRequest, pending: PendingLogin) -> None:
    """Ask Auth0 to send; kept as pending also where no answer came, as it may have been sent."""
    extra = _extra_params(request, pending.method)
    pending.save(request)
    signals.login_started.send(sender=get_user_model(), request=request, method=pending.method)
    try:
        get_client().passwordless.start(
            pending.connection,
            pending.identifier,
            **_start_arguments(request, pending, extra),
            caller=get_caller(request),
        )
    except InvalidIdentifier:
        PendingLogin.clear(request)
        raise
    except (SignupDisabled, UserBlocked, AccessDenied):
        # Whoever types the identifier learns nothing about whose it is.
        logger.debug("Auth0 sends nothing to this identifier.")
    except RateLimited as error:
        tell_of_auth0_limit(request, error, Attempt(pending.identifier, pending.method))
        raise
    who = pending.to_identifier()
    tell(Outcome(MESSAGE_SENT, request, pending.method, identifier=who))
    tries.begin(who)
    pending.mark_sent()
    pending.save(request)


def _extra_params(request: HttpRequest, method: str) -> dict[str, Any]:
    """Return what the site's own function adds to ``authParams``."""
    path = conf.AUTH_PARAMS
    return {} if path is None else dict(import_string(path)(request, method))


def _start_arguments(
    request: HttpRequest, pending: PendingLogin, extra: dict[str, Any]
) -> dict[str, Any]:
    """Return what a start says beside whom it is for: ``send``, and ``authParams`` if any.

    Nothing of ours is replaced by what a site adds.
    """
    if pending.method == EMAIL_LINK:
        return {"send": "link", "auth_params": {**extra, **_link_params(request, pending)}}
    return {"auth_params": extra} if extra else {}


def _link_params(request: HttpRequest, pending: PendingLogin) -> dict[str, str]:
    """Return what leads a link back here: parameters no caller can change, and no PKCE.

    Auth0's clients send none either: the endpoint registers no challenge, so a verifier at the
    exchange would be refused.
    """
    state = RedirectState.for_link(
        redirect_uri=absolute_url(request, "callback"),
        method=pending.method,
        next_url=pending.next_url,
    )
    state.add(request)
    params = {
        "redirect_uri": state.redirect_uri,
        "response_type": "code",
        "scope": conf.scope_for(),
        "state": state.value,
    }
    optional = {"nonce": state.nonce, "audience": conf.AUDIENCE}
    params.update({name: value for name, value in optional.items() if value})
    return params
