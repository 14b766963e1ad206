"""A mail scanner, which opens the links in a message before its reader does."""

from __future__ import annotations

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from django_pwdless.localtenant.records.inbox import Message
from django_pwdless.localtenant.state import State

# How it introduces itself.
HEADERS = [("User-Agent", "mail-scanner")]


def request_for(message: Message, state: State) -> Request | None:
    """Return the scanner's request for a message's link.

    None where the tenant has no scanner, or the link leads elsewhere.
    """
    link, base = message.link or "", state.base_url
    if not state.switches.mail_scanner or not link.startswith(f"{base}/"):
        return None
    return EnvironBuilder(link.removeprefix(base), headers=HEADERS).get_request()
