"""What every token of the tenant must be: RFC 7519 and 8725. There is no off switch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Protocol

import jwt
from jwt.exceptions import InvalidSubjectError

from django_pwdless import exceptions as exc

MAX_TOKEN_LENGTH = 65_536
MAX_SUBJECT_LENGTH = 255
MAX_TIME = 2**53
MAX_KEPT_HEADER = 512
ALGORITHMS = ("RS256", "PS256", "HS256")
REQUIRED = ("iss", "sub", "aud", "exp", "iat")

# What PyJWT says, in our family; the first that fits.
_FAMILY: tuple[tuple[type[Exception], type[exc.InvalidToken]], ...] = (
    (jwt.InvalidIssuerError, exc.InvalidIssuer),
    (jwt.InvalidAudienceError, exc.InvalidAudience),
    (InvalidSubjectError, exc.InvalidSubject),
    (jwt.ExpiredSignatureError, exc.InvalidTime),
    (jwt.ImmatureSignatureError, exc.InvalidTime),
    (jwt.InvalidIssuedAtError, exc.InvalidTime),
    (jwt.InvalidTokenError, exc.InvalidSignature),
    (jwt.InvalidKeyError, exc.InvalidSignature),
)

_BY_CLAIM: dict[str, type[exc.InvalidToken]] = {
    "iss": exc.InvalidIssuer,
    "aud": exc.InvalidAudience,
    "sub": exc.InvalidSubject,
    "exp": exc.InvalidTime,
    "iat": exc.InvalidTime,
}

Claims = dict[str, Any]


class Keys(Protocol):
    """Where the key of a token is found."""

    def key_for(
        self,
        key_id: str | None,
        *,
        before_fetch: Callable[[], object] | None = None,
        within: float | None = None,
    ) -> Any:
        """Return the key of a ``kid``, or raise ``UnknownKey`` or ``Unavailable``.

        ``before_fetch`` is given for a token that a stranger may have made up: it raises where the
        token is not worth a fetch, and what it lets through uses an allowance of its own.
        ``within`` are the seconds that it may take.
        """


@dataclass(frozen=True)
class SignedToken:
    """The rules of tokens of one issuer and audience, signed with one pinned algorithm.

    ``audience`` is one, or several of which one must be named; ``leeway`` is seconds; ``required``
    names the claims that must be there; ``within`` are the seconds that keys may take. With
    ``from_strangers`` a token comes from whoever calls, and not from the tenant itself.
    """

    issuer: str
    audience: str | tuple[str, ...]
    algorithm: str
    leeway: float
    keys: Keys
    from_strangers: bool = False
    required: tuple[str, ...] = REQUIRED
    within: float | None = None

    def read(self, token: Any) -> tuple[dict[str, Any], Claims]:
        """Return header and claims of a token whose signature, claims and times hold.

        Raises a member of the ``InvalidToken`` family, or ``Unavailable`` where the key set cannot
        be had.
        """
        header, claims = self._decoded(token)
        if not all(is_number(claims[name]) for name in ("exp", "iat", "nbf") if name in claims):
            # RFC 7519, section 4.1; PyJWT takes strings and ``True`` too.
            raise exc.InvalidTime
        if "sub" in claims:
            _check_subject(claims["sub"])
        return header, claims

    def _decoded(self, token: Any) -> tuple[dict[str, Any], Claims]:
        if not isinstance(token, str) or not 0 < len(token) <= MAX_TOKEN_LENGTH:
            raise exc.InvalidSignature
        try:
            before = partial(self._check_unverified, token) if self.from_strangers else None
            header = self._header(token)
            key_id = header.get("kid") if isinstance(header.get("kid"), str) else None
            key = self.keys.key_for(key_id, before_fetch=before, within=self.within)
            return header, self._claims(token, key)
        # PyJWT 2.14 lets an OverflowError out for an infinite time.
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            refusal = _in_our_family(error)
        # Not raised above, where PyJWT's error, which may quote the token, would be the context.
        raise refusal

    def _header(self, token: str) -> dict[str, Any]:
        header = _header_of(token.partition(".")[0])
        if self.algorithm not in ALGORITHMS or header.get("alg") != self.algorithm:
            raise exc.InvalidSignature
        # No extension is understood here (RFC 7515, section 4.1.11), whatever PyJWT makes of it.
        if "crit" in header:
            raise exc.InvalidSignature
        return header

    def _check_unverified(self, token: str) -> None:
        """Refuse a token that no key would make good."""
        rules = {f"verify_{name}": True for name in ("exp", "iss", "aud")}
        self._claims(token, "", verify_signature=False, **rules)

    def _claims(self, token: str, key: Any, **rules: bool) -> Claims:
        options: Any = {"require": list(self.required), **rules}
        return jwt.decode(
            token,
            key,
            # Pinned here, whatever the token or the key says (RFC 8725, section 3.1).
            algorithms=[self.algorithm],
            issuer=self.issuer,
            audience=self.audience,
            leeway=self.leeway,
            options=options,
        )


def _header_of(segment: str) -> dict[str, Any]:
    """Return a header, not to be changed; those of one key are all alike, and read once."""
    return _kept_header(segment) if len(segment) <= MAX_KEPT_HEADER else _read_header(segment)


def _read_header(segment: str) -> dict[str, Any]:
    # The header alone: PyJWT goes through each character of what it is given, and all of the token
    # follows.
    return jwt.get_unverified_header(f"{segment}..")


_kept_header = lru_cache(maxsize=64)(_read_header)


def _check_subject(subject: Any) -> None:
    """``sub`` is at most 255 ASCII characters (OpenID Connect Core 1.0, section 2)."""
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT_LENGTH:
        raise exc.InvalidSubject
    if not (subject.isascii() and subject.isprintable()):
        raise exc.InvalidSubject


def is_number(value: Any) -> bool:
    """A finite number of a sensible size; ``True`` is none, and neither is ``NaN``."""
    return type(value) in (int, float) and abs(value) < MAX_TIME


def _in_our_family(error: Exception) -> exc.InvalidToken:
    if isinstance(error, jwt.MissingRequiredClaimError):
        return _BY_CLAIM.get(error.claim, exc.InvalidToken)()
    kind = next((ours for theirs, ours in _FAMILY if isinstance(error, theirs)), exc.InvalidToken)
    return kind()
