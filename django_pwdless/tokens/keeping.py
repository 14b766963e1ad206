"""What is kept of a login's answer, in the row of its sign-in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django_pwdless.auth0.types import TokenSet
from django_pwdless.auth0.verification.unverified import names_audience, unverified_claims
from django_pwdless.conf import conf

from .kept_tokens import KeptTokens

logger: logging.Logger = logging.getLogger("django_pwdless")

#: Seals tokens for a row, given its user's primary key and its mark.
Keeper = Callable[[Any, str], str]


def keeper(tokens: TokenSet, subject: str, asked_at: float) -> Keeper:
    """Return what seals a login's tokens for a row, given its user and mark.

    ``subject`` is the ``sub`` of the verified ID token, ``asked_at`` UNIX seconds. What it returns
    is empty where no token is to be kept.
    """
    if tokens.access_token is None or not is_for_audience(tokens.access_token):
        return _nothing
    return partial(_sealed, KeptTokens.of_login(tokens, subject, asked_at))


def is_for_audience(access_token: str) -> bool:
    """Whether an access token is for ``AUDIENCE``, as far as it says; says so in the log if not.

    Auth0 gives one for another API, without a word, where it does not find the one asked for.
    """
    claims, audience = unverified_claims(access_token), conf.AUDIENCE
    if claims is None or audience is None or names_audience(claims, audience):
        return True
    logger.error(
        "An access token is not for the API of PWDLESS['AUDIENCE'], and is not kept: check that "
        "Applications > APIs has this identifier, and what the tenant's Default Audience is."
    )
    return False


def _sealed(kept: KeptTokens, user_pk: Any, mark: str) -> str:
    return kept.sealed(user_pk, mark)


def _nothing(user_pk: Any, mark: str) -> str:
    return ""
