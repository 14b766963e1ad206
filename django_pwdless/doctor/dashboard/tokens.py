"""Refresh tokens, APIs, and what the application may do at Auth0 itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from django_pwdless.auth0.http.errors import Answer
from django_pwdless.conf import conf
from django_pwdless.doctor import needs
from django_pwdless.doctor.asking.answers import must_be_heard
from django_pwdless.doctor.asking.apis import api
from django_pwdless.doctor.asking.application import field
from django_pwdless.doctor.asking.management import DOMAIN, member, objects
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import CannotTell, Finding, ok, warn, wrong
from django_pwdless.doctor.places import API_ACCESS, APIS, REFRESH, SETTINGS
from django_pwdless.doctor.site.addresses import addresses

from .access import is_canonical

NEEDS = ("secret", "management.token")


@entry("client.refresh", where=REFRESH, setting="SCOPE", needs=NEEDS, applies=needs.refreshes)
def refresh(case: Case) -> Finding:
    """Rotation finds a stolen refresh token; a leeway forgives an answer that was lost."""
    found = field(case.management, "refresh_token")
    if member(found, "rotation_type") != "rotating":
        return warn("Refresh tokens do not rotate: a stolen one works as long as it lasts.")
    leeway = member(found, "leeway")
    if not isinstance(leeway, int) or not 30 <= leeway <= 60:
        return warn("The overlap period of refresh tokens should be from 30 to 60 s.")
    days = f"{member(found, 'token_lifetime') / 86400:g}"
    session = f"{settings.SESSION_COOKIE_AGE / 86400:g}"
    return ok(f"Refresh tokens rotate and last {days} days; a session lasts {session}.")


@entry(
    "client.backchannel_logout",
    where=f"{SETTINGS} > OpenID Connect Back-Channel Logout",
    setting="BACKCHANNEL_LOGOUT",
    needs=NEEDS,
    applies=needs.backchannel,
)
def backchannel_logout(case: Case) -> Finding:
    """Auth0 knows where to tell of logouts."""
    wanted = addresses("backchannel_logout")
    listed = field(case.management, "oidc_logout", "backchannel_logout_urls")
    if isinstance(listed, list) and wanted.listed(listed):
        return ok("Auth0 tells the site of logouts.")
    return wrong(f"{wanted.urls[0]} is missing: no logout is told.", wanted.certainty)


def _audience(case: Case) -> dict[str, Any]:
    document = api(case.management, str(conf.AUDIENCE))
    if document is None:
        raise CannotTell("Needs audience.")
    return document


@entry(
    "audience.offline_access",
    where=f"{APIS} > the API > Settings > Allow Offline Access",
    setting="AUDIENCE",
    needs=(*NEEDS, "audience"),
    applies=lambda: needs.audience() and needs.refreshes(),
)
def offline_access(case: Case) -> Finding:
    """Without it ``offline_access`` gets no refresh token, and no error either."""
    if member(_audience(case), "allow_offline_access") is True:
        return ok("The API allows refresh tokens.")
    return wrong("The API allows no refresh tokens, which SCOPE asks for.")


@entry(
    "audience.algorithm",
    where=f"{APIS} > the API > Settings > Signing Algorithm",
    setting="AUDIENCE",
    needs=(*NEEDS, "audience"),
    applies=needs.audience,
)
def audience_algorithm(case: Case) -> Finding:
    """Access tokens can be verified by whoever has the tenant's public keys."""
    if member(_audience(case), "signing_alg") in ("RS256", "PS256"):
        return ok("The API's tokens are signed with the tenant's key.")
    return warn("The API's tokens are signed with a secret: only who has it can verify them.")


@entry(
    "audience.user_access",
    where=f"{APIS} > the API > Application Access",
    setting="AUDIENCE",
    needs=(*NEEDS, "audience"),
    applies=needs.audience,
)
def user_access(case: Case) -> Finding:
    """People's logins may have a token for the API."""
    policy = member(_audience(case), "subject_type_authorization", "user", "policy")
    if policy == "deny_all":
        return wrong("The API gives no tokens to people's logins.")
    if policy == "require_client_grant":
        return warn("The API gives tokens only to applications that are authorized there.")
    return ok("The API gives tokens to people's logins.")


@entry(
    "audience.dpop",
    where=f"{APIS} > the API > Settings > Token Sender-Constraining",
    setting="AUDIENCE",
    needs=(*NEEDS, "audience"),
    applies=needs.audience,
)
def audience_dpop(case: Case) -> Finding:
    """The app sends no proof of possession."""
    if member(_audience(case), "proof_of_possession", "required") is True:
        return wrong("The API requires tokens to be bound, which the app does not do.")
    return ok("The API's tokens need no proof of possession.")


@entry("api", where=APIS, setting="API_AUDIENCE", needs=NEEDS, applies=needs.serves_api)
def own_api(case: Case) -> Finding:
    """The site's own API is one of the tenant, with tokens that the site verifies."""
    configured = conf.API_AUDIENCE or ""
    names = [configured] if isinstance(configured, str) else configured
    for name in names:
        document = api(case.management, name)
        if document is None:
            return wrong(f"API_AUDIENCE ({name}) is the identifier of no API of the tenant.")
        if member(document, "signing_alg") != conf.API_ALGORITHM:
            return wrong(f"API_ALGORITHM is {conf.API_ALGORITHM}; {name} signs with another one.")
    return ok("API_AUDIENCE and API_ALGORITHM are those of the tenant.")


@entry("client.management", where=API_ACCESS, needs=("secret",))
def client_management(case: Case) -> Finding:
    """Whoever gets at the secret of a login should not get at the whole tenant."""
    if _may_manage(case):
        return warn("The application may call the Management API, which a login does not need.")
    return ok("The application may not call the Management API.")


def _may_manage(case: Case) -> bool:
    management = case.management
    try:
        grants = management.read("/client-grants", "read:client_grants", client_id=conf.CLIENT_ID)
        found = grants.get("client_grants") if isinstance(grants, dict) else grants
        listed = objects(found, "client grants")
        return any(each.get("audience") == management.audience for each in listed)
    except CannotTell:
        pass
    if not is_canonical(management.domain):
        raise CannotTell(f"DOMAIN is a custom one: set {DOMAIN} to the tenant's own.")
    body = {"grant_type": "client_credentials", "audience": management.audience}
    return _gets_token(case.wire.ask("POST", "/oauth/token", body, form=True))


def _gets_token(answer: Answer) -> bool:
    """Whether a token came, which is looked at no further and kept nowhere."""
    if answer.is_success:
        return True
    if answer.error not in ("access_denied", "unauthorized_client"):
        must_be_heard(answer)
    return False


ENTRIES = (
    *(refresh, backchannel_logout, offline_access, audience_algorithm, user_access),
    *(audience_dpop, own_api, client_management),
)
