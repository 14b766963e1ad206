"""Verify an ID token: OpenID Connect Core 1.0, section 3.1.3.7. There is no off switch."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.exceptions import InvalidSubjectError

from django_pwdless import exceptions as exc

MAX_TOKEN_LENGTH = 65_536
MAX_SUBJECT_LENGTH = 255
MAX_TIME = 2**53
ALGORITHMS = ("RS256", "PS256", "HS256")

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


@dataclass(frozen=True)
class Verifier:
    """Checks ID tokens of one issuer for one client, signed with one pinned algorithm.

    ``key_for`` returns the key of a ``kid``, or raises ``UnknownKey``; ``leeway`` is seconds.
    """

    issuer: str
    client_id: str
    algorithm: str
    leeway: float
    key_for: Callable[[str | None], Any]

    def verify(self, token: str, *, nonce: str | None = None, max_age: int | None = None) -> Claims:
        """Return the claims of a token that passes every rule.

        ``nonce`` is the one that was sent, None where none was; ``max_age`` likewise, in seconds.
        Raises a member of the ``InvalidToken`` family, or ``Unavailable`` where the key set cannot
        be had.
        """
        claims = self._decode(token)
        self._check_times(claims)
        _check_subject(claims)
        self._check_authorized_party(claims)
        _check_nonce(claims, nonce)
        if max_age is not None:
            self._check_age(claims, max_age)
        return claims

    def _decode(self, token: Any) -> Claims:
        """Check the signature, ``iss``, ``aud``, ``exp``, ``iat`` and ``nbf``."""
        if not isinstance(token, str) or not 0 < len(token) <= MAX_TOKEN_LENGTH:
            raise exc.InvalidSignature
        try:
            key = self.key_for(self._key_id(token))
            return jwt.decode(
                token,
                key,
                # Pinned here, whatever the token or the key says (RFC 8725, section 3.1).
                algorithms=[self.algorithm],
                issuer=self.issuer,
                audience=self.client_id,
                leeway=self.leeway,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        # PyJWT 2.14 lets an OverflowError out for an infinite time.
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            refusal = _in_our_family(error)
        # Not raised above, where PyJWT's error, which may quote the token, would be the context.
        raise refusal

    def _key_id(self, token: str) -> str | None:
        # The header alone: PyJWT goes through each character of what it is given, and all of the
        # token follows in ``decode``.
        header = jwt.get_unverified_header(token.partition(".")[0] + "..")
        if self.algorithm not in ALGORITHMS or header.get("alg") != self.algorithm:
            raise exc.InvalidSignature
        # No extension is understood here (RFC 7515, section 4.1.11), whatever PyJWT makes of it.
        if "crit" in header:
            raise exc.InvalidSignature
        key_id = header.get("kid")
        return key_id if isinstance(key_id, str) else None

    def _check_authorized_party(self, claims: Claims) -> None:
        """Rules 4 and 5: several audiences need ``azp``, and it names this client."""
        audience, party = claims["aud"], claims.get("azp")
        if isinstance(audience, list) and len(audience) > 1 and party is None:
            raise exc.InvalidAudience
        if party is not None and party != self.client_id:
            raise exc.InvalidAudience

    def _check_times(self, claims: Claims) -> None:
        """Times are numbers (RFC 7519, section 4.1); PyJWT takes strings and ``True`` too.

        Nobody proves themselves in the future, also where nobody asked when: it is used later.
        """
        if not all(_is_number(claims[name]) for name in ("exp", "iat", "nbf") if name in claims):
            raise exc.InvalidTime
        auth_time: Any = claims.get("auth_time")
        if type(auth_time) in (int, float) and auth_time > time.time() + self.leeway:
            raise exc.InvalidTime

    def _check_age(self, claims: Claims, max_age: int) -> None:
        """Rule 13: the person proved themselves no longer than ``max_age`` ago."""
        auth_time: Any = claims.get("auth_time")
        if not _is_number(auth_time) or auth_time + max_age + self.leeway < time.time():
            raise exc.InvalidTime


def _check_subject(claims: Claims) -> None:
    """``sub`` is at most 255 ASCII characters (OpenID Connect Core 1.0, section 2)."""
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT_LENGTH:
        raise exc.InvalidSubject
    if not (subject.isascii() and subject.isprintable()):
        raise exc.InvalidSubject


def _check_nonce(claims: Claims, nonce: str | None) -> None:
    """Rule 11, in constant time; without a nonce sent, none is looked at."""
    if nonce is None:
        return
    answered = claims.get("nonce")
    if not isinstance(answered, str) or not answered:
        raise exc.InvalidNonce
    # A lone surrogate, which JSON can spell, becomes a question mark: no nonce of ours holds one.
    if not hmac.compare_digest(answered.encode(errors="replace"), nonce.encode()):
        raise exc.InvalidNonce


def _is_number(value: Any) -> bool:
    """A finite number of a sensible size; ``True`` is none, and neither is ``NaN``."""
    return type(value) in (int, float) and abs(value) < MAX_TIME


def _in_our_family(error: Exception) -> exc.InvalidToken:
    if isinstance(error, jwt.MissingRequiredClaimError):
        return _BY_CLAIM.get(error.claim, exc.InvalidToken)()
    kind = next((ours for theirs, ours in _FAMILY if isinstance(error, theirs)), exc.InvalidToken)
    return kind()
