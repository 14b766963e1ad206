"""Attack protection: who is slowed down or asked for a CAPTCHA."""

from __future__ import annotations

from typing import Any

from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.endpoint_call import Call, View

from .access import NO_ENTITLEMENT, reads

PLACE = "/api/v2/attack-protection"
#: Auth0's own attempts and milliseconds between two more.
STAGES = {
    "pre-login": {"max_attempts": 100, "rate": 864000},
    "pre-user-registration": {"max_attempts": 50, "rate": 1200},
}


@reads("read:attack_protection")
def brute_force(call: Call) -> dict[str, Any]:
    """GET …/brute-force-protection."""
    limit = call.state.switches.brute_force_limit
    return {
        "enabled": limit > 0,
        "mode": "count_per_identifier_and_ip",
        "max_attempts": limit or 10,
        "allowlist": [],
    }


@reads("read:attack_protection")
def suspicious_ip(call: Call) -> dict[str, Any]:
    """GET …/suspicious-ip-throttling."""
    return {"enabled": call.state.switches.suspicious_ip, "allowlist": [], "stage": STAGES}


@reads("read:attack_protection")
def bot_detection(call: Call) -> dict[str, Any]:
    """GET …/bot-detection; not on every plan."""
    _check_plan(call)
    policy = "always" if call.state.switches.bot_detection else "never"
    return {"challenge_passwordless_policy": policy, "allowlist": []}


@reads("read:attack_protection")
def captcha(call: Call) -> dict[str, Any]:
    """GET …/captcha; not on every plan."""
    _check_plan(call)
    return {"active_provider_id": "auth_challenge"}


@reads("read:attack_protection")
def phone_provider_protection(call: Call) -> dict[str, Any]:
    """GET …/phone-provider-protection."""
    return {"type": "default"}


def _check_plan(call: Call) -> None:
    if not call.state.switches.plan_features:
        raise Refusal(NO_ENTITLEMENT)


ENDPOINTS: dict[str, View] = {
    f"{PLACE}/brute-force-protection": brute_force,
    f"{PLACE}/suspicious-ip-throttling": suspicious_ip,
    f"{PLACE}/bot-detection": bot_detection,
    f"{PLACE}/captcha": captcha,
    f"{PLACE}/phone-provider-protection": phone_provider_protection,
}
