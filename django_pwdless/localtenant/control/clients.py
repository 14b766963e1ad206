"""The applications over HTTP."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.clients.client import CONNECTIONS, KNOWN_GRANTS
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.loopback import is_local_url

from .fields import text

URLS = ("callbacks", "logout_urls")
CHOICES = {"grants": KNOWN_GRANTS, "connections": CONNECTIONS}


def listing(call: Call) -> Response:
    """GET /_tenant/clients: every application, with its secret or private key."""
    known = call.state.clients.known.values()
    return json_response({"clients": [client.to_wire() for client in known]})


def add(call: Call) -> Response:
    """POST /_tenant/clients: register one, of that ``kind`` and ``client_id``."""
    kind, client_id = text(call.body, "kind") or "secret", text(call.body, "client_id")
    return json_response(call.state.add_client(kind, client_id).to_wire(), 201)


def change(call: Call) -> Response:
    """POST /_tenant/clients/change: ``secret``, ``grants``, ``connections``, URLs of ``client_id``.

    Callbacks and logout URLs that are empty are any on this machine. Logout tokens go to
    ``backchannel_logout_url``, and nowhere while it is empty.
    """
    client = call.state.clients.known.get(text(call.body, "client_id") or "")
    if client is None:
        raise LookupError("no application has that client_id")
    changes = _changes(call)
    for name, value in changes.items():
        setattr(client, name, value)
    return json_response(client.to_wire())


def _changes(call: Call) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if secret := text(call.body, "secret"):
        changes["secret"] = secret
    for name, choices in CHOICES.items():
        if name in call.body:
            changes[name] = _known(set(_words(call, name)), choices)
    for name in URLS:
        if name in call.body:
            changes[name] = _words(call, name) or None
    if "backchannel_logout_url" in call.body:
        changes["backchannel_logout_url"] = _local(text(call.body, "backchannel_logout_url"))
    return changes


def _local(url: str | None) -> str | None:
    """Return an address that logout tokens may go to; raise ValueError for one elsewhere."""
    if url is not None and not is_local_url(url):
        raise ValueError("logout tokens go to this machine only")
    return url


def _words(call: Call, name: str) -> list[str]:
    """Return a list of JSON's, or the fields of a form with that name, blanks between them."""
    given = call.body[name] if call.is_json else call.request.form.getlist(name)
    values = [] if given is None else given
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"{name} must be a list of strings")
    return " ".join(values).split()


def _known(names: set[str], choices: frozenset[str]) -> set[str]:
    if unknown := names - choices:
        raise ValueError(f"there is no {', '.join(sorted(unknown))}")
    return names


VIEWS: dict[str, View] = {
    "GET /_tenant/clients": listing,
    "POST /_tenant/clients": add,
    "POST /_tenant/clients/change": change,
}
