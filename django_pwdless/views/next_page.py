"""Which of our pages an address of this site leads to."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils import translation

# As browsers read an address.
_AS_READ = str.maketrans({"\\": "/", "\t": None, "\n": None, "\r": None})


def view_class_at(request: HttpRequest, url: str) -> type | None:
    """Return the class of the view that answers there; None for what is no page of a class."""
    try:
        parts = urlsplit(request.build_absolute_uri(url.translate(_AS_READ)))
    except ValueError:
        return None
    prefix, path = get_script_prefix(), unquote(parts.path)
    if parts.netloc != request.get_host() or not path.startswith(prefix):
        return None
    return _view_class(request, f"/{path.removeprefix(prefix)}")


def _view_class(request: HttpRequest, path: str) -> type | None:
    urlconf = getattr(request, "urlconf", None)
    # A path may begin with the prefix of another language than the one spoken now.
    language = translation.get_language_from_path(path) or translation.get_language()
    with translation.override(language):
        for spelling in (path, f"{path}/") if settings.APPEND_SLASH else (path,):
            try:
                view: Any = resolve(spelling, urlconf).func
            except Resolver404:
                continue
            return getattr(view, "view_class", None)
    return None
