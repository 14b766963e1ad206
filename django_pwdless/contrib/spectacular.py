"""How our authentication shows in an OpenAPI document of drf-spectacular."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from django_pwdless.api.answers import SCHEME
from django_pwdless.headless.sessions.callers import SCHEME as SESSION_SCHEME


class BearerScheme(OpenApiAuthenticationExtension):
    """The scheme ``bearerAuth``: an access token of Auth0 in the header."""

    target_class = "django_pwdless.contrib.rest_framework.BearerAuthentication"
    name = "bearerAuth"
    # Else a subclass would be documented as open to all.
    match_subclasses = True

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme's object."""
        return dict(SCHEME)


class SessionTokenScheme(OpenApiAuthenticationExtension):
    """The scheme ``sessionToken``: the session token of a native app in the header."""

    target_class = "django_pwdless.contrib.rest_framework.SessionTokenAuthentication"
    name = "sessionToken"
    match_subclasses = True

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme's object."""
        return dict(SESSION_SCHEME)
