"""Who calls: from a request to a verified token and its user. Each framework asks here."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from django_pwdless.auth0.verification.access_token import BearerToken
from django_pwdless.conf import conf
from django_pwdless.exceptions import (
    BearerRefused,
    InvalidToken,
    LoginRefused,
    Misconfigured,
    PwdlessError,
    Unavailable,
)
from django_pwdless.pages.owner_log import tell_owner
from django_pwdless.provider import get_client

from .header import bearer_of
from .users import user_of

logger: logging.Logger = logging.getLogger("django_pwdless")

# Seconds after which keys may be had again.
RETRY_AFTER = 30


class Caller(NamedTuple):
    """Who calls; the user of a machine is anonymous."""

    user: Any
    token: BearerToken


@sensitive_variables()
def find_caller(meta: Mapping[str, Any], *, machines: bool) -> Caller | None:
    """Return who calls with a bearer token; None without one. ``meta`` is the request's ``META``.

    Raises ``BearerRefused`` for a token, or a caller, that is not let in.
    """
    value = bearer_of(meta.get("HTTP_AUTHORIZATION", ""))
    if value is None:
        return None
    token = _verified(value)
    if token.is_machine:
        if not machines:
            raise BearerRefused(403, "access_denied")
        return Caller(AnonymousUser(), token)
    try:
        return Caller(user_of(token), token)
    except LoginRefused:
        raise BearerRefused(403, "access_denied") from None
    except Misconfigured as error:
        raise _unavailable(error) from None


@sensitive_variables()
def _verified(value: str) -> BearerToken:
    clients = conf.API_CLIENTS
    try:
        return get_client().verify_access_token(
            value,
            audience=_audiences(),
            algorithm=conf.API_ALGORITHM,
            # A tuple: of a string that was written by mistake, any part would do.
            clients=None if clients is None else tuple(clients),
        )
    except InvalidToken as error:
        # The class names the rule; strangers must not fill the log with warnings.
        logger.info("A bearer token was refused (%s).", type(error).__name__)
        raise BearerRefused(401, "invalid_token") from None
    except Unavailable as error:
        raise _unavailable(error) from None


def _unavailable(error: PwdlessError) -> BearerRefused:
    tell_owner(error)
    return BearerRefused(503, "temporarily_unavailable", retry_after=RETRY_AFTER)


def _audiences() -> tuple[str, ...]:
    """Return the identifiers of the API; never the client's own, which ID tokens are for."""
    named = conf.API_AUDIENCE
    audiences = (named,) if isinstance(named, str) else tuple(named or ())
    if not audiences or conf.CLIENT_ID in audiences:
        raise ImproperlyConfigured("PWDLESS['API_AUDIENCE'] must be the identifier of your API.")
    return audiences


def show_caller(request: Any, user: Any, auth: Any) -> None:
    """Make the caller the user of the request, whatever its cookies say."""

    async def auser() -> Any:
        return user

    request.user, request.auser, request.auth = user, auser, auth


def call(request: HttpRequest, *, machines: bool) -> Caller | None:
    """Find who calls, and show them in the request."""
    caller = find_caller(request.META, machines=machines)
    if caller is not None:
        show_caller(request, *caller)
    return caller
