"""The files of the pages: one stylesheet, one script, one picture."""

from __future__ import annotations

from importlib import resources

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from django_pwdless.localtenant.endpoint_call import Call, View

TYPES = {"tenant.css": "text/css", "tenant.js": "text/javascript"}
PERSON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">'
    '<circle cx="32" cy="32" r="32" fill="#c7d2fe"/><circle cx="32" cy="25" r="11" '
    'fill="#4338ca"/><path d="M11 55a21 17 0 0 1 42 0" fill="#4338ca"/></svg>'
)


def read(name: str) -> str:
    """Return the text of one of the tenant's files."""
    files = resources.files("django_pwdless.localtenant") / "assets"
    return (files / name).read_text(encoding="utf-8")


def asset(call: Call) -> Response:
    """GET /assets/<name>: the stylesheet or the script."""
    name = call.arguments["name"]
    if name not in TYPES:
        raise NotFound
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(read(name), headers=headers, content_type=f"{TYPES[name]}; charset=utf-8")


def picture(call: Call) -> Response:
    """GET /assets/person.svg: the ``picture`` of everybody."""
    return Response(PERSON, content_type="image/svg+xml")


VIEWS: dict[str, View] = {"/assets/person.svg": picture, "/assets/<name>": asset}
