"""The passwordless connections, and the applications that they are on for."""

from __future__ import annotations

from typing import Any

from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.switches import Switches

from .access import not_found, reads, scopes

MOST = 100
#: What the options hold of whoever sends text messages.
SENDERS: dict[str, dict[str, str]] = {
    "twilio": {
        "provider": "twilio",
        "twilio_sid": "AC0",
        "twilio_token": "local-twilio-token",
        "messaging_service_sid": "MG0",
    },
    "sms_gateway": {"provider": "sms_gateway", "gateway_url": "https://sms.example/"},
    "none": {},
}


@reads("read:connections")
def connections(call: Call) -> list[dict[str, Any]]:
    """GET /api/v2/connections?strategy=…; ``options`` only for ``read:connections_options``."""
    strategy = call.request.args.get("strategy")
    names = [name for name in _names(call) if strategy in (None, name)]
    has_options = "read:connections_options" in scopes(call)
    return [_connection(call, name, has_options) for name in names]


def _names(call: Call) -> list[str]:
    return call.state.switches.connections.split()


def _connection(call: Call, name: str, has_options: bool) -> dict[str, Any]:
    document: dict[str, Any] = {"id": f"con_{name}", "name": name, "strategy": name}
    if has_options:
        document["options"] = _options(call.state.switches, name)
    return document


def _options(switches: Switches, name: str) -> dict[str, Any]:
    common = {
        "totp": {"length": switches.code_length, "time_step": switches.code_lifetime},
        "disable_signup": not switches.sign_ups,
        "brute_force_protection": switches.connection_brute_force,
    }
    if name == "email":
        body = f"{switches.mail_template} {switches.mail_link or ''}".strip()
        mail = {"from": switches.mail_from, "subject": "Your code", "body": body}
        return {**common, "email": {**mail, "syntax": "liquid"}}
    text = {"template": switches.sms_template, "syntax": "liquid"}
    return {**common, **SENDERS[switches.sms_provider], **text}


@reads("read:connections")
def connection_clients(call: Call) -> dict[str, Any]:
    """GET /api/v2/connections/{id}/clients: a page of ``take``, and the ``next`` one."""
    name = call.arguments["connection_id"].removeprefix("con_")
    if name not in _names(call):
        raise not_found("connection")
    known = call.state.clients.known.values()
    ids = [client.client_id for client in known if name in client.connections]
    begin = call.request.args.get("from", 0, type=int)
    end = begin + min(call.request.args.get("take", 50, type=int), MOST)
    page = {"clients": [{"client_id": client_id} for client_id in ids[begin:end]]}
    return {**page, "next": str(end)} if end < len(ids) else page


ENDPOINTS: dict[str, View] = {
    "/api/v2/connections": connections,
    "/api/v2/connections/<connection_id>/clients": connection_clients,
}
