"""Addresses of this site as Auth0 must know them."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from django_pwdless.conf import conf


def absolute_url(request: HttpRequest, view_name: str) -> str:
    """Return the full address of a view, on ``BASE_URL`` where it is set.

    Without it the request's host counts, which ``ALLOWED_HOSTS`` must have vouched for.
    """
    path = reverse(view_name)
    return f"{conf.BASE_URL}{path}" if conf.BASE_URL else request.build_absolute_uri(path)
