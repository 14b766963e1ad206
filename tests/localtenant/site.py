"""A site's side of the wire, as plain as can be."""

from __future__ import annotations

from typing import Any

import jwt
import requests

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.clients.client import OTP_GRANT

ANN = "ann@example.com"
NUMBER = "+4915112345678"


class Site:
    """Calls the tenant with the credentials of its default application."""

    def __init__(self, tenant: LocalTenant) -> None:
        self.tenant = tenant
        self.session = requests.Session()
        self.session.trust_env = False
        if tenant.base_url.startswith("https"):
            self.session.verify = tenant.ca_file

    @property
    def credentials(self) -> dict[str, Any]:
        return {"client_id": self.tenant.client_id, "client_secret": self.tenant.client_secret}

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.call("GET", path, **options)

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        options.setdefault("timeout", 20)
        options.setdefault("allow_redirects", False)
        return self.session.request(method, self.tenant.base_url + path, **options)

    def post_start(self, body: dict[str, Any], **options: Any) -> requests.Response:
        """Start with the credentials and ``body``; members of ``...`` are left out."""
        merged = {**self.credentials, **body}
        kept = {name: value for name, value in merged.items() if value is not ...}
        return self.call("POST", "/passwordless/start", json=kept, **options)

    def start(self, email: str = ANN, **body: Any) -> requests.Response:
        return self.post_start({"connection": "email", "email": email, "send": "code", **body})

    def start_sms(self, number: str = NUMBER, **body: Any) -> requests.Response:
        return self.post_start({"connection": "sms", "phone_number": number, **body})

    def token(self, **fields: Any) -> requests.Response:
        merged = {**self.credentials, **fields}
        kept = {name: value for name, value in merged.items() if value is not ...}
        return self.call("POST", "/oauth/token", data=kept)

    def exchange(self, otp: str, username: str = ANN, **fields: Any) -> requests.Response:
        realm = "sms" if username.startswith("+") else "email"
        grant = {"grant_type": OTP_GRANT, "realm": realm, "username": username, "otp": otp}
        return self.token(**{"scope": "openid profile email", **grant, **fields})

    def code(self, email: str = ANN) -> str:
        """Ask for a code and return it."""
        self.start(email)
        return str(self.tenant.inbox.latest(email).code)

    def sign_in(self, email: str = ANN, **fields: Any) -> dict[str, Any]:
        """Return the claims of a whole sign-in."""
        answer = self.exchange(self.code(email), email, **fields)
        assert answer.status_code == 200, answer.text
        return self.claims(answer.json()["id_token"])

    def claims(self, token: str) -> dict[str, Any]:
        """Verify an ID token by the published keys."""
        keys = self.get("/.well-known/jwks.json").json()
        key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]
        return jwt.decode(
            token,
            key,
            ["RS256", "PS256"],
            audience=self.tenant.client_id,
            issuer=self.tenant.issuer,
        )


def wrong(code: str) -> str:
    """Return a code that is not this one."""
    return str((int(code) + 1) % 10 ** len(code)).zfill(len(code))


def refusal(answer: requests.Response) -> tuple[int, str, str]:
    """Return status, error and description."""
    body = answer.json()
    return answer.status_code, body["error"], body.get("error_description", "")
