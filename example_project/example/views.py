from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from .backends import CLAIMS_KEY


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "example/home.html")


@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Show who is signed in and what the ID token of this login said."""
    claims = request.session.get(CLAIMS_KEY, {})
    return render(request, "example/account.html", {"claims": claims})


@never_cache
def admin_login(request: HttpRequest) -> HttpResponse:
    """Sign in to the admin through the app.

    The admin sends people here who are not staff, too: those who are signed in get a page that says
    so, because sending them to sign in would bring them straight back.
    """
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(target)
    if request.user.is_staff:
        return redirect(target)
    return render(request, "example/not_staff.html", {"next": target}, status=403)
