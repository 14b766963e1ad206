"""Addresses of our own pages, within the site and as Auth0 must know them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse

from django_pwdless.conf import conf


def page_url(name: str, **query: str) -> str:
    """Return the path of one of our pages with a query string, as Django writes ``next``."""
    params = QueryDict(mutable=True)
    params.update({key: value for key, value in query.items() if value})
    return reverse(f"pwdless:{name}") + (f"?{params.urlencode(safe='/')}" if params else "")


def has_pages() -> bool:
    """Whether the site includes our pages."""
    try:
        reverse("pwdless:callback")
    except NoReverseMatch:
        return False
    return True


def absolute_url(request: HttpRequest, name: str) -> str:
    """Return the full address of one of our pages, on ``BASE_URL`` where it is set.

    Without it the request's host counts, which ``ALLOWED_HOSTS`` must have vouched for.
    """
    return on_own_origin(request, reverse(f"pwdless:{name}"))


def on_own_origin(request: HttpRequest, path: str) -> str:
    """Return the full address of a path of the site."""
    return f"{conf.BASE_URL}{path}" if conf.BASE_URL else request.build_absolute_uri(path)


def moved_url(request: HttpRequest, name: str, **query: str) -> str | None:
    """Return a page's address on ``BASE_URL``, where the request came to another host.

    Auth0 leads back there, and the session that asked must be the one that is come back to. None
    where it is that host, or the browser was moved already: a proxy in front may hide the host.
    """
    base_url = conf.BASE_URL
    if not base_url or request.GET.get("moved") == "1":
        return None
    if urlsplit(base_url).netloc == request.get_host().lower():
        return None
    return f"{base_url}{page_url(name, **query, moved='1')}"
