"""Making applications of each kind."""

from __future__ import annotations

from django_pwdless.localtenant.signing.keys import KeyRing

from .clients import KINDS, Client

#: Keys of applications, made once a process.
RING = KeyRing()


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
