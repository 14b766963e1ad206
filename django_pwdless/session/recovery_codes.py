"""New recovery codes: kept encrypted in the session until their owner has saved them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest

from .stored import restore, seal, unseal
from .web_session import own_user_pk, session_user_pk

RECOVERY_KEY = "_pwdless_recovery_codes"


@dataclass(frozen=True)
class RecoveryCodes:
    """The unconfirmed codes of the session's person, gone with the session."""

    codes: tuple[str, ...] = field(repr=False)

    @classmethod
    def load(cls, request: HttpRequest) -> RecoveryCodes | None:
        """Return the signed-in person's own unconfirmed codes; None without any."""
        sealed, user_pk = request.session.get(RECOVERY_KEY), own_user_pk(request)
        if not sealed or user_pk is None:
            return None
        match unseal(sealed):
            case {"user_pk": owner, "codes": stored} if owner == user_pk:
                codes = restore(tuple[str, ...], stored)
                return cls(codes) if codes else None
        return None

    @staticmethod
    def keep(request: HttpRequest, codes: list[str]) -> None:
        """Keep new codes of the person who has just signed in; without any, do nothing."""
        if codes:
            owner = session_user_pk(request)
            request.session[RECOVERY_KEY] = seal({"user_pk": owner, "codes": codes})

    @staticmethod
    def confirm(request: HttpRequest) -> None:
        """The person has saved them: forget them."""
        request.session.pop(RECOVERY_KEY, None)
