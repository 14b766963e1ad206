"""What a site makes use of, by its settings: the rest needs no line."""

from __future__ import annotations

from django_pwdless.conf import conf

REDIRECT_METHODS = ("email-link", "universal")


def codes() -> bool:
    """People type codes for a first factor."""
    return conf.offers("email-code", "sms-code")


def mails() -> bool:
    """Auth0 mails codes or links."""
    return conf.offers("email-code", "email-link")


def texts() -> bool:
    """Auth0 texts codes."""
    return conf.offers("sms-code")


def passwordless() -> bool:
    """There is a passwordless connection in it at all."""
    return mails() or texts()


def redirects() -> bool:
    """People come back from Auth0 by a redirect."""
    return conf.offers(*REDIRECT_METHODS)


def links() -> bool:
    """Auth0 mails magic links."""
    return conf.offers("email-link")


def universal() -> bool:
    """People may go to Auth0's own pages."""
    return conf.offers("universal")


def ends_at_auth0() -> bool:
    """People are led back from Auth0's logout."""
    return redirects() and conf.LOGOUT == "auth0"


def second_factors() -> bool:
    """Second factors are asked for on our own pages."""
    return conf.CUSTOMIZE_MFA


def phones() -> bool:
    """A second factor goes to a phone."""
    return conf.CUSTOMIZE_MFA and "phone" in (*conf.MFA_FACTORS, *conf.MFA_ENROLL_FACTORS)


def audience() -> bool:
    """Logins ask for an access token for an API."""
    return conf.AUDIENCE is not None


def refreshes() -> bool:
    """Logins ask for a refresh token."""
    return "offline_access" in conf.SCOPE.split()


def serves_api() -> bool:
    """The site is an API itself."""
    return bool(conf.API_AUDIENCE)


def backchannel() -> bool:
    """Auth0 tells the site of logouts elsewhere."""
    return conf.BACKCHANNEL_LOGOUT


def is_confidential() -> bool:
    """The site authenticates as a client."""
    return bool(conf.CLIENT_SECRET or conf.CLIENT_ASSERTION_KEY)


def sends_by_phone() -> bool:
    """A message goes to a phone, as a first or a second factor."""
    return texts() or phones()
