"""One request into a WSGI application, without a server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Environ = dict[str, Any]
Headers = list[tuple[str, str]]


def outcome_of(application: Callable[..., Any], environ: Environ) -> tuple[str, Headers]:
    """Have a request answered; return where that leads, else its status, and the headers."""
    started: list[Any] = []
    body = application(environ, lambda *answer: started.extend(answer))
    b"".join(body)
    body.close()
    status, headers = started
    return dict(headers).get("Location", status), headers
