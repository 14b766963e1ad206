"""The site under test: nothing comes from the environment, and nothing is kept."""

from __future__ import annotations

from example.settings import *  # noqa: F403
from example.settings import DATABASES, PWDLESS

SECRET_KEY = "only-for-tests"
DATABASES["default"]["NAME"] = ":memory:"
STAFF_EMAILS = ["staff@example.com"]
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False

# No test reaches it: ``sign_in`` asks nobody, and ``pwdless_tenant`` puts itself in its place.
PWDLESS.update(DOMAIN="tenant.example", CLIENT_ID="client", CLIENT_SECRET="secret")
PWDLESS.update(METHODS=["email-code"], CUSTOMIZE_MFA=False, API_AUDIENCE="https://api.example")
