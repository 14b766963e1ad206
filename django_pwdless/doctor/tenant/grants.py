"""Which grants are on for the application: listed there, else tried with what cannot be good."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping

from django_pwdless.auth0.http.errors import Answer
from django_pwdless.conf import conf
from django_pwdless.doctor import needs
from django_pwdless.doctor.asking.answers import is_service_unknown, must_be_heard, otherwise
from django_pwdless.doctor.asking.application import words
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import CannotTell, Finding, ok, wrong
from django_pwdless.doctor.places import GRANT_TYPES
from django_pwdless.doctor.site.addresses import addresses

TOKEN = "/oauth/token"  # noqa: S105 (a path)
OTP = "http://auth0.com/oauth/grant-type/passwordless/otp"
MFA = "http://auth0.com/oauth/grant-type/mfa-"
GARBAGE = "pwdless-doctor"
FIELDS: dict[str, dict[str, str]] = {
    "refresh_token": {"refresh_token": GARBAGE},
    f"{MFA}otp": {"mfa_token": GARBAGE, "otp": "000000"},
    f"{MFA}oob": {"mfa_token": GARBAGE, "oob_code": GARBAGE, "binding_code": "000000"},
    f"{MFA}recovery-code": {"mfa_token": GARBAGE, "recovery_code": GARBAGE},
}
#: Errors that are about what was sent, so that the grant itself is on.
LOOKED_AT = ("invalid_grant", "expired_token", "invalid_token", "mfa_token_invalid")


def is_on(answer: Answer) -> bool:
    """Whether the grant got as far as its garbage; raise ``CannotTell`` where nothing says so."""
    if answer.error == "unauthorized_client":
        return False
    if answer.error in LOOKED_AT or is_service_unknown(answer):
        return True
    must_be_heard(answer)
    raise otherwise(answer, TOKEN)


def otp_answer(case: Case, connection: str) -> Answer:
    """Try a code that nobody was sent, for somebody who was never there: new for each run."""
    nobody = {
        "email": f"{GARBAGE}-{secrets.token_hex(8)}@doctor.invalid",
        "sms": f"+19{secrets.randbelow(90) + 10}55501{secrets.randbelow(100):02}",
    }
    api = {"audience": conf.AUDIENCE} if conf.AUDIENCE else {}
    code = {"username": nobody[connection], "otp": "0" * conf.CODE_LENGTH, "realm": connection}
    return _ask(case, f"grant.otp.{connection}", OTP, {**code, **api, "scope": "openid"})


def _ask(case: Case, name: str, grant: str, fields: Mapping[str, str]) -> Answer:
    """Try a grant once a run, and keep what was answered under ``name``."""
    if name not in case.answers:
        body = {"grant_type": grant, **fields}
        case.answers[name] = case.wire.ask("POST", TOKEN, body, form=True)
    return case.answers[name]


def _finding(name: str, missing: Iterable[str]) -> Finding:
    if not any(missing):
        return ok(f'Grant "{name}" is on.')
    return wrong(f'Grant "{name}" is off for this application. Turn it on.')


def _missing(case: Case, grants: Iterable[str], ask: Callable[[str], Answer]) -> list[str]:
    """Return the grants that are off: by the application's list, else by trying."""
    try:
        listed = words(case.management, "grant_types")
    except CannotTell:
        return [grant for grant in grants if not is_on(ask(grant))]
    return [grant for grant in grants if grant not in listed]


@entry("grant.otp", where=GRANT_TYPES, setting="METHODS", needs=("secret",), applies=needs.codes)
def otp(case: Case) -> Finding:
    """Codes are exchanged by it; tried in any case, as the profile may be in the way too."""
    used = {"email": "email-code", "sms": "sms-code"}
    answers = [otp_answer(case, name) for name in used if conf.offers(used[name])]
    if all(is_on(answer) for answer in answers):
        return _finding("Passwordless OTP", [])
    try:
        is_listed = OTP in words(case.management, "grant_types")
    except CannotTell:
        is_listed = False
    if is_listed:
        text = 'Grant "Passwordless OTP" is on, and refused all the same: see identifier_first.'
        return wrong(text, "likely")
    return _finding("Passwordless OTP", [OTP])


@entry(
    "grant.authorization_code",
    where=GRANT_TYPES,
    setting="METHODS",
    needs=("secret",),
    applies=needs.redirects,
)
def authorization_code(case: Case) -> Finding:
    """What comes back from links and Universal Login is exchanged by it."""

    def ask(grant: str) -> Answer:
        fields = {"code": GARBAGE, "redirect_uri": addresses("callback").urls[0]}
        return _ask(case, f"grant.{grant}", grant, fields)

    return _finding("Authorization Code", _missing(case, ["authorization_code"], ask))


@entry(
    "grant.refresh_token",
    where=GRANT_TYPES,
    setting="SCOPE",
    needs=("secret",),
    applies=needs.refreshes,
)
def refresh_token(case: Case) -> Finding:
    """Without it ``offline_access`` gets no refresh token, and no error either."""
    return _finding("Refresh Token", _missing(case, ["refresh_token"], _garbage(case)))


@entry(
    "grant.mfa",
    where=GRANT_TYPES,
    setting="CUSTOMIZE_MFA",
    needs=("secret",),
    applies=needs.second_factors,
)
def mfa(case: Case) -> Finding:
    """Second factors are answered by three grants, which are one switch."""
    grants = [grant for grant in FIELDS if grant.startswith(MFA)]
    return _finding("MFA", _missing(case, grants, _garbage(case)))


def _garbage(case: Case) -> Callable[[str], Answer]:
    return lambda grant: _ask(case, f"grant.{grant}", grant, FIELDS[grant])


ENTRIES = (otp, authorization_code, refresh_token, mfa)
