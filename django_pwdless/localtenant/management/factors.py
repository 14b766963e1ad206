"""Second factors: which there are, when they are asked for, who sends them."""

from __future__ import annotations

from typing import Any

from django_pwdless.localtenant.endpoint_call import Call, View

from .access import reads

FACTORS = (
    *("sms", "push-notification", "email", "duo", "otp"),
    *("webauthn-roaming", "webauthn-platform", "recovery-code"),
)
HOSTED = ("duo", "webauthn-roaming", "webauthn-platform")


@reads("read:guardian_factors")
def factors(call: Call) -> list[dict[str, Any]]:
    """GET /api/v2/guardian/factors."""
    return [{"name": name, "enabled": _is_enabled(call, name)} for name in FACTORS]


def _is_enabled(call: Call, name: str) -> bool:
    switches = call.state.switches
    if name in HOSTED:
        return name in switches.hosted_factors.split()
    if name == "recovery-code":
        return switches.recovery_codes
    if name == "sms":
        return bool(_channels(call))
    return name not in switches.disabled_factors.split()


def _channels(call: Call) -> list[str]:
    off = call.state.switches.disabled_factors.split()
    return [name for name in ("sms", "voice") if name not in off]


@reads("read:mfa_policies")
def policies(call: Call) -> list[str]:
    """GET /api/v2/guardian/policies."""
    policy = call.state.switches.mfa_policy
    return [policy] if policy else []


@reads("read:guardian_factors")
def phone_provider(call: Call) -> dict[str, Any]:
    """GET /api/v2/guardian/factors/phone/selected-provider."""
    name = call.state.switches.phone_provider
    return {"provider": None if name == "none" else name}


@reads("read:guardian_factors")
def message_types(call: Call) -> dict[str, Any]:
    """GET /api/v2/guardian/factors/phone/message-types."""
    return {"message_types": _channels(call)}


@reads("read:phone_providers")
def phone_providers(call: Call) -> dict[str, Any]:
    """GET /api/v2/branding/phone/providers."""
    provider = {"name": "twilio", "disabled": False, "configuration": {"sid": "AC0"}}
    has_one = call.state.switches.phone_provider != "none"
    return {"providers": [provider] if has_one else []}


ENDPOINTS: dict[str, View] = {
    "/api/v2/guardian/factors": factors,
    "/api/v2/guardian/policies": policies,
    "/api/v2/guardian/factors/phone/selected-provider": phone_provider,
    "/api/v2/guardian/factors/phone/message-types": message_types,
    "/api/v2/branding/phone/providers": phone_providers,
}
