"""The second step of a login, as a site takes it."""

from __future__ import annotations

from django_pwdless.localtenant.clients.client import MFA_GRANT

ALL = ["otp", "sms", "voice", "email", "push-notification", "recovery-code"]
MALFORMED = (403, "invalid_grant", "Malformed mfa_token")
EXPIRED = (401, "expired_token", "mfa_token is expired")
PENDING = (
    400,
    "authorization_pending",
    "Authorization pending: please repeat the request in a few seconds.",
)


INVALID = (
    401,
    "invalid_grant",
    "The mfa_token provided is invalid. Try getting a new token.",
)


class Second:
    """The second step of one login."""

    def __init__(self, site, body):
        self.site = site
        self.body = body
        self.token = body["mfa_token"]

    def list(self):
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.site.get("/mfa/authenticators", headers=headers)

    def id_of(self, factor):
        prefix = {"otp": "totp", "push-notification": "push"}.get(factor, factor)
        return next(a["id"] for a in self.list().json() if a["id"].startswith(f"{prefix}|"))

    def challenge(self, factor=None, **fields):
        body = {"mfa_token": self.token, **self.site.credentials, **fields}
        if factor:
            body["authenticator_id"] = self.id_of(factor)
        return self.site.call("POST", "/mfa/challenge", json=body)

    def associate(self, *types, **fields):
        headers = {"Authorization": f"Bearer {self.token}"}
        body = {"authenticator_types": list(types), **fields}
        return self.site.call("POST", "/mfa/associate", json=body, headers=headers)

    def grant(self, kind, **fields):
        return self.site.token(
            **{"grant_type": MFA_GRANT + kind, "mfa_token": self.token, **fields}
        )

    def sent(self):
        return self.site.tenant.inbox.latest()


def claims(site, answer):
    assert answer.status_code == 200, answer.text
    return site.claims(answer.json()["id_token"])


def types_of(body, key="challenge"):
    return [entry["type"] for entry in body["mfa_requirements"][key]]


def mfa_bearer(site, scope, audience=None):
    """Sign in for the MFA API and return the header that speaks to it."""
    audience = audience or f"{site.tenant.issuer}mfa/"
    answer = site.exchange(site.code(), audience=audience, scope=scope)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}
