"""Ready-made people who show each path, named on the inbox page; and a native app."""

from __future__ import annotations

from typing import Any

from .clients.client import new_client
from .state import State

#: A public client, for trying what native apps do.
NATIVE_CLIENT_ID = "local-native-client-id"

PEOPLE: tuple[dict[str, Any], ...] = (
    {"email": "ann@example.com", "note": "Signs in by a code or a link, nothing more."},
    {
        "email": "bob@example.com",
        "phone_number": "+12025550101",
        "note": "Has a phone number too: a texted code, or the mailbox.",
    },
    {
        "email": "otto@example.com",
        "factors": ["otp", "recovery-code"],
        "note": "Authenticator app, and a recovery code.",
    },
    {
        "email": "tess@example.com",
        "phone_number": "+12025550102",
        "factors": ["sms", "voice"],
        "note": "A second code, by text or by a call.",
    },
    {"email": "emil@example.com", "factors": ["email"], "note": "A second code by email."},
    {
        "email": "paula@example.com",
        "factors": ["push-notification", "otp"],
        "note": "A push to approve or to deny on the phone.",
    },
    {
        "email": "mia@example.com",
        "phone_number": "+12025550103",
        "factors": ["push-notification", "otp", "sms", "voice", "email", "recovery-code"],
        "note": "Has every factor there is.",
    },
    {"email": "nora@example.com", "mfa": "enroll", "note": "Has to enroll a second factor."},
    {
        "email": "carl@example.com",
        "phone_number": "+12025550104",
        "factors": ["otp", "sms"],
        "mfa_steps": 2,
        "note": "Two second factors, one after the other.",
    },
    {
        "email": "gil@example.com",
        "factors": ["otp"],
        "mfa": "absent",
        "note": "Auth0 does not say which factors it wants.",
    },
    {
        "email": "wanda@example.com",
        "factors": ["webauthn-roaming"],
        "note": "Only a security key, which Auth0's API cannot ask for.",
    },
    {"email": "dan@example.com", "denied": True, "note": "Refused by an Action after the code."},
    {"email": "bea@example.com", "blocked": True, "note": "Blocked: nothing is ever sent."},
)


def add_people(state: State) -> None:
    """Add everybody to ``state``, and a native app beside the website."""
    state.clients.add(new_client("public", NATIVE_CLIENT_ID, ""))
    for person in PEOPLE:
        state.add_person(**person)
