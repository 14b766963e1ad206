"""What the owner of a site is told."""

from __future__ import annotations

import pytest
import responses

from django_pwdless import exceptions as exc
from django_pwdless.auth0 import Auth0Client
from tests.auth0.calls import error_of

Tenant = responses.RequestsMock
GRANT = "Grant type 'http://auth0.com/oauth/grant-type/passwordless/otp' not allowed."
HINTS: list[tuple[str, str, str]] = [
    ("invalid_client", "", "CLIENT_SECRET"),
    ("unauthorized_client", GRANT, "Passwordless OTP"),
    ("unauthorized_client", "Client authentication is required.", "CLIENT_SECRET"),
    ("unauthorized", "Client authentication is required.", "CLIENT_SECRET"),
    ("access_denied", "Unauthorized", "CLIENT_SECRET"),
    ("access_denied", "Service not found: https://api.example", "AUDIENCE"),
    ("bad.connection", "Connection is disabled", "off for this application"),
    ("bad.connection", "Connection does not exist", "does not exist"),
    ("bad.tenant", "", "DOMAIN"),
    ("bad.client_id", "", "CLIENT_ID"),
    ("unsupported_grant_type", "", "DOMAIN"),
    ("invalid_request", "Invalid audience", "AUDIENCE"),
    ("invalid_request", "Missing required parameter", "report it"),
    ("bad.something_new", "", "report it"),
]


@pytest.mark.parametrize(("error", "text", "word"), HINTS)
def test_misconfiguration_names_what_to_change(
    tenant: Tenant, client: Auth0Client, error: str, text: str, word: str
) -> None:
    body = {"error": error, "error_description": text}
    found = error_of(tenant, "exchange_otp", client, status=403, json=body)
    assert isinstance(found, exc.Misconfigured)
    assert word in found.hint
