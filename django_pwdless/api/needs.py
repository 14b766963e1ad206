"""What a view asks of a token."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django_pwdless.auth0.verification.access_token import BearerToken
from django_pwdless.exceptions import BearerRefused

# RFC 6749, section 3.3: what fits into a challenge as it is.
_NAME = re.compile(r"[!#-\[\]-~]+")


@dataclass(frozen=True)
class Needs:
    """Scopes and permissions that a token must have, all of them."""

    scopes: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()

    @classmethod
    def of(cls, scopes: Iterable[str], permissions: Iterable[str] = ()) -> Needs:
        """Return the needs of a view; raise TypeError or ValueError for names that are none."""
        return cls(_names(scopes), _names(permissions))

    @property
    def names(self) -> str:
        """All of them, between blanks."""
        return " ".join(dict.fromkeys((*self.scopes, *self.permissions)))

    def are_met_by(self, token: BearerToken) -> bool:
        """Whether the token has them all."""
        return token.has_scopes(*self.scopes) and token.permissions.issuperset(self.permissions)

    def check(self, token: BearerToken) -> None:
        """Raise ``BearerRefused`` where the token lacks one."""
        if not self.are_met_by(token):
            raise BearerRefused(403, "insufficient_scope", scope=self.names)


def _names(values: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise TypeError("Scopes and permissions are a list or tuple of strings, not one string.")
    names = tuple(values)
    for name in names:
        if not isinstance(name, str):
            raise TypeError("A scope or permission is a string.")
        if not _NAME.fullmatch(name):
            raise ValueError("A scope or permission has no blanks, quotes or backslashes.")
    return names
