"""Addresses of our own pages, within the site and as Auth0 must know them."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from django_pwdless.conf import conf


def page_url(name: str, **query: str) -> str:
    """Return the path of one of our pages with a query string, as Django writes ``next``."""
    params = QueryDict(mutable=True)
    params.update({key: value for key, value in query.items() if value})
    return reverse(f"pwdless:{name}") + (f"?{params.urlencode(safe='/')}" if params else "")


def absolute_url(request: HttpRequest, name: str) -> str:
    """Return the full address of one of our pages, on ``BASE_URL`` where it is set.

    Without it the request's host counts, which ``ALLOWED_HOSTS`` must have vouched for.
    """
    path = reverse(f"pwdless:{name}")
    return f"{conf.BASE_URL}{path}" if conf.BASE_URL else request.build_absolute_uri(path)
