"""Attack protection: what stops guessing, and what stops people."""

from __future__ import annotations

from typing import Any

from django_pwdless.doctor import needs
from django_pwdless.doctor.asking.management import member
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import Finding, ok, warn, wrong
from django_pwdless.doctor.places import ATTACK

NEEDS = ("management.token",)


def _read(case: Case, name: str) -> Any:
    return case.management.read(f"/attack-protection/{name}", "read:attack_protection")


@entry("attack.brute_force", where=f"{ATTACK} > Brute-force Protection", needs=NEEDS)
def brute_force(case: Case) -> Finding:
    """Who guesses one account's codes is stopped."""
    found = _read(case, "brute-force-protection")
    if member(found, "enabled") is not True:
        return warn("Brute-force Protection is off.")
    if member(found, "mode") != "count_per_identifier_and_ip":
        return warn("Brute-force Protection counts by identifier alone: anybody can lock it.")
    if member(found, "allowlist"):
        return warn("Brute-force Protection leaves addresses out: this server must not be one.")
    return ok("Brute-force Protection is on.")


@entry("attack.suspicious_ip", where=f"{ATTACK} > Suspicious IP Throttling", needs=NEEDS)
def suspicious_ip(case: Case) -> Finding:
    """Who guesses many accounts' codes is slowed down."""
    found = _read(case, "suspicious-ip-throttling")
    if member(found, "enabled") is not True:
        return warn("Suspicious IP Throttling is off.")
    if member(found, "allowlist"):
        return warn("Suspicious IP Throttling leaves addresses out: this server must not be one.")
    return ok("Suspicious IP Throttling is on.")


@entry(
    "attack.bot_detection",
    where=f"{ATTACK} > Bot Detection > Passwordless",
    setting="METHODS",
    needs=NEEDS,
)
def bot_detection(case: Case) -> Finding:
    """Only Auth0's own pages can show a CAPTCHA."""
    policy = member(_read(case, "bot-detection"), "challenge_passwordless_policy")
    if policy == "never":
        return ok("No CAPTCHA is asked for.")
    text = "A CAPTCHA may be asked for, which only Auth0's own pages can show"
    if needs.universal():
        return warn(f"{text}: people are led there.")
    return wrong(f'{text}: set it to Never, or add "universal" to METHODS.')


@entry("attack.captcha", where=f"{ATTACK} > Bot Detection", needs=NEEDS)
def captcha(case: Case) -> Finding:
    """Which CAPTCHA it would be."""
    found = member(_read(case, "captcha"), "active_provider_id")
    if found in ("auth_challenge", "simple_captcha"):
        return ok("A CAPTCHA would be Auth0's own.")
    return ok("A CAPTCHA would be another provider's.")


@entry(
    "attack.phone_provider",
    where=f"{ATTACK} > Phone Provider Protection",
    needs=NEEDS,
    applies=needs.sends_by_phone,
)
def phone_provider(case: Case) -> Finding:
    """Whether Auth0 watches for messages that only cost money."""
    if member(_read(case, "phone-provider-protection"), "type"):
        return ok("Auth0 has a policy against messages that only cost money.")
    return warn("Auth0 has no policy against messages that only cost money.")


ENTRIES = (brute_force, suspicious_ip, bot_detection, captcha, phone_provider)
