"""One application registered at the tenant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django_pwdless.localtenant.loopback import is_local_url
from django_pwdless.localtenant.signing.keys import KeyRing

OTP_GRANT = "http://auth0.com/oauth/grant-type/passwordless/otp"
MACHINE_GRANT = "client_credentials"
MFA_GRANT = "http://auth0.com/oauth/grant-type/mfa-"
MFA_GRANTS = frozenset(MFA_GRANT + kind for kind in ("otp", "oob", "recovery-code"))
REFRESH_GRANT = "refresh_token"
GRANTS = frozenset({OTP_GRANT, "authorization_code", REFRESH_GRANT, *MFA_GRANTS})
#: Those of a new application are :data:`GRANTS`.
KNOWN_GRANTS = GRANTS | {MACHINE_GRANT, "implicit", "password"}
CONNECTIONS = frozenset({"email", "sms"})
KINDS = ("secret", "private_key", "public")

#: Keys of applications, made once a process.
RING = KeyRing()


@dataclass
class Client:
    """One application.

    ``kind`` is ``secret``, ``private_key`` or ``public``. ``callbacks`` and ``logout_urls`` of
    ``None`` allow any URL on this machine; logout tokens go to ``backchannel_logout_url``, if any.
    ``private_key`` is a PEM, kept so that a test can hand it to the site as
    ``CLIENT_ASSERTION_KEY``. ``api_scopes`` are the scopes that it may have for itself, by the
    API's identifier (client grants).
    """

    client_id: str
    kind: str = "secret"
    secret: str | None = None
    public_key: bytes | None = None
    private_key: str | None = None
    grants: set[str] = field(default_factory=lambda: set(GRANTS))
    connections: set[str] = field(default_factory=lambda: set(CONNECTIONS))
    callbacks: list[str] | None = None
    logout_urls: list[str] | None = None
    backchannel_logout_url: str | None = None
    api_scopes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    used_jtis: set[str] = field(default_factory=set)

    def to_wire(self) -> dict[str, Any]:
        """Return what the control API shows, the secret or private key with it."""
        names = (
            *("client_id", "kind", "secret", "private_key", "callbacks", "logout_urls"),
            "backchannel_logout_url",
        )
        sets = {name: sorted(getattr(self, name)) for name in ("grants", "connections")}
        return {**{name: getattr(self, name) for name in names}, **sets}

    @property
    def is_confidential(self) -> bool:
        """Whether the client has something to authenticate with."""
        return self.kind != "public"

    def allows_callback(self, url: str) -> bool:
        """Return whether ``url`` is among the Allowed Callback URLs, exactly."""
        return is_local_url(url) if self.callbacks is None else url in self.callbacks

    def allows_logout(self, url: str) -> bool:
        """Return whether ``url`` is allowed after logout; query and fragment do not count."""
        bare = url.partition("#")[0].partition("?")[0]
        return is_local_url(bare) if self.logout_urls is None else bare in self.logout_urls


def new_client(kind: str, client_id: str, secret: str) -> Client:
    """Return an application; raise ValueError for a kind there is not."""
    if kind not in KINDS:
        raise ValueError(f"no kind of client {kind!r}; there are {', '.join(KINDS)}")
    if kind == "secret":
        return Client(client_id, kind, secret=secret)
    if kind == "private_key":
        key = RING[0]
        return Client(
            client_id, kind, public_key=key.public_pem, private_key=key.private_pem.decode()
        )
    return Client(client_id, kind)
