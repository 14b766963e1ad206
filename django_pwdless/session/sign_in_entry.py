"""What a session remembers of its ``SignIn`` row: enough to tell whether that still stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from .stored import restore

SIGN_IN_KEY = "_pwdless_sign_in"


@dataclass(frozen=True)
class SignInEntry:
    """A row by its id; ``mark`` tells it from another row that got the same id later.

    ``expires_at`` (UNIX seconds) is what the row says of the session's end.
    """

    id: int
    mark: str
    expires_at: float

    @classmethod
    def load(cls, request: HttpRequest) -> SignInEntry | None:
        """Return the session's entry; None where it has none.

        One that cannot be read stands for no row: the session ends with it.
        """
        stored = request.session.get(SIGN_IN_KEY)
        return None if stored is None else restore(cls, stored) or cls(0, "", 0.0)

    def save(self, request: HttpRequest) -> None:
        """Keep it, in place of any other."""
        request.session[SIGN_IN_KEY] = dict(vars(self))
