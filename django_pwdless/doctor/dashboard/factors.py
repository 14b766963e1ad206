"""Second factors: which are on, when they are asked for, and who sends them."""

from __future__ import annotations

from django_pwdless.conf import conf
from django_pwdless.doctor import needs
from django_pwdless.doctor.asking.management import member, objects
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import CannotTell, Finding, ok, warn, wrong
from django_pwdless.doctor.places import MFA, PHONE_PROVIDER

NEEDS = ("management.token",)
#: Our names of factors by Auth0's.
NAMES = {
    "sms": "phone",
    "push-notification": "push-notification",
    "email": "email",
    "otp": "otp",
    "recovery-code": "recovery-code",
}
HOSTED = ("duo", "webauthn-roaming", "webauthn-platform")
FACTORS = f"{MFA} > Factors"
POLICIES = {"all-applications": "always", "confidence-score": "when Auth0 finds a login risky"}


def _enabled(case: Case) -> list[str]:
    found = case.management.read("/guardian/factors", "read:guardian_factors")
    listed = objects(found, "factors")
    return [str(each.get("name")) for each in listed if each.get("enabled") is True]


def _policy(case: Case) -> str:
    """Return when a second factor is asked for; empty for never."""
    found = case.management.read("/guardian/policies", "read:mfa_policies")
    if not isinstance(found, list):
        raise CannotTell("The Management API says nothing of policies.")
    return next((name for name in POLICIES if name in found), "")


@entry(
    "factors",
    where=FACTORS,
    setting="MFA_ENROLL_FACTORS",
    needs=NEEDS,
    applies=needs.second_factors,
)
def factors(case: Case) -> Finding:
    """What people may set up on our pages is on."""
    enabled = {NAMES[name] for name in _enabled(case) if name in NAMES}
    off = [name for name in conf.MFA_ENROLL_FACTORS if name not in enabled]
    if off:
        return wrong(f"MFA_ENROLL_FACTORS offers {', '.join(off)}, off at Auth0.")
    return ok("What MFA_ENROLL_FACTORS offers is on.")


@entry(
    "factors.unsupported",
    where=FACTORS,
    setting="MFA_FACTORS",
    needs=NEEDS,
    applies=needs.second_factors,
)
def unsupported(case: Case) -> Finding:
    """Whoever has set up a factor elsewhere can answer it here."""
    on = [NAMES[name] for name in _enabled(case) if name in NAMES]
    missing = [name for name in on if name not in conf.MFA_FACTORS]
    if missing:
        return warn(f"{', '.join(missing)} is on at Auth0, and not in MFA_FACTORS.")
    return ok("Each factor that is on is in MFA_FACTORS.")


@entry(
    "factors.hosted", where=FACTORS, setting="METHODS", needs=NEEDS, applies=needs.second_factors
)
def hosted(case: Case) -> Finding:
    """Security keys and Duo are asked for by Auth0's own pages only."""
    on = [name for name in _enabled(case) if name in HOSTED]
    if on:
        return warn(f"Only Auth0's own pages can ask for {', '.join(on)}.")
    return ok("No factor is on that only Auth0's own pages can ask for.")


@entry("factors.policy", where=f"{MFA} > Define policies", setting="CUSTOMIZE_MFA", needs=NEEDS)
def policy(case: Case) -> Finding:
    """People who are asked for a second factor have a page to answer it on."""
    found = _policy(case)
    if not found:
        return ok("A second factor is asked for by Actions only.")
    if not (conf.CUSTOMIZE_MFA or needs.universal()):
        return wrong(
            f"A second factor is asked for {POLICIES[found]}, and no page can: turn on "
            'CUSTOMIZE_MFA, or add "universal" to METHODS.'
        )
    return ok(f"A second factor is asked for {POLICIES[found]}.")


@entry(
    "factors.phone", where=FACTORS, setting="MFA_ENROLL_FACTORS", needs=NEEDS, applies=needs.phones
)
def phone(case: Case) -> Finding:
    """Texts and calls are both ways to send a code."""
    path = "/guardian/factors/phone/message-types"
    types = member(case.management.read(path, "read:guardian_factors"), "message_types")
    if isinstance(types, list) and {"sms", "voice"} <= set(types):
        return ok("Codes go by text and by call.")
    return warn("Codes do not go by text and by call both, which our page offers.")


@entry(
    "provider.phone", where=PHONE_PROVIDER, setting="MFA_FACTORS", needs=NEEDS, applies=needs.phones
)
def phone_provider(case: Case) -> Finding:
    """Somebody sends the texts and makes the calls."""
    path = "/guardian/factors/phone/selected-provider"
    try:
        provider = member(case.management.read(path, "read:guardian_factors"), "provider")
    except CannotTell:
        found = case.management.read("/branding/phone/providers", "read:phone_providers")
        provider = member(found, "providers")
    if provider:
        return ok("The second factor by phone has a provider.")
    return wrong("Nobody sends the second factor to phones: set up a provider.")


ENTRIES = (factors, unsupported, hosted, policy, phone, phone_provider)
