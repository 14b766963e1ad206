"""Checks of the site's own API, called with access tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from django.core.checks import CheckMessage, Error, Warning

from django_pwdless.checks.settings.values import about
from django_pwdless.conf import conf

# Auth0's own APIs (Auth0: Access Token Profiles, MFA API, My Account API, Management API).
AUTH0_PATHS = ("/userinfo", "/mfa", "/me", "/api/v2")
AUTH0_HOSTS = (".auth0.com", ".auth0app.com")


def is_auth0s(audience: str) -> bool:
    """Whether an identifier is that of an API of Auth0's own, at this tenant or another one."""
    try:
        url, host = urlsplit(audience), urlsplit(audience).hostname or ""
    except ValueError:
        return False
    is_at_auth0 = host.endswith(AUTH0_HOSTS) or host == urlsplit(conf.tenant_url).hostname
    return is_at_auth0 and url.path.rstrip("/").lower() in AUTH0_PATHS


@about("API_AUDIENCE", "CLIENT_ID", "DOMAIN")
def check_api_audience(
    audience: str | Sequence[str] | None, client_id: str, domain: str
) -> Iterator[CheckMessage]:
    """The API is the site's own, whose tokens are made for it and for nothing else."""
    for name in [audience] if isinstance(audience, str) else audience or ():
        if name == client_id:
            yield Error(
                'PWDLESS["API_AUDIENCE"] is the client id. The ID token of any login would pass as '
                "an access token.",
                hint="Write the identifier of your API, from Applications > APIs at Auth0, such as "
                '"API_AUDIENCE": "https://api.example.com".',
                id="pwdless.E090",
            )
        elif is_auth0s(name):
            yield Error(
                f'PWDLESS["API_AUDIENCE"] is {name!r}, an API of Auth0\'s own. Tokens for it are '
                "not made for your site.",
                hint="Write the identifier of your API, from Applications > APIs at Auth0, such as "
                '"API_AUDIENCE": "https://api.example.com".',
                id="pwdless.E091",
            )


@about("API_AUDIENCE", "API_CREATE_USERS", "CREATE_USERS")
def check_api_users(
    audience: str | Sequence[str] | None, api_creates: bool, creates: bool
) -> Iterator[CheckMessage]:
    """A first call has a way to a user where it is meant to make one."""
    if audience and api_creates and not creates:
        yield Warning(
            'PWDLESS["API_CREATE_USERS"] is on, but "CREATE_USERS" is off. The backend\'s '
            "create_user creates no user, so first calls get a 403.",
            hint='Write "CREATE_USERS": True, or remove "API_CREATE_USERS"; or, if your backend '
            "has a create_user of its own, add the id of this check to SILENCED_SYSTEM_CHECKS.",
            id="pwdless.W090",
        )
