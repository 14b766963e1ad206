"""The passwordless connections' options: codes, templates, and who sends them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django_pwdless.conf import conf
from django_pwdless.doctor import needs
from django_pwdless.doctor.asking.management import member, objects
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import CannotTell, Finding, ok, warn, wrong
from django_pwdless.doctor.places import EMAIL, MAIL_PROVIDER, PASSWORDLESS, PHONE_PROVIDER, SMS
from django_pwdless.doctor.tenant.connections import connection

NEEDS = ("management.token",)
CODE = re.compile(r"\{\{-?\s*(code|password)\b")
LINK = re.compile(r"\{\{-?\s*link\b")
SCOPES = "read:connections_options"


def _options(case: Case, name: str) -> dict[str, Any]:
    """Return a connection's options; raise ``CannotTell``."""
    found = connection(case.management, name)
    if found is None:
        raise CannotTell(f"Needs connection.{name}.")
    if not isinstance(found.get("options"), dict):
        raise CannotTell(f"Needs AUTH0_MANAGEMENT_TOKEN with {SCOPES}.")
    options: dict[str, Any] = found["options"]
    return options


def _used(case: Case) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the connections that send codes, each by its name in the Dashboard."""
    for name, title, is_used in (("email", "Email", needs.mails()), ("sms", "SMS", needs.texts())):
        if is_used:
            yield title, _options(case, name)


@entry(
    "code.length",
    where=f"{PASSWORDLESS} > Email (or SMS) > OTP Length",
    setting="CODE_LENGTH",
    needs=NEEDS,
    applies=needs.codes,
)
def code_length(case: Case) -> Finding:
    """A code of another length never reaches Auth0."""
    return _compared(case, "CODE_LENGTH", "length", conf.CODE_LENGTH)


@entry(
    "code.lifetime",
    where=f"{PASSWORDLESS} > Email (or SMS) > OTP Expiry",
    setting="CODE_LIFETIME",
    needs=NEEDS,
    applies=needs.codes,
)
def code_lifetime(case: Case) -> Finding:
    """People are told how long a code lasts."""
    return _compared(case, "CODE_LIFETIME", "time_step", conf.CODE_LIFETIME)


def _compared(case: Case, setting: str, name: str, wanted: float) -> Finding:
    for title, options in _used(case):
        found = member(options, "totp", name)
        if not isinstance(found, int):
            raise CannotTell(f"The Management API says nothing of totp.{name}.")
        if found != wanted:
            return wrong(f"{setting} is {wanted:g}, and at the connection {title} it is {found}.")
    return ok(f"{setting} is {wanted:g} on both sides.")


@entry(
    "connection.sign_ups",
    where=f"{PASSWORDLESS} > Email (or SMS) > Disable Sign Ups",
    setting="CREATE_USERS",
    needs=NEEDS,
    applies=needs.passwordless,
)
def sign_ups(case: Case) -> Finding:
    """Whether new people may come is said on both sides."""
    closed = [title for title, options in _used(case) if member(options, "disable_signup")]
    if closed and conf.CREATE_USERS:
        return warn(f"Sign-ups are disabled ({', '.join(closed)}), and CREATE_USERS is on.")
    return ok("Sign-ups are as CREATE_USERS lets them be.")


@entry(
    "connection.brute_force",
    where=f"{PASSWORDLESS} > Email (or SMS) > Brute Force Protection",
    needs=NEEDS,
    applies=needs.passwordless,
)
def brute_force(case: Case) -> Finding:
    """Auth0 stops who guesses, whatever our own limits do."""
    off = [t for t, options in _used(case) if not member(options, "brute_force_protection")]
    if off:
        return warn(f"Brute-force protection is off for the connection {', '.join(off)}.")
    return ok("The connections have brute-force protection.")


@entry("template.email", where=EMAIL, setting="METHODS", needs=NEEDS, applies=needs.mails)
def mail_template(case: Case) -> Finding:
    """The mail has what people are asked for."""
    body = member(_options(case, "email"), "email", "body")
    if not isinstance(body, str):
        raise CannotTell("The Management API says nothing of email.body.")
    wanted = {"email-code": (CODE, "{{ code }}"), "email-link": (LINK, "{{ link }}")}
    for method, (pattern, words) in wanted.items():
        if conf.offers(method) and not pattern.search(body):
            return wrong(f"The mail has no {words}, and {method} is in METHODS.")
    return ok("The mail has what METHODS needs.")


@entry("template.sms", where=SMS, setting="METHODS", needs=NEEDS, applies=needs.texts)
def text_template(case: Case) -> Finding:
    """The text message has the code."""
    body = member(_options(case, "sms"), "template")
    if isinstance(body, str) and CODE.search(body):
        return ok("The text message has the code.")
    return wrong("The text message has neither {{ code }} nor {{ password }}.")


@entry("provider.sms", where=PHONE_PROVIDER, setting="METHODS", needs=NEEDS, applies=needs.texts)
def sms_provider(case: Case) -> Finding:
    """Somebody sends the text messages: Twilio, a gateway, or the tenant's own provider."""
    options = _options(case, "sms")
    if options.get("twilio_sid") or options.get("gateway_url") or options.get("provider"):
        return ok("Text messages have a provider.")
    if _has_phone_provider(case):
        return ok("Text messages have the tenant's provider.", "likely")
    return wrong("Nobody sends the text messages: set up Twilio or a gateway.")


def _has_phone_provider(case: Case) -> bool:
    found = case.management.read("/branding/phone/providers", "read:phone_providers")
    providers = objects(member(found, "providers"), "phone providers")
    return any(not each.get("disabled") for each in providers)


@entry("provider.email", where=MAIL_PROVIDER, setting="METHODS", needs=NEEDS, applies=needs.mails)
def mail_provider(case: Case) -> Finding:
    """Auth0's own mailer is for tests: few mails, none of one's own words."""
    fields = "name,enabled,default_from_address"
    found = case.management.read("/emails/provider", "read:email_provider", fields=fields)
    if found is None:
        return warn("Auth0's own mailer sends the mails: few, and not in your words.")
    if member(found, "enabled") is False:
        return warn("The mail provider is off, so that Auth0's own mailer sends.")
    if _is_from_auth0(case):
        return warn("The mails come from auth0.com, which your provider may not send for.")
    return ok("The mails have a provider of their own.")


def _is_from_auth0(case: Case) -> bool:
    try:
        sender = member(_options(case, "email"), "email", "from")
    except CannotTell:
        return False
    return isinstance(sender, str) and "auth0.com" in sender


ENTRIES = (
    *(code_length, code_lifetime, sign_ups, brute_force, mail_template, text_template),
    *(sms_provider, mail_provider),
)
