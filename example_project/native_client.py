"""A native app in the terminal: it signs somebody in at Auth0 by itself, and calls the site's API.

It is a public client, which holds no secret: Auth0's "Native" application type, with the grants
Passwordless OTP and Refresh Token (Auth0: Embedded Passwordless Login, Native). A real app keeps
its tokens in the keychain; this one forgets them when it ends.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

OTP_GRANT = "http://auth0.com/oauth/grant-type/passwordless/otp"
SCOPE = "openid profile offline_access read:account"
TIMEOUT = 20


class Refused(Exception):
    """Auth0 said no; the words are its error code."""


@dataclass
class Tokens:
    """What a sign-in gave; never printed."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)


class NativeApp:
    """Signs in at ``auth0``, an origin, as the application ``client_id``, for one API."""

    def __init__(self, auth0: str, client_id: str, audience: str) -> None:
        self.auth0 = auth0 if "://" in auth0 else f"https://{auth0}"
        self.client_id = client_id
        self.audience = audience
        self.http = requests.Session()

    def ask_for_code(self, email: str) -> None:
        """Have a code mailed."""
        self._post("/passwordless/start", connection="email", send="code", email=email)

    def sign_in(self, email: str, code: str) -> Tokens:
        """Exchange the code for tokens."""
        return self._tokens(
            grant_type=OTP_GRANT,
            realm="email",
            username=email,
            otp=code,
            scope=SCOPE,
            audience=self.audience,
        )

    def refresh(self, tokens: Tokens) -> Tokens:
        """Exchange the refresh token for new ones; where it rotates, the old one is over."""
        if tokens.refresh_token is None:
            raise Refused("no_refresh_token")
        new = self._tokens(grant_type="refresh_token", refresh_token=tokens.refresh_token)
        return Tokens(new.access_token, new.refresh_token or tokens.refresh_token)

    def call(self, url: str, tokens: Tokens) -> requests.Response:
        """Call the site's API."""
        headers = {"Authorization": f"Bearer {tokens.access_token}"}
        return self.http.get(url, headers=headers, timeout=TIMEOUT)

    def _tokens(self, **fields: str) -> Tokens:
        answer = self._post("/oauth/token", **fields)
        return Tokens(answer["access_token"], answer.get("refresh_token"))

    def _post(self, path: str, **fields: str) -> Any:
        body = {"client_id": self.client_id, **fields}
        answer = self.http.post(f"{self.auth0}{path}", json=body, timeout=TIMEOUT)
        if not answer.ok:
            # A real app opens the browser at /authorize for "mfa_required" and
            # "requires_verification": both need more than this one has.
            raise Refused(answer.json().get("error", answer.status_code))
        return answer.json()


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    app = NativeApp(options.auth0, options.client_id, options.audience)
    try:
        app.ask_for_code(options.email)
        code = input(f"The code that was sent to {options.email}: ").strip()
        tokens = app.sign_in(options.email, code)
        show(app.call(options.api, tokens))
        if options.refresh:
            show(app.call(options.api, app.refresh(tokens)))
    except Refused as refusal:
        print(f"Auth0 said no: {refusal}")
        return 1
    finally:
        app.http.close()
    return 0


def show(response: requests.Response) -> None:
    print(f"{response.status_code} {response.text}", flush=True)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Sign in as a native app does, and call the API.")
    parser.add_argument("email")
    for name, variable, default in (
        ("--auth0", "AUTH0_DOMAIN", "http://127.0.0.1:8400"),
        ("--client-id", "NATIVE_CLIENT_ID", "local-native-client-id"),
        ("--audience", "API_AUDIENCE", "https://api.local.example/"),
        ("--api", "API_URL", "http://127.0.0.1:8000/api/account/"),
    ):
        usual = os.environ.get(variable, default)
        parser.add_argument(name, default=usual, help=f"{variable}, else {default}")
    parser.add_argument("--refresh", action="store_true", help="refresh the token, and call again")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
