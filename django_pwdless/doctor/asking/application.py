"""The application as the Dashboard has it: asked for once, and only the fields that are known."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django_pwdless.conf import conf
from django_pwdless.doctor.line import CannotTell

from .management import Management, member

#: Never ``client_secret``, which the scope ``read:client_keys`` would tell.
FIELDS = (
    *("app_type", "token_endpoint_auth_method", "client_authentication_methods", "grant_types"),
    *("callbacks", "allowed_logout_urls", "is_token_endpoint_ip_header_trusted"),
    *("oidc_conformant", "is_first_party", "cross_origin_authentication", "jwt_configuration"),
    *("refresh_token", "oidc_logout", "organization_usage", "require_proof_of_possession"),
)


def application(management: Management) -> dict[str, Any]:
    """Return the application's known fields; raise ``CannotTell``."""
    document = management.read(
        f"/clients/{quote(conf.CLIENT_ID, safe='')}",
        "read:clients",
        fields=",".join(FIELDS),
        include_fields="true",
    )
    if not isinstance(document, dict):
        raise CannotTell("The tenant has no application of this CLIENT_ID: see secret.")
    return document


def field(management: Management, *names: str) -> Any:
    """Return one field of the application; raise ``CannotTell`` where it is missing."""
    return member(application(management), *names)


def words(management: Management, name: str) -> list[str]:
    """Return a field that is a list of strings."""
    found = field(management, name)
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise CannotTell(f"The Management API says nothing of {name}.")
    return found
