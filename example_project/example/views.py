from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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
