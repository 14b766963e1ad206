"""The applications on the switches page: what the Dashboard has under Applications."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from django_pwdless.localtenant.clients.client import CONNECTIONS, KNOWN_GRANTS, Client
from django_pwdless.localtenant.state import State

from .forms import checkboxes, entry, form
from .layout import join

CARD = Markup(
    '<section class="card wide"><h2>Application <code>{}</code></h2>'
    '<p class="quiet">{}</p>{}</section>'
)
KINDS = {
    "secret": "Authenticates with its secret.",
    "private_key": "Authenticates with its private key.",
    "public": "Public: it has nothing to authenticate with.",
}
ANY = "any on this machine"


def applications(state: State) -> Markup:
    """Return a card for each application."""
    return join(_card(client) for client in state.clients.known.values())


def _card(client: Client) -> Markup:
    fields = [
        checkboxes("Grants", "grants", _named(KNOWN_GRANTS), client.grants),
        checkboxes("Connections", "connections", _named(CONNECTIONS), client.connections),
        entry("Callbacks", "callbacks", " ".join(client.callbacks or []), hint=ANY),
        entry("Logout URLs", "logout_urls", " ".join(client.logout_urls or []), hint=ANY),
        entry(
            "Back-channel logout URL",
            "backchannel_logout_url",
            client.backchannel_logout_url or "",
            hint="none",
        ),
    ]
    if client.kind == "secret":
        fields.append(entry("Secret", "secret", client.secret or ""))
    hidden = {"client_id": client.client_id}
    body = form("clients/change", "Save", fields, css="grid", hidden=hidden)
    return CARD.format(client.client_id, KINDS[client.kind], body)


def _named(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the names with what a person reads: the last part of a grant's URL."""
    return [(name, name.rpartition("grant-type/")[2]) for name in sorted(names)]
