"""The tenant as a whole: settings, login pages, domains, mail, Actions and its log."""

from __future__ import annotations

from typing import Any

from django_pwdless.localtenant.endpoint_call import Call, View

from .access import not_found, reads


@reads("read:tenant_settings")
def settings(call: Call) -> dict[str, Any]:
    """GET /api/v2/tenants/settings."""
    switches = call.state.switches
    regions = (switches.country_codes or "").split()
    return {
        "universal_login": {
            "passwordless": {
                "allow_magiclink_verify_without_session": switches.links_without_session
            }
        },
        "flags": {
            "enforce_client_authentication_on_passwordless_start": switches.start_needs_client,
            "revoke_refresh_token_grant": switches.revoke_deletes_grant,
        },
        "default_audience": switches.default_audience or "",
        "default_directory": switches.default_directory or "",
        "session_lifetime": 168,
        "sessions": {"oidc_logout_prompt_enabled": True},
        "oidc_logout": {"rp_logout_end_session_endpoint_discovery": True},
        "customize_mfa_in_postlogin_action": False,
        "allow_organization_name_in_authentication_api": False,
        "phone_consolidated_experience": False,
        "resource_parameter_profile": switches.resource_parameter,
        **({"country_codes": {"mode": "allow", "list": regions}} if regions else {}),
    }


@reads("read:prompts")
def prompts(call: Call) -> dict[str, Any]:
    """GET /api/v2/prompts."""
    switches = call.state.switches
    return {
        "universal_login_experience": switches.universal_login,
        "identifier_first": switches.identifier_first,
    }


@reads("read:email_provider")
def mail_provider(call: Call) -> dict[str, Any]:
    """GET /api/v2/emails/provider; 404 where Auth0's own mailer sends."""
    if not call.state.switches.mail_provider:
        raise not_found("email_provider")
    sender = call.state.switches.mail_from
    return {"name": "smtp", "enabled": True, "default_from_address": sender}


@reads("read:custom_domains")
def custom_domains(call: Call) -> list[dict[str, Any]]:
    """GET /api/v2/custom-domains."""
    switches = call.state.switches
    if not switches.custom_domain:
        return []
    status = "ready" if switches.custom_domain_ready else "pending_verification"
    return [{"domain": switches.custom_domain, "status": status, "primary": True}]


@reads("read:actions")
def bindings(call: Call) -> dict[str, Any]:
    """GET /api/v2/actions/triggers/post-login/bindings."""
    action = {"id": "act_mfa", "display_name": "Ask for multi-factor"}
    return {"bindings": [action] if call.state.switches.mfa_on_request else []}


@reads("read:logs")
def logs(call: Call) -> list[dict[str, Any]]:
    """GET /api/v2/logs: the types of what happened."""
    return [{"type": name} for name in call.state.switches.log_events.split()]


ENDPOINTS: dict[str, View] = {
    "/api/v2/tenants/settings": settings,
    "/api/v2/prompts": prompts,
    "/api/v2/emails/provider": mail_provider,
    "/api/v2/custom-domains": custom_domains,
    "/api/v2/actions/triggers/post-login/bindings": bindings,
    "/api/v2/logs": logs,
}
