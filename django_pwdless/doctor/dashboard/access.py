"""Whether the token of the environment may be sent at all, and where to."""

from __future__ import annotations

import re
import time
from typing import Any

import jwt

from django_pwdless.conf import conf
from django_pwdless.doctor.asking.management import DOMAIN, TOKEN, Management
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import CannotTell, Finding, ok, wrong
from django_pwdless.doctor.places import CUSTOM_DOMAINS

AUTH0 = re.compile(r"[a-z0-9-]+(\.[a-z]{2,3}(-[0-9])?)?\.auth0\.com")
#: A host, or the origin of a tenant on this machine: a token goes nowhere else without TLS.
HOST = re.compile(r"([a-z0-9.-]+|http://(localhost|127[0-9.]+|\[::1\]))(:[0-9]{1,5})?")
GET_ONE = "Applications > APIs > Auth0 Management API > API Explorer"


@entry("management.domain", where=CUSTOM_DOMAINS, setting=DOMAIN, needs=("issuer",))
def domain(case: Case) -> Finding:
    """The tenant's own domain, which is no custom one, is who it says it is."""
    management = case.management
    if not management.token:
        raise CannotTell(f"Needs {TOKEN}: with it the Dashboard is compared, too.")
    if management.domain == conf.DOMAIN:
        if is_canonical(conf.DOMAIN):
            return ok("DOMAIN is the tenant's own.")
        raise CannotTell(f"DOMAIN is a custom one: set {DOMAIN} to the tenant's own.")
    if not HOST.fullmatch(management.domain):
        return wrong(f"{DOMAIN} is no host in lower case. No token is sent.")
    answer = management.wire.ask("GET", "/.well-known/openid-configuration")
    document = answer.data if isinstance(answer.data, dict) else {}
    if answer.status != 200 or document.get("issuer") != f"{management.base_url}/":
        return wrong(f"{DOMAIN} does not answer as the tenant of that name. No token is sent.")
    return ok(f"{DOMAIN} is the tenant's own.")


def is_canonical(name: str) -> bool:
    """Whether this is a domain that Auth0 gave, or a tenant on this machine."""
    return name.startswith("http://") or AUTH0.fullmatch(name) is not None


@entry("management.token", where=GET_ONE, setting=TOKEN, needs=("management.domain",))
def token(case: Case) -> Finding:
    """The token is for this tenant, and still good; it is looked at before it is sent."""
    management = case.management
    if not management.token:
        raise CannotTell(f"Needs {TOKEN}.")
    if not _is_domain_known(case):
        raise CannotTell("Needs management.domain.")
    claims = _claims(management.token)
    if claims is not None and not _is_for(management, claims.get("aud")):
        return wrong(f"{TOKEN} is for another API than {management.audience}: it is not sent.")
    expires = claims.get("exp") if claims else None
    if isinstance(expires, (int, float)) and expires < time.time():
        return wrong(f"{TOKEN} has expired: get a new one.")
    return _tried(management)


def _is_domain_known(case: Case) -> bool:
    line = case.lines.get("management.domain")
    return line is not None and line.status == "ok"


def _tried(management: Management) -> Finding:
    management.is_trusted = True
    if management.takes_token():
        return ok(f"{TOKEN} is accepted.")
    management.is_trusted = False
    return wrong(f"{TOKEN} is not accepted: get a new one.")


def _claims(text: str) -> dict[str, Any] | None:
    """Return what a token says, unverified; ``None`` for one that is no JWT."""
    try:
        return jwt.decode(text, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        return None


def _is_for(management: Management, audience: Any) -> bool:
    return management.audience in (audience if isinstance(audience, list) else [audience])


ENTRIES = (domain, token)
