"""``/oauth/token``: the one place where a code is exchanged for tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .http.transport import Caller, Transport
from .types import TokenSet

PATH = "/oauth/token"


class TokenEndpoint:
    """Exchanges what can be spent once.

    ``prepare`` has the tenant's keys at hand, or raises ``Unavailable``: it comes before each
    exchange, as a code is spent even where its ID token cannot be read afterwards.
    """

    def __init__(self, transport: Transport, prepare: Callable[[], None]) -> None:
        self._transport = transport
        self._prepare = prepare

    def exchange(self, fields: Mapping[str, str], caller: Caller | None) -> TokenSet:
        """Return the tokens for the fields of a grant (RFC 6749, section 4.1.3). Never retried.

        Raises a member of the ``Auth0Error`` family.
        """
        self._prepare()
        return TokenSet.from_wire(self._transport.post(PATH, fields, form=True, caller=caller))

    def confirm(self, fields: Mapping[str, str], caller: Caller | None) -> None:
        """Spend the fields of a grant whose tokens nobody needs. Never retried.

        Raises a member of the ``Auth0Error`` family, ``AnswerLost`` where no token came.
        """
        TokenSet.from_refresh(self._transport.post(PATH, fields, form=True, caller=caller))

    def refresh(self, fields: Mapping[str, str], caller: Caller | None) -> TokenSet:
        """Return the tokens that a refresh token is exchanged for. Never retried.

        Raises a member of the ``Auth0Error`` family.
        """
        self._prepare()
        answer = self._transport.post(PATH, fields, form=True, caller=caller)
        return TokenSet.from_refresh(answer)
