"""The tenant's settings that change what a login does."""

from __future__ import annotations

from typing import Any

from django_pwdless.conf import conf
from django_pwdless.doctor import needs
from django_pwdless.doctor.asking.management import DOMAIN, Management, member, objects
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import CannotTell, Finding, ok, warn, wrong
from django_pwdless.doctor.places import (
    ACTIONS,
    CUSTOM_DOMAINS,
    LOGS,
    TENANT,
    TENANT_ADVANCED,
    UNIVERSAL_LOGIN,
)

NEEDS = ("management.token",)
LINKS = ("universal_login", "passwordless", "allow_magiclink_verify_without_session")
START = "enforce_client_authentication_on_passwordless_start"
#: Types of the tenant's log that say that people were stopped, none of which the doctor causes.
STOPPED = ("limit_wc", "limit_mu", "limit_sul", "api_limit", "gd_otp_rate_limit_exceed", "ferrt")
#: What is only told: settings that surprise whoever does not know them.
TOLD = (
    *("session_lifetime", "customize_mfa_in_postlogin_action", "phone_consolidated_experience"),
    "allow_organization_name_in_authentication_api",
)


def _settings(case: Case) -> dict[str, Any]:
    found = case.management.read("/tenants/settings", "read:tenant_settings")
    if not isinstance(found, dict):
        raise CannotTell("The Management API says nothing of the tenant's settings.")
    return found


@entry(
    "magic_link",
    where="API only: PATCH /api/v2/tenants/settings",
    setting="METHODS",
    needs=NEEDS,
    applies=needs.links,
)
def magic_link(case: Case) -> Finding:
    """A link that was asked for by a server works in a browser that Auth0 has not seen."""
    settings = _settings(case)
    try:
        is_on = member(settings, *LINKS)
    except CannotTell:
        # One page of Auth0's shows it there (docs/explanation/assumptions.md, 16).
        is_on = member(settings, "flags", LINKS[-1])
    if is_on is True:
        return ok("Magic links work in any browser.")
    return wrong(
        "Magic links end on a page of Auth0's: allow_magiclink_verify_without_session is off. "
        "docs/howto/magic-link.md has the call that turns it on."
    )


@entry(
    "start.authentication",
    where=TENANT_ADVANCED,
    needs=NEEDS,
    applies=lambda: needs.passwordless() and needs.is_confidential(),
)
def start_authentication(case: Case) -> Finding:
    """Nobody else sends messages in the application's name."""
    if member(_settings(case), "flags", START) is True:
        return ok("Only the application itself can have messages sent.")
    return warn("Anybody who knows CLIENT_ID can have messages sent: see flags." + START)


@entry("revoke", where=TENANT_ADVANCED, setting="SCOPE", needs=NEEDS, applies=needs.refreshes)
def revoke(case: Case) -> Finding:
    """Signing out in one browser ends one refresh token."""
    if member(_settings(case), "flags", "revoke_refresh_token_grant") is True:
        return warn("Signing out ends the person's refresh tokens of all browsers.")
    return ok("Signing out ends one refresh token.")


@entry(
    "tenant.default_audience",
    where=f"{TENANT} > API Authorization Settings",
    setting="AUDIENCE",
    needs=NEEDS,
)
def default_audience(case: Case) -> Finding:
    """An API for logins that name none makes every access token one for it."""
    if member(_settings(case), "default_audience"):
        return warn("The tenant has a Default Audience: every login gets a token for that API.")
    return ok("The tenant has no Default Audience.")


@entry("tenant.default_directory", where=f"{TENANT} > API Authorization Settings", needs=NEEDS)
def default_directory(case: Case) -> Finding:
    """A connection for logins that name none is one for passwords."""
    if member(_settings(case), "default_directory"):
        return warn("The tenant has a Default Directory, which no login of ours needs.")
    return ok("The tenant has no Default Directory.")


@entry(
    "tenant.resource_parameter",
    where=TENANT_ADVANCED,
    setting="AUDIENCE",
    needs=NEEDS,
    applies=needs.audience,
)
def resource_parameter(case: Case) -> Finding:
    """The parameter ``audience`` names the API."""
    if member(_settings(case), "resource_parameter_profile") == "audience":
        return ok("APIs are named by audience.")
    return warn("APIs may be named by resource, too: AUDIENCE is sent as audience.")


@entry(
    "tenant.country_codes",
    where=UNIVERSAL_LOGIN,
    setting="PHONE_REGIONS",
    needs=NEEDS,
    applies=lambda: needs.texts() and needs.universal(),
)
def country_codes(case: Case) -> Finding:
    """Auth0's pages take the numbers that ours take."""
    found = _settings(case).get("country_codes")
    regions = set(conf.PHONE_REGIONS or ())
    if not isinstance(found, dict) or found.get("mode") != "allow" or not regions:
        return ok("Auth0's pages leave out no region of PHONE_REGIONS.")
    allowed = found.get("list")
    missing = sorted(regions.difference(allowed if isinstance(allowed, list) else ()))
    if missing:
        return warn(f"Auth0's pages take no numbers of {', '.join(missing)}.")
    return ok("Auth0's pages take the regions of PHONE_REGIONS.")


@entry("tenant.others", where=TENANT_ADVANCED, needs=NEEDS)
def others(case: Case) -> Finding:
    """What is good to know when something surprises."""
    found = _settings(case)
    known = {name: found[name] for name in TOLD if isinstance(found.get(name), (bool, int))}
    words = [f"{name} {str(value).lower()}" for name, value in known.items()]
    return ok(f"Good to know: {', '.join(words)}." if words else "Nothing to tell.")


@entry(
    "universal_login",
    where=UNIVERSAL_LOGIN,
    setting="METHODS",
    needs=NEEDS,
    applies=needs.universal,
)
def universal_login(case: Case) -> Finding:
    """Only the new pages go on being looked after."""
    prompts = case.management.read("/prompts", "read:prompts")
    if member(prompts, "universal_login_experience") == "new":
        return ok("Universal Login is the new one.")
    return warn("Universal Login is the classic one.")


@entry(
    "custom_domain",
    where=CUSTOM_DOMAINS,
    setting="DOMAIN",
    needs=NEEDS,
    applies=lambda: _is_custom(),
)
def custom_domain(case: Case) -> Finding:
    """The custom domain that the settings name is the tenant's, and verified."""
    found = case.management.read("/custom-domains", "read:custom_domains")
    listed = objects(found, "custom domains")
    known = {str(each.get("domain")): each for each in listed}
    if conf.DOMAIN not in known:
        return wrong(f"DOMAIN is no custom domain of the tenant that {DOMAIN} names.")
    if known[conf.DOMAIN].get("status") != "ready":
        return wrong("The custom domain is not verified.")
    return ok("The custom domain is verified.")


def _is_custom() -> bool:
    return Management().domain != conf.DOMAIN


@entry("actions", where=ACTIONS, needs=NEEDS)
def actions(case: Case) -> Finding:
    """An Action that redirects stops codes and links, which have no browser to redirect."""
    path = "/actions/triggers/post-login/bindings"
    bindings = member(case.management.read(path, "read:actions"), "bindings")
    found = objects(bindings, "bindings")
    if not found:
        return ok("No Action runs at a login.")
    names = ", ".join(_plain(each.get("display_name")) for each in found)
    return ok(f"These Actions run at each login, and must not redirect: {names}.", "likely")


def _plain(name: Any) -> str:
    """Return a name of the owner's without what a terminal would act on."""
    text = "".join(c for c in str(name)[:60] if c.isprintable())
    return text or "an Action"


@entry("log", where=LOGS, needs=NEEDS)
def log(case: Case) -> Finding:
    """The tenant has stopped nobody lately; types only are asked for, nobody's data."""
    query = f'client_id:"{conf.CLIENT_ID}" AND type:({" OR ".join(STOPPED)})'
    found = case.management.read(
        "/logs", "read:logs", q=query, per_page="20", fields="type", include_fields="true"
    )
    types = [each.get("type") for each in objects(found, "logs")]
    counts = {name: types.count(name) for name in STOPPED if name in types}
    if not counts:
        return ok("The tenant has stopped nobody lately.")
    words = ", ".join(f"{name} {count}" for name, count in counts.items())
    return warn(f"The tenant has stopped people lately: {words}.")


ENTRIES = (
    *(magic_link, start_authentication, revoke, default_audience, default_directory),
    *(resource_parameter, country_codes, others, universal_login, custom_domain, actions, log),
)
