"""Views of somebody signed in: what the middleware, and a token, cost beside them."""

from __future__ import annotations

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import path

from django_pwdless.session.login_record import SignInEntry
from django_pwdless.tokens import get_access_token


def user(request: HttpRequest) -> HttpResponse:
    """Look at the user."""
    return HttpResponse(request.user.get_username())


def row(request: HttpRequest) -> HttpResponse:
    """The floor of a token: its row, by primary key, with the user."""
    entry = SignInEntry.load(request)
    assert entry is not None
    rows = apps.get_model("django_pwdless", "SignIn").objects.select_related("user")
    return HttpResponse(f"{request.user.get_username()} {rows.get(pk=entry.id).method}")


def token(request: HttpRequest) -> HttpResponse:
    """A token that is fresh."""
    return HttpResponse(f"{request.user.get_username()} {len(get_access_token(request).value)}")


urlpatterns = [path("user/", user), path("row/", row), path("token/", token)]
