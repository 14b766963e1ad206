"""What the Dashboard holds that a login does not show: the Management API tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


def switch(default: Any, meaning: str) -> Any:
    """Return a field whose ``meaning`` the switches page tells."""
    return field(default=default, metadata={"meaning": meaning})


@dataclass
class Dashboard:
    """Settings of the application, the connections and the tenant, as a site should have them."""

    app_type: str = switch("regular_web", "The application's type.")
    forwarded_for_trusted: bool = switch(
        True, '"Trust Token Endpoint IP Header": auth0-forwarded-for counts.'
    )
    oidc_conformant: bool = switch(True, "The application is OIDC Conformant.")
    first_party: bool = switch(True, "The application is a first-party one.")
    cross_origin: bool = switch(False, "Cross-Origin Authentication is on.")
    organizations: str = switch("deny", "Whether people sign in as members of organizations.")
    demands_dpop: bool = switch(False, "The application's tokens must be bound by DPoP.")
    refresh_rotation: bool = switch(True, "Refresh tokens rotate.")
    refresh_leeway: int = switch(30, "Seconds that a rotated refresh token still works.")
    refresh_lifetime: int = switch(2592000, "Seconds that all refresh tokens of a login last.")
    refresh_idle_lifetime: int = switch(1296000, "Seconds that an unused refresh token lasts.")
    mfa_on_refresh: bool = switch(False, "Refreshing asks for a second factor.")
    access_token_lifetime: int = switch(0, "Seconds that access tokens last; 0 is as the API says.")
    connection_brute_force: bool = switch(True, "The connections have brute-force protection.")
    mail_template: str = switch(
        "Your code is {{ code }}. Or open {{ link }}", "The body of the mail."
    )
    mail_from: str = switch("login@mail.example", "The sender of the mail.")
    sms_template: str = switch("Your code is {{ code }}", "The text message.")
    sms_provider: str = switch("twilio", "Who sends text messages.")
    start_needs_client: bool = switch(
        True, "/passwordless/start demands client authentication of confidential applications."
    )
    revoke_deletes_grant: bool = switch(False, "Revoking one refresh token ends all of the person.")
    default_audience: str | None = switch(None, "The API of tokens that name none.")
    default_directory: str | None = switch(None, "The connection of logins that name none.")
    country_codes: str | None = switch(None, "Regions whose numbers Auth0's pages take: DE AT.")
    resource_parameter: str = switch("audience", "The Resource Parameter Profile.")
    identifier_first: bool = switch(True, "The Authentication Profile is Identifier First.")
    universal_login: str = switch("new", "The Universal Login experience.")
    hosted_factors: str = switch("", "Factors that only Auth0's pages can ask for: duo.")
    mfa_policy: str | None = switch(None, "When a second factor is required; none is never.")
    phone_provider: str = switch("twilio", "Who sends the second factor to phones.")
    mail_provider: bool = switch(True, "Mail goes out by a provider of one's own.")
    suspicious_ip: bool = switch(True, "Suspicious IP Throttling is on.")
    custom_domain: str | None = switch(None, "A custom domain of the tenant.")
    custom_domain_ready: bool = switch(True, "It is verified.")
    api_offline_access: bool = switch(True, "APIs allow refresh tokens.")
    api_user_access: str = switch("allow_all", "Which applications get tokens of people for APIs.")
    api_demands_dpop: bool = switch(False, "APIs want tokens bound by DPoP.")
    log_events: str = switch("", "What the tenant's log holds: limit_wc api_limit.")
    plan_features: bool = switch(True, "The plan has Bot Detection; no answers 403.")
    management_limit: int = switch(
        2, "Calls a second of the Management API, as on the Free plan; 0 for no limit."
    )


#: The switches whose values have names.
DASHBOARD_CHOICES: dict[str, tuple[str, ...]] = {
    "app_type": ("regular_web", "spa", "native", "non_interactive"),
    "organizations": ("deny", "allow", "require"),
    "sms_provider": ("twilio", "sms_gateway", "none"),
    "resource_parameter": ("audience", "compatibility"),
    "universal_login": ("new", "classic"),
    "mfa_policy": ("all-applications", "confidence-score"),
    "phone_provider": ("twilio", "phone-message-hook", "auth0", "none"),
    "api_user_access": ("allow_all", "require_client_grant", "deny_all"),
}
