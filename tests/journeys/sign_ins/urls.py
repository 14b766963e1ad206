from __future__ import annotations

import threading

from django.contrib.auth import alogin, get_user_model, login
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tests import urls

#: A slow page waits in here for a test to go on.
arrived, may_go_on = threading.Event(), threading.Event()


def who(request: HttpRequest) -> HttpResponse:
    """Say who is signed in."""
    return HttpResponse(request.user.get_username())


async def awaited_who(request: HttpRequest) -> HttpResponse:
    """Say it from a coroutine."""
    user = await request.auser()
    return HttpResponse(user.get_username())


def nobody_asks(request: HttpRequest) -> HttpResponse:
    """Do without the user."""
    return HttpResponse("ok")


def slow(request: HttpRequest) -> HttpResponse:
    """Look at the user, wait, then change the session."""
    name = request.user.get_username()
    arrived.set()
    assert may_go_on.wait(10)
    request.session["basket"] = "full"
    return HttpResponse(name)


def fill(request: HttpRequest) -> HttpResponse:
    """Change the session, and look at nobody."""
    request.session["basket"] = "full"
    return HttpResponse("ok")


def forget(request: HttpRequest) -> HttpResponse:
    """Empty the session without a word to Django's ``logout``."""
    name = request.user.get_username()
    request.session.flush()
    return HttpResponse(name)


def remember(request: HttpRequest) -> HttpResponse:
    """Sign in for a month."""
    login(request, get_user_model().objects.get(), "django.contrib.auth.backends.ModelBackend")
    request.session.set_expiry(30 * 24 * 3600)
    return HttpResponse("ok")


async def awaited_login(request: HttpRequest) -> HttpResponse:
    """Sign in from a coroutine."""
    user = await get_user_model().objects.aget()
    await alogin(request, user, "django.contrib.auth.backends.ModelBackend")
    return HttpResponse("ok")


urlpatterns = [
    path("who/", who),
    path("awaited-who/", awaited_who),
    path("nobody-asks/", nobody_asks),
    path("slow/", slow),
    path("fill/", fill),
    path("forget/", forget),
    path("remember/", remember),
    path("awaited-login/", awaited_login),
    path("password/", LoginView.as_view(template_name="django_pwdless/base.html")),
    *urls.urlpatterns,
]
