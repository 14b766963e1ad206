"""What the log tells the site's owner: one line a problem, with the switch or setting to change.

``docs/howto/watch.md`` lists the lines. They hold nothing of the person, and no words of Auth0's.
"""

from __future__ import annotations

import logging

from django_pwdless.conf import conf
from django_pwdless.exceptions import (
    DeliveryFailed,
    InvalidAudience,
    InvalidIssuer,
    InvalidNonce,
    InvalidSignature,
    InvalidTime,
    InvalidToken,
    LoginRefused,
    Misconfigured,
    PwdlessError,
    Unavailable,
    UnknownKey,
    VerificationRequired,
)
from django_pwdless.identifiers.methods import UNIVERSAL

logger: logging.Logger = logging.getLogger("django_pwdless")

# Why nobody can manage second factors.
MFA_API = (
    "Universal Login gave no access token for the audience /mfa/ that the MFA API takes: see "
    "docs/howto/factors-page.md."
)

# What is wrong with a token for each rule, where everybody's are refused.
_ABOUT_TOKENS: dict[type[InvalidToken], str] = {
    InvalidSignature: "PWDLESS['ALGORITHM'] is not the JsonWebToken Signature Algorithm under "
    "Applications > Applications > your application > Settings > Advanced Settings > OAuth.",
    UnknownKey: "PWDLESS['DOMAIN'] is not the tenant that signed it.",
    InvalidIssuer: "PWDLESS['DOMAIN'] is not the domain it was made for; if the tenant has a "
    "custom domain, write that.",
    InvalidAudience: "PWDLESS['CLIENT_ID'] is not the application it was made for.",
    InvalidTime: "the clock of this server is wrong.",
    InvalidNonce: "the tenant returns no nonce for magic links: see PWDLESS['LINK_NONCE'].",
}


def tell_owner(error: PwdlessError | None) -> None:
    """Log what to do about a problem that a person meets; nothing where it is theirs to mend."""
    match error:
        case Misconfigured(status=0):
            # Nobody was asked.
            logger.error("A setting is wrong: %s", error.hint)
        case Misconfigured():
            logger.error("Auth0 refused the application: %s", error.hint)
        case DeliveryFailed():
            logger.warning(
                "Auth0 could not deliver a message: its email or phone provider failed. Auth0's "
                "log entry (Monitoring > Logs) says why."
            )
        case Unavailable():
            logger.warning("Auth0 cannot be reached or read at %s: %s", conf.tenant_url, error)
        case VerificationRequired() if not conf.offers(UNIVERSAL):
            logger.warning(
                "Auth0 wants a CAPTCHA, which only its own pages can show: add 'universal' to "
                "PWDLESS['METHODS'], or see Security > Attack Protection > Bot Detection."
            )
        case LoginRefused(reason="mfa") if not conf.offers(UNIVERSAL):
            logger.warning(
                "Auth0 wants a second factor that this site does not offer: see CUSTOMIZE_MFA and "
                "MFA_FACTORS in PWDLESS, or add 'universal' to PWDLESS['METHODS']."
            )


def tell_owner_of_token(error: InvalidToken) -> None:
    """Log which rule an ID token broke, and what is wrong if it happens to everybody."""
    cause = _ABOUT_TOKENS.get(type(error))
    # The class names the rule; its text never quotes the token.
    logger.error(
        "An ID token was refused: %s (%s)%s",
        error,
        type(error).__name__,
        f" If it happens to everybody: {cause}" if cause else "",
    )


def tell_owner_of_factor_token() -> None:
    """Log that Auth0 takes an access token for second factors no more, before its time."""
    logger.warning(
        "Auth0 did not take an access token for its MFA API, although it had not expired: see "
        "docs/howto/factors-page.md."
    )


def tell_owner_of_factor(factor: str) -> None:
    """Log that Auth0 lets nobody set up a factor that ``MFA_ENROLL_FACTORS`` offers."""
    logger.warning(
        "Auth0 lets nobody set up %s: turn it on under Security > Multi-factor Auth > Factors, or "
        "take it out of PWDLESS['MFA_ENROLL_FACTORS'].",
        factor,
    )
