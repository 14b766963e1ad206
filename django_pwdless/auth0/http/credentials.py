"""How the application proves to Auth0 who it is ("Application Authentication Methods")."""

from __future__ import annotations

import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jwt

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIFETIME = 60


@dataclass(frozen=True)
class Credentials:
    """A client id with a secret, with an RSA private key as PEM text, or with neither.

    ``audience`` is the tenant's origin with a slash: the ``aud`` of client assertions.
    """

    client_id: str
    audience: str
    client_secret: str | None = field(default=None, repr=False)
    assertion_key: str | None = field(default=None, repr=False)

    @property
    def is_confidential(self) -> bool:
        """Whether calls carry client authentication."""
        return bool(self.client_secret or self.assertion_key)

    def fields(self) -> dict[str, str]:
        """Return the body fields of one request; an assertion is fresh and used once.

        Raises ``ValueError`` for a key that cannot sign.
        """
        fields = {"client_id": self.client_id}
        if self.client_secret:
            fields["client_secret"] = self.client_secret
        elif self.assertion_key:
            fields["client_assertion_type"] = ASSERTION_TYPE
            fields["client_assertion"] = self._assertion()
        return fields

    @cached_property
    def _private_key(self) -> Any:
        """The key of assertions, read once: that takes longer than signing with it."""
        with suppress(jwt.PyJWTError, ValueError, TypeError):
            key: Any = jwt.get_algorithm_by_name("RS256").prepare_key(self.assertion_key)
            if hasattr(key, "sign"):
                return key
        raise ValueError("the assertion key is no RSA private key in PEM format")

    def _assertion(self) -> str:
        """Sign who we are (RFC 7523, section 3)."""
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.audience,
            "iat": now,
            "exp": now + ASSERTION_LIFETIME,
            "jti": uuid.uuid4().hex,
        }
        return jwt.encode(claims, self._private_key, algorithm="RS256")
