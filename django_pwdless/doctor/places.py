"""Where things are in Auth0's Dashboard, as the log and the documentation call them."""

from __future__ import annotations

from django_pwdless.auth0.http.misconfiguration import APPLICATION, GRANT_TYPES

SETTINGS = f"{APPLICATION} > Settings"
DOMAIN = f"{SETTINGS} > Domain"
CREDENTIALS = f"{APPLICATION} > Credentials"
CALLBACKS = f"{SETTINGS} > Allowed Callback URLs"
LOGOUT_URLS = f"{SETTINGS} > Allowed Logout URLs"
APPLICATION_TYPE = f"{SETTINGS} > Application Type"
REFRESH = f"{SETTINGS} > Refresh Token Rotation"
OAUTH = f"{SETTINGS} > Advanced Settings > OAuth"
FORWARDED_FOR = f"{OAUTH} > Trust Token Endpoint IP Header"
CROSS_ORIGIN = f"{SETTINGS} > Cross-Origin Authentication"
ORGANIZATIONS = f"{APPLICATION} > Organizations"
API_ACCESS = f"{APPLICATION} > APIs"
PROFILE = "Authentication > Authentication Profile > Identifier First"
PASSWORDLESS = "Authentication > Passwordless"
EMAIL = f"{PASSWORDLESS} > Email"
SMS = f"{PASSWORDLESS} > SMS"
APIS = "Applications > APIs"
MFA = "Security > Multi-factor Auth"
ATTACK = "Security > Attack Protection"
MAIL_PROVIDER = "Branding > Email Provider"
PHONE_PROVIDER = "Branding > Phone Provider"
UNIVERSAL_LOGIN = "Branding > Universal Login"
CUSTOM_DOMAINS = "Branding > Custom Domains"
TENANT = "Settings > General"
TENANT_ADVANCED = "Settings > Advanced"
ACTIONS = "Actions > Triggers > post-login"
LOGS = "Monitoring > Logs"

__all__ = ["APPLICATION", "GRANT_TYPES"]
