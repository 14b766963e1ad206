"""Applications and APIs, and which application may use which API."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from django_pwdless.localtenant.clients.api import Api
from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.endpoint_call import Call, View

from .access import not_found, reads, scopes

URL_FIELDS = {"callbacks": "callbacks", "allowed_logout_urls": "logout_urls"}
METHODS = {"secret": "client_secret_post", "private_key": None, "public": "none"}


@reads("read:clients")
def application(call: Call) -> dict[str, Any]:
    """GET /api/v2/clients/{id}; the secret only for ``read:client_keys``."""
    client = call.state.clients.known.get(call.arguments["client_id"])
    if client is None:
        raise not_found("client")
    secret = {"client_secret": client.secret} if "read:client_keys" in scopes(call) else {}
    return {**_identity(client), **_urls(client), **_switched(call), **secret}


def _identity(client: Client) -> dict[str, Any]:
    document: dict[str, Any] = {
        "client_id": client.client_id,
        "name": "Local application",
        "token_endpoint_auth_method": METHODS[client.kind],
        "grant_types": sorted(client.grants),
    }
    if client.kind == "private_key":
        credentials = [{"id": "cred_local"}]
        methods = {"private_key_jwt": {"credentials": credentials}}
        document["client_authentication_methods"] = methods
    return document


def _urls(client: Client) -> dict[str, Any]:
    """Return the lists of URLs; that any on this machine will do has no words at Auth0."""
    listed = {name: getattr(client, field) for name, field in URL_FIELDS.items()}
    allowed = {name: urls for name, urls in listed.items() if urls is not None}
    told = [client.backchannel_logout_url] if client.backchannel_logout_url else []
    return {**allowed, "oidc_logout": {"backchannel_logout_urls": told}}


def _switched(call: Call) -> dict[str, Any]:
    switches = call.state.switches
    return {
        "app_type": switches.app_type,
        "is_token_endpoint_ip_header_trusted": switches.forwarded_for_trusted,
        "oidc_conformant": switches.oidc_conformant,
        "is_first_party": switches.first_party,
        "cross_origin_authentication": switches.cross_origin,
        "organization_usage": switches.organizations,
        "require_proof_of_possession": switches.demands_dpop,
        "jwt_configuration": {
            "alg": switches.algorithm,
            "lifetime_in_seconds": switches.id_token_lifetime,
        },
        "refresh_token": {
            "rotation_type": "rotating" if switches.refresh_rotation else "non-rotating",
            "leeway": switches.refresh_leeway,
            "token_lifetime": switches.refresh_lifetime,
            "idle_token_lifetime": switches.refresh_idle_lifetime,
            "infinite_token_lifetime": False,
        },
    }


@reads("read:client_grants")
def client_grants(call: Call) -> list[dict[str, Any]]:
    """GET /api/v2/client-grants: which APIs an application may call for itself."""
    client = call.state.clients.known.get(call.request.args.get("client_id", ""))
    granted = client.api_scopes if client else {}
    return [
        {"id": f"cgr_{number}", "audience": audience, "scope": list(scope)}
        for number, (audience, scope) in enumerate(granted.items())
    ]


@reads("read:resource_servers")
def resource_server(call: Call) -> dict[str, Any]:
    """GET /api/v2/resource-servers/{identifier}."""
    identifier = unquote(call.arguments["identifier"])
    api = call.state.apis.find(identifier)
    if api is None and not call.state.switches.unknown_audiences:
        raise not_found("resource_server")
    return _api(call, api or Api(identifier))


def _api(call: Call, api: Api) -> dict[str, Any]:
    switches = call.state.switches
    return {
        "identifier": api.identifier,
        "signing_alg": api.algorithm,
        "token_dialect": api.dialect,
        "token_lifetime": api.lifetime,
        "enforce_policies": api.has_permissions,
        "allow_offline_access": switches.api_offline_access,
        "skip_consent_for_verifiable_first_party_clients": True,
        "subject_type_authorization": {"user": {"policy": switches.api_user_access}},
        "proof_of_possession": {"required": switches.api_demands_dpop},
    }


ENDPOINTS: dict[str, View] = {
    "/api/v2/clients/<client_id>": application,
    "/api/v2/client-grants": client_grants,
    "/api/v2/resource-servers/<path:identifier>": resource_server,
}
