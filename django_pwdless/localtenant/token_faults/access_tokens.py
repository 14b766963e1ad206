"""Access tokens that an API must not take, and other tokens in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django_pwdless.localtenant.signing.unsigned_token import UnsignedToken

from .claims import ABSENT, CLAIM_FAULTS, OTHER, claiming, deriving
from .shapes import SHAPE_FAULTS
from .signatures import SIGNATURE_FAULTS

Fault = Callable[[UnsignedToken], Any]

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

#: What is wrong only with an ID token, or cannot stand in a header.
_NOT_HERE = frozenset(
    {
        *("no_nonce", "wrong_nonce", "empty_nonce", "nonce_not_string"),
        *("email_verified_string", "email_verified_number", "email_not_string", "email_null"),
        *("aud_list_without_azp", "aud_list_wrong_azp", "aud_list_with_azp", "aud_list_of_one"),
        *("wrong_azp", "missing", "number", "list", "object", "not_ascii"),
    }
)


def _typed(typ: Any) -> Fault:
    """Return a fault of the header's ``typ``."""

    def fault(unsigned: UnsignedToken) -> str:
        unsigned.header["typ"] = typ
        return unsigned.sign()

    return fault


def id_token(unsigned: UnsignedToken) -> str:
    """An ID token of the same login."""
    client = unsigned.claims.get("azp", unsigned.claims.get("client_id"))
    dropped = dict.fromkeys(("scope", "permissions", "azp", "client_id"), ABSENT)
    return claiming(aud=client, sid="a-session", **dropped)(unsigned)


def logout_token(unsigned: UnsignedToken) -> str:
    """A logout token (OpenID Connect Back-Channel Logout 1.0, section 2.4)."""
    unsigned.header["typ"] = "logout+jwt"
    dropped = dict.fromkeys(("scope", "permissions", "azp", "client_id"), ABSENT)
    return claiming(events={LOGOUT_EVENT: {}}, sid="a-session", jti="1", **dropped)(unsigned)


def encrypted(unsigned: UnsignedToken) -> str:
    """A token in five parts, as an API with encryption gets them (RFC 7516)."""
    unsigned.header = {**unsigned.header, "enc": "A256GCM", "cty": "JWT"}
    return f"{unsigned.sign()}.e30.e30"


OWN_FAULTS: dict[str, Fault] = {
    "id_token": id_token,
    "logout_token": logout_token,
    "encrypted": encrypted,
    "typ_of_logout": _typed("logout+jwt"),
    "typ_of_proof": _typed("dpop+jwt"),
    "typ_null": _typed(None),
    "typ_list": _typed(["at+jwt"]),
    "with_nonce": claiming(nonce="n"),
    "with_at_hash": claiming(at_hash="h"),
    "with_c_hash": claiming(c_hash="h"),
    "with_events": claiming(events={}),
    "bound_to_key": claiming(cnf={"jkt": "a-thumbprint"}),
    "bound_to_certificate": claiming(cnf={"x5t#S256": "a-thumbprint"}),
    "on_behalf": claiming(act={"sub": "an-agent@clients"}),
    "another_api": claiming(aud="https://another-api.example"),
    "for_userinfo": deriving(lambda good: {"aud": f"{good['iss']}userinfo"}),
    "for_our_client": deriving(lambda good: {"aud": good.get("azp") or good.get("client_id")}),
    "scope_list": claiming(scope=["read:orders"]),
    "scope_null": claiming(scope=None),
    "scope_number": claiming(scope=7),
    "permissions_string": claiming(permissions="read:orders"),
    "permissions_object": claiming(permissions={"read:orders": True}),
    "permissions_null": claiming(permissions=None),
    "permissions_numbers": claiming(permissions=["read:orders", 7]),
    "azp_number": claiming(azp=7),
    "azp_list": claiming(azp=[OTHER]),
    "azp_null": claiming(azp=None),
    "azp_empty": claiming(azp=""),
    "client_id_number": claiming(client_id=7),
    "two_clients": claiming(azp="one-client", client_id="another-client"),
    "gty_number": claiming(gty=7),
}

ACCESS_TOKEN_FAULTS: dict[str, Fault] = {
    **{
        name: fault
        for name, fault in {**CLAIM_FAULTS, **SIGNATURE_FAULTS, **SHAPE_FAULTS}.items()
        if name not in _NOT_HERE
    },
    **OWN_FAULTS,
}


def spoil_access_token(unsigned: UnsignedToken, name: str) -> Any:
    """Return the access token as the fault ``name`` makes it; raise ValueError for none such."""
    if name not in ACCESS_TOKEN_FAULTS:
        raise ValueError(f"no fault {name!r}; there are {', '.join(ACCESS_TOKEN_FAULTS)}")
    return ACCESS_TOKEN_FAULTS[name](unsigned)
