"""Where Auth0 may send people back to, and what its own pages know."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

from django_pwdless.auth0.http.errors import Answer
from django_pwdless.conf import conf
from django_pwdless.doctor import needs
from django_pwdless.doctor.asking.apis import api
from django_pwdless.doctor.asking.application import words
from django_pwdless.doctor.asking.management import member
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import LIKELY, CannotTell, Finding, ok, warn, wrong
from django_pwdless.doctor.places import APIS, CALLBACKS, LOGOUT_URLS, PROFILE
from django_pwdless.doctor.site.addresses import Addresses, addresses

#: Calls that later probes need.
KEPT = 3
#: The answer to a silent login that asks for the API, too.
WITH_API = "callback.audience"


def authorize(case: Case, redirect_uri: str, **query: str) -> Answer:
    """Ask for Universal Login as a browser without a cookie would, and follow nothing."""
    parameters = {
        "response_type": "code",
        "client_id": conf.CLIENT_ID,
        "redirect_uri": redirect_uri,
        "scope": "openid",
        "state": secrets.token_urlsafe(16),
        **query,
    }
    return case.wire.ask("GET", f"/authorize?{urlencode(parameters)}")


def location(answer: Answer) -> str:
    """Return where an answer leads to; empty where it leads nowhere."""
    return answer.headers.get("Location", "") if 300 <= answer.status < 400 else ""


def told(answer: Answer) -> tuple[str, str]:
    """Return ``error`` and ``error_description``, lower-cased, that a redirect brings."""
    query = parse_qs(urlsplit(location(answer)).query)
    return query.get("error", [""])[0], query.get("error_description", [""])[0].lower()


@entry("callback", where=CALLBACKS, setting="BASE_URL", needs=("secret",), applies=needs.redirects)
def callback(case: Case) -> Finding:
    """Each address that people can come back to is allowed."""

    def is_allowed(url: str) -> bool:
        return any(_comes_back(answer, url) for answer in _asked(case, url))

    return _compared(case, "Allowed Callback URLs", "callbacks", addresses("callback"), is_allowed)


def _asked(case: Case, url: str) -> Iterator[Answer]:
    """Yield the answer to a silent login, with the API and, should that be in the way, without."""
    if conf.AUDIENCE:
        case.answers[WITH_API] = authorize(case, url, prompt="none", audience=conf.AUDIENCE)
        yield case.answers[WITH_API]
    case.answers["callback"] = authorize(case, url, prompt="none")
    yield case.answers["callback"]


def _comes_back(answer: Answer, url: str) -> bool:
    _check_outage(answer)
    return location(answer).startswith(f"{url}?")


@entry(
    "logout", where=LOGOUT_URLS, setting="LOGOUT", needs=("secret",), applies=needs.ends_at_auth0
)
def logout(case: Case) -> Finding:
    """Each address that Auth0 leads to after logout is allowed."""

    def is_allowed(url: str) -> bool:
        query = urlencode({"client_id": conf.CLIENT_ID, "returnTo": url})
        answer = case.wire.ask("GET", f"/v2/logout?{query}")
        _check_outage(answer)
        return location(answer).startswith(url)

    wanted = addresses("logged_out")
    return _compared(case, "Allowed Logout URLs", "allowed_logout_urls", wanted, is_allowed)


def _check_outage(answer: Answer) -> None:
    if answer.status >= 500 or answer.status == 429:
        raise CannotTell(f"Auth0 answered {answer.status}: run it again.")


def _compared(
    case: Case,
    title: str,
    field: str,
    wanted: Addresses,
    is_allowed: Callable[[str], bool],
) -> Finding:
    """Compare with the application's list, else try as many addresses as calls are left for."""
    certainty = wanted.certainty
    try:
        listed = words(case.management, field)
    except CannotTell:
        spare = (case.wire.calls_left - KEPT) // (2 if conf.AUDIENCE else 1)
        tried = wanted.urls[: max(1, spare)]
        return _counted(title, wanted, tried, [u for u in tried if is_allowed(u)], LIKELY)
    return _counted(title, wanted, wanted.urls, wanted.listed(listed), certainty)


def _counted(
    title: str, wanted: Addresses, tried: Iterable[str], found: Iterable[str], certainty: str
) -> Finding:
    tried, found = list(tried), list(found)
    missing = [url for url in tried if url not in found]
    if missing:
        return wrong(
            f"{missing[0]} is missing among {title}: found {len(found)} of the {len(tried)} that "
            "your hosts and languages need.",
            certainty,
        )
    if len(tried) < len(wanted.urls):
        text = f"{len(tried)} of {len(wanted.urls)} addresses were tried, and are among {title}."
        return ok(text, LIKELY)
    return ok(f"{', '.join(tried[:3])}{' ...' if tried[3:] else ''}: among {title}.", certainty)


@entry("audience", where=APIS, setting="AUDIENCE", needs=("secret",), applies=needs.audience)
def audience(case: Case) -> Finding:
    """``AUDIENCE`` is the identifier of an API of the tenant, letter by letter."""
    if not _knows_api(case):
        return wrong(f"AUDIENCE ({conf.AUDIENCE}) is the identifier of no API of the tenant.")
    return ok("AUDIENCE is an API of the tenant.")


def _knows_api(case: Case) -> bool:
    try:
        return api(case.management, str(conf.AUDIENCE)) is not None
    except CannotTell:
        pass
    if WITH_API not in case.answers:
        next(_asked(case, addresses("callback").urls[0]))
    error, description = told(case.answers[WITH_API])
    if not error:
        raise CannotTell("Only an allowed callback shows it, or AUTH0_MANAGEMENT_TOKEN.")
    return not (error == "access_denied" and "service not found" in description)


@entry("identifier_first", where=PROFILE, setting="METHODS", needs=("issuer",))
def identifier_first(case: Case) -> Finding:
    """Auth0's pages ask for the address first, else they know no passwordless connection."""
    if _asks_first(case):
        return ok("The Authentication Profile is Identifier First.")
    text = "The Authentication Profile is not Identifier First"
    if needs.universal():
        return wrong(f"{text}: Universal Login has no passwordless connection then.")
    return warn(f"{text}: some tenants refuse codes then.", LIKELY)


def _asks_first(case: Case) -> bool:
    try:
        prompts = case.management.read("/prompts", "read:prompts")
        return bool(member(prompts, "identifier_first"))
    except CannotTell:
        if not (needs.universal() and needs.passwordless()):
            raise
    name = "email" if needs.mails() else "sms"
    for cause in ("callback", f"connection.{name}"):
        if cause in case.blocked:
            raise CannotTell(f"Needs {case.blocked[cause]}.")
    answer = authorize(case, addresses("callback").urls[0], connection=name)
    error, description = told(answer)
    if error == "invalid_request" and "no connections enabled" in description:
        return False
    if urlsplit(location(answer)).path in ("/u/login", "/login", "/u/login/identifier"):
        return True
    raise CannotTell("Auth0's answer does not say so; look at it.")


ENTRIES = (callback, logout, audience, identifier_first)
