"""APIs registered at the tenant (resource servers), and what their access tokens look like."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

ALGORITHMS = ("RS256", "PS256", "HS256")
#: Auth0: Access Token Profiles.
DIALECTS = ("access_token", "access_token_authz", "rfc9068_profile", "rfc9068_profile_authz")
DEFAULT_API = "https://api.local.example/"
LIFETIME = 86400
#: Of access tokens for the MFA API, which cannot be changed.
MFA_LIFETIME = 600


@dataclass
class Api:
    """One API. With an ``_authz`` dialect its tokens carry the permissions of people's roles.

    ``lifetime`` is seconds; ``secret`` signs for HS256.
    """

    identifier: str
    algorithm: str = "RS256"
    dialect: str = "access_token"
    lifetime: int = LIFETIME
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def __post_init__(self) -> None:
        for value, choices in ((self.algorithm, ALGORITHMS), (self.dialect, DIALECTS)):
            if value not in choices:
                raise ValueError(f"no {value!r}; there are {', '.join(choices)}")

    @property
    def is_rfc9068(self) -> bool:
        """Whether its tokens follow RFC 9068 rather than Auth0's own habits."""
        return self.dialect.startswith("rfc9068")

    @property
    def has_permissions(self) -> bool:
        """Whether its tokens carry ``permissions``, and scopes only as roles allow (RBAC)."""
        return self.dialect.endswith("_authz")


class Apis:
    """All APIs, by identifier."""

    def __init__(self) -> None:
        self._known: dict[str, Api] = {}
        self.add(Api(DEFAULT_API))

    def add(self, api: Api) -> Api:
        """Register ``api``."""
        self._known[api.identifier] = api
        return api

    def find(self, identifier: str) -> Api | None:
        """Return the API with that identifier, or ``None``."""
        return self._known.get(identifier)

    @property
    def algorithms(self) -> set[str]:
        """What access tokens are signed with."""
        return {api.algorithm for api in self._known.values()}
