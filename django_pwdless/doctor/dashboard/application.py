"""The application's settings, beside its grants and addresses."""

from __future__ import annotations

from django_pwdless.auth0.http.misconfiguration import GRANT_TYPES
from django_pwdless.conf import conf
from django_pwdless.doctor import needs
from django_pwdless.doctor.asking.application import application, field, words
from django_pwdless.doctor.asking.management import member
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import CannotTell, Finding, ok, warn, wrong
from django_pwdless.doctor.places import (
    APPLICATION_TYPE,
    CALLBACKS,
    CREDENTIALS,
    CROSS_ORIGIN,
    FORWARDED_FOR,
    OAUTH,
    ORGANIZATIONS,
    SETTINGS,
)

NEEDS = ("secret", "management.token")


@entry("client.type", where=APPLICATION_TYPE, needs=NEEDS)
def kind(case: Case) -> Finding:
    """A Regular Web Application keeps a secret; others are made for what runs elsewhere."""
    found = field(case.management, "app_type")
    wanted = "regular_web" if needs.is_confidential() else "native"
    if found == wanted:
        return ok(f"The application is of the type {wanted}.")
    return warn(f"The application should be of the type {wanted} and is of another one.")


@entry("client.authentication", where=CREDENTIALS, setting="CLIENT_SECRET", needs=NEEDS)
def authentication(case: Case) -> Finding:
    """It authenticates as the settings do: by secret, by key, or not at all."""
    found, wanted = _authenticates_by(case), _settings_authenticate_by()
    if found == wanted:
        return ok(f"The application authenticates by {wanted}, as the settings do.")
    return wrong(f"The application authenticates by {found}, and the settings by {wanted}.")


def _authenticates_by(case: Case) -> str:
    document = application(case.management)
    method = document.get("token_endpoint_auth_method")
    if method is not None:
        return "nothing" if method == "none" else "a secret"
    methods = member(document, "client_authentication_methods")
    if isinstance(methods, dict) and "private_key_jwt" in methods:
        return "a private key"
    raise CannotTell("The application authenticates in a way that the app does not know.")


def _settings_authenticate_by() -> str:
    if conf.CLIENT_SECRET:
        return "a secret"
    return "a private key" if conf.CLIENT_ASSERTION_KEY else "nothing"


@entry("grant.unneeded", where=GRANT_TYPES, needs=NEEDS)
def unneeded_grants(case: Case) -> Finding:
    """What nobody uses only helps whoever gets at the secret."""
    found = [name for name in ("implicit", "password") if name in _grants(case)]
    if found:
        return warn(f"These grants are on and not needed: {', '.join(found)}.")
    return ok("No grant is on that would be dangerous.")


def _grants(case: Case) -> list[str]:
    return words(case.management, "grant_types")


@entry("callback.wildcard", where=CALLBACKS, needs=NEEDS, applies=needs.redirects)
def wildcard(case: Case) -> Finding:
    """An address with a wildcard may lead to where somebody else listens."""
    found = [url for url in words(case.management, "callbacks") if "*" in url]
    if found:
        return warn(f"{len(found)} of the Allowed Callback URLs have a wildcard.")
    return ok("No Allowed Callback URL has a wildcard.")


@entry(
    "client.forwarded_for",
    where=FORWARDED_FOR,
    setting="TRUSTED_PROXIES",
    needs=NEEDS,
    applies=needs.is_confidential,
)
def forwarded_for(case: Case) -> Finding:
    """Auth0 counts visitors by their own addresses, not all by the server's."""
    if field(case.management, "is_token_endpoint_ip_header_trusted") is True:
        return ok("Auth0 trusts the address of the visitor that the app sends.")
    return wrong(
        "Auth0 takes this server for every visitor: one who guesses stops all of them. Turn on "
        '"Trust Token Endpoint IP Header".'
    )


@entry("client.conformant", where=f"{OAUTH} > OIDC Conformant", needs=NEEDS)
def conformant(case: Case) -> Finding:
    """Answers are as documented."""
    if field(case.management, "oidc_conformant") is True:
        return ok("The application is OIDC Conformant.")
    return wrong("The application is not OIDC Conformant: answers are of another time. Turn it on.")


@entry("client.first_party", where=SETTINGS, needs=NEEDS)
def first_party(case: Case) -> Finding:
    """A third-party application asks for consent, and may not use codes."""
    if field(case.management, "is_first_party") is True:
        return ok("The application is a first-party one.")
    return wrong("The application is a third-party one: make another.")


@entry("client.cross_origin", where=CROSS_ORIGIN, needs=NEEDS)
def cross_origin(case: Case) -> Finding:
    """Only pages that embed Auth0's scripts need it."""
    if field(case.management, "cross_origin_authentication") is False:
        return ok("Cross-Origin Authentication is off.")
    return warn("Cross-Origin Authentication is on, and not needed.")


@entry(
    "algorithm",
    where=f"{OAUTH} > JsonWebToken Signature Algorithm",
    setting="ALGORITHM",
    needs=NEEDS,
)
def algorithm(case: Case) -> Finding:
    """ID tokens are signed with what the site verifies."""
    found = field(case.management, "jwt_configuration", "alg")
    if found == conf.ALGORITHM:
        return ok(f"ID tokens are signed with {conf.ALGORITHM}.")
    shown = found if found in ("RS256", "PS256", "HS256") else "something else"
    return wrong(f"ALGORITHM is {conf.ALGORITHM}, and ID tokens are signed with {shown}.")


@entry(
    "client.id_token_lifetime",
    where=f"{SETTINGS} > ID Token Expiration",
    setting="LEEWAY",
    needs=NEEDS,
)
def id_token_lifetime(case: Case) -> Finding:
    """An ID token is read as soon as it comes; seconds are enough, but not none."""
    found = field(case.management, "jwt_configuration", "lifetime_in_seconds")
    if isinstance(found, int) and found >= 60:
        return ok(f"ID tokens last {found} s.")
    return warn("ID tokens last less than a minute: slow answers bring expired ones.")


@entry("client.organizations", where=ORGANIZATIONS, needs=NEEDS)
def organizations(case: Case) -> Finding:
    """Codes and links know no organizations."""
    if field(case.management, "organization_usage") == "require":
        return wrong("The application takes only members of organizations: codes are refused.")
    return ok("The application does not require an organization.")


@entry("client.dpop", where=f"{SETTINGS} > Token Sender-Constraining", needs=NEEDS)
def dpop(case: Case) -> Finding:
    """The app sends no proof of possession."""
    if field(case.management, "require_proof_of_possession") is True:
        return wrong("The application requires tokens to be bound, which the app does not do.")
    return ok("Tokens need no proof of possession.")


ENTRIES = (
    *(kind, authentication, unneeded_grants, wildcard, forwarded_for, conformant, first_party),
    *(cross_origin, algorithm, id_token_lifetime, organizations, dpop),
)
