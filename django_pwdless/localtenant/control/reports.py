"""What the tenant tells about itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.documented_errors import ERROR_TABLES
from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.faults.armed import FAULTS, ArmedFault
from django_pwdless.localtenant.pages.inbox.page import live_part
from django_pwdless.localtenant.token_faults import FAULTS as TOKEN_FAULTS
from django_pwdless.localtenant.token_faults.logout_tokens import LOGOUT_TOKEN_FAULTS


def overview(call: Call) -> Response:
    """GET /_tenant/: settings, switches, what is armed, and the names of what can be."""
    state = call.state
    return json_response(
        {
            "settings": state.settings_for(state.default_client),
            "issuer": state.issuer,
            "switches": asdict(state.switches),
            "faults": [_fault(fault) for fault in state.faults.armed()],
            "clock_ahead": state.clock.ahead,
            "connections": len(state.connections),
            "requests": len(state.requests),
            "messages": len(state.inbox.messages()),
            "names": {
                "faults": list(FAULTS),
                "rows": {path: list(rows) for path, rows in ERROR_TABLES.items()},
                "token_faults": list(TOKEN_FAULTS),
                "logout_token_faults": list(LOGOUT_TOKEN_FAULTS),
            },
        }
    )


def messages(call: Call) -> Response:
    """GET /_tenant/messages[?to=…][&last=…]: what was "sent", oldest first, or the last few."""
    found = call.state.inbox.messages(call.request.args.get("to"))
    found = found[-call.request.args.get("last", 0, type=int) :]
    return json_response({"messages": [message.to_wire() for message in found]})


def requests(call: Call) -> Response:
    """GET /_tenant/requests[?path=…]: the calls so far, oldest first."""
    path = call.request.args.get("path")
    found = [r.to_wire() for r in call.state.requests if path in (None, r.path)]
    return json_response({"requests": found, "connections": len(call.state.connections)})


def inbox(call: Call) -> Response:
    """GET /_tenant/inbox: the part of the inbox page that changes."""
    newest = call.state.inbox.messages()[-1:]
    number = newest[0].number if newest else 0
    return json_response({"html": live_part(call.state), "newest": number})


def _fault(fault: ArmedFault) -> dict[str, Any]:
    names = ("path", "name", "times", "after")
    return {name: getattr(fault, name) for name in names}


VIEWS: dict[str, View] = {
    "/_tenant/": overview,
    "/_tenant/messages": messages,
    "/_tenant/requests": requests,
    "/_tenant/inbox": inbox,
}
