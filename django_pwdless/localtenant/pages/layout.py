"""What all pages share."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterable

from markupsafe import Markup
from werkzeug.wrappers import Response

from django_pwdless.localtenant.endpoint_call import Call
from django_pwdless.localtenant.state import State

from .assets import read

PLACES = (("/", "Inbox"), ("/switches", "Switches"), ("/people", "People"))
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAVED = Markup('<p class="badge good saved" role="status">Saved.</p>')
REFRESH = Markup('<noscript><meta http-equiv="refresh" content="4"></noscript>')


def page(
    state: State, title: str, content: Markup, place: str = "", head: Markup | None = None
) -> Response:
    """Return a whole page around ``content``."""
    html = _skeleton().format(
        title=title,
        head=head or "",
        navigation=_navigation(place),
        content=content,
        issuer=state.issuer,
    )
    return Response(html.encode("utf-8", "replace"), headers=HEADERS, content_type=HTML)


HTML = "text/html; charset=utf-8"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def saved(call: Call) -> Markup:
    """Return the line that says a form was taken, where one has just led back here."""
    return SAVED if "saved" in call.request.args else Markup("")


def join(parts: Iterable[Markup]) -> Markup:
    """Return the parts, one after the other."""
    return Markup("\n").join(parts)


def clock_time(seconds: float) -> str:
    """Return a time of day, as a person's watch shows it."""
    return time.strftime("%H:%M:%S", time.localtime(seconds))


@functools.cache
def _skeleton() -> Markup:
    return Markup(read("page.html"))  # noqa: S704 (a file of the package)


def _navigation(place: str) -> Markup:
    if not place:
        return Markup("")
    links = join(
        Markup('<a href="{}"{}>{}</a>').format(
            path, Markup(' aria-current="page"') if path == place else "", name
        )
        for path, name in PLACES
    )
    return Markup('<nav aria-label="Pages">{}</nav>').format(links)
