"""Every exception of the package, in one tree::

    PwdlessError
    ├── Auth0Error                  Auth0 said no, or could not be heard
    │   ├── Unavailable             no answer, a late one, 5xx, or one nobody can read
    │   │   ├── DeliveryFailed      Auth0 could not deliver the message
    │   │   └── AnswerLost          asked, perhaps done, and no answer that can be read
    │   ├── Misconfigured           a setting here or at Auth0 is wrong; ``hint`` says which
    │   ├── RateLimited             429; ``retry_after`` seconds
    │   │   └── SlowDown            polled too fast
    │   ├── TooManyAttempts         Auth0's brute-force protection
    │   ├── InvalidIdentifier       Auth0 does not take this address or number
    │   ├── SignupDisabled          sign-ups are off and nobody has this identifier
    │   ├── UserBlocked             the person is blocked at Auth0
    │   ├── InvalidCode             a code or authorization code that is wrong or used up
    │   │   ├── CodeExpired         too old
    │   │   └── CodeExhausted       too many tries; a new one is needed
    │   ├── AccessDenied            an Action or rule refused
    │   ├── VerificationRequired    Auth0 wants a CAPTCHA or another interactive proof
    │   ├── MFARequired             a second factor; ``mfa_token`` and ``requirements``
    │   ├── MFAExpired              the ``mfa_token`` is over
    │   ├── MFAPending              the push notification has no answer yet
    │   ├── MFARejected             the push notification was denied
    │   ├── EnrollmentRequired      the person has no second factor
    │   ├── AlreadyEnrolled         the person has one already
    │   └── AuthenticatorNotFound   the chosen authenticator is gone
    ├── InvalidToken                a token that fails verification
    │   ├── InvalidSignature        signature, algorithm or header
    │   ├── UnknownKey              no key of that id in the key set
    │   ├── InvalidIssuer           iss
    │   ├── InvalidAudience         aud, azp
    │   ├── InvalidTime             exp, iat, nbf, auth_time
    │   ├── InvalidSubject          sub
    │   ├── InvalidNonce            nonce
    │   ├── InvalidKind             typ, or a claim of another kind of token
    │   └── InvalidClaim            scope, permissions, azp, client_id, gty
    ├── BearerRefused               a call of the site's API that is not let in
    ├── TokenUnavailable            no access token of this person's; ``reason``
    ├── LimitExceeded               one of our own limits; ``retry_after`` seconds
    │   └── SentJustNow             the same message, within the cooldown
    ├── LimitsUnavailable           the cache that counts is down
    ├── LoginRefused                proven, but not let in; ``reason``
    │   ├── NotSignedIn             Auth0's own pages ended without a login, by Cancel most often
    │   └── IdentityTaken           somebody else's, proven while adding it
    ├── StepMissing                 a step reached without the one before it
    └── CallbackRefused             the return from Auth0 cannot be used; ``outcome``

Messages never hold an identifier, a code, a token or a secret.
"""

from __future__ import annotations

from .auth0 import (
    AccessDenied,
    AlreadyEnrolled,
    AnswerLost,
    Auth0Error,
    AuthenticatorNotFound,
    CodeExhausted,
    CodeExpired,
    DeliveryFailed,
    EnrollmentRequired,
    InvalidCode,
    InvalidIdentifier,
    MFAExpired,
    MFAPending,
    MFARejected,
    MFARequired,
    Misconfigured,
    RateLimited,
    SignupDisabled,
    SlowDown,
    TooManyAttempts,
    Unavailable,
    UserBlocked,
    VerificationRequired,
)
from .invalid_token import (
    InvalidAudience,
    InvalidClaim,
    InvalidIssuer,
    InvalidKind,
    InvalidNonce,
    InvalidSignature,
    InvalidSubject,
    InvalidTime,
    InvalidToken,
    UnknownKey,
)
from .ours import (
    BearerRefused,
    CallbackRefused,
    IdentityTaken,
    LimitExceeded,
    LimitsUnavailable,
    LoginRefused,
    NotSignedIn,
    PwdlessError,
    SentJustNow,
    StepMissing,
    TokenUnavailable,
)

__all__ = [
    "AccessDenied",
    "AlreadyEnrolled",
    "AnswerLost",
    "Auth0Error",
    "AuthenticatorNotFound",
    "BearerRefused",
    "CallbackRefused",
    "CodeExhausted",
    "CodeExpired",
    "DeliveryFailed",
    "EnrollmentRequired",
    "IdentityTaken",
    "InvalidAudience",
    "InvalidClaim",
    "InvalidCode",
    "InvalidIdentifier",
    "InvalidIssuer",
    "InvalidKind",
    "InvalidNonce",
    "InvalidSignature",
    "InvalidSubject",
    "InvalidTime",
    "InvalidToken",
    "LimitExceeded",
    "LimitsUnavailable",
    "LoginRefused",
    "MFAExpired",
    "MFAPending",
    "MFARejected",
    "MFARequired",
    "Misconfigured",
    "NotSignedIn",
    "PwdlessError",
    "RateLimited",
    "SentJustNow",
    "SignupDisabled",
    "SlowDown",
    "StepMissing",
    "TokenUnavailable",
    "TooManyAttempts",
    "Unavailable",
    "UnknownKey",
    "UserBlocked",
    "VerificationRequired",
]
