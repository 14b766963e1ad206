from __future__ import annotations

from typing import Any

import requests
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from django_pwdless.exceptions import TokenUnavailable, Unavailable
from django_pwdless.tokens import get_access_token

from .backends import CLAIMS_KEY

TIMEOUT = 10


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "example/home.html")


def front_end(request: HttpRequest) -> HttpResponse:
    """Show a page that signs in, and does all the rest, by JSON."""
    return render(request, "example/front_end.html")


@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Show who is signed in and what the ID token of this login said."""
    context = {
        "claims": request.session.get(CLAIMS_KEY, {}),
        "api": call_api(request),
        "has_factors_page": settings.PWDLESS["FACTORS_PAGE"],
    }
    return render(request, "example/account.html", context)


def call_api(request: HttpRequest) -> dict[str, Any] | None:
    """Ask the API about the person, with their access token; None where there is no API."""
    url = getattr(settings, "API_URL", None)
    if not url:
        return None
    try:
        token = get_access_token(request)
        answer = requests.get(url, headers=token.header, timeout=TIMEOUT)
        answer.raise_for_status()
    except TokenUnavailable as error:
        # This page has more to show: another would leave it to the middleware.
        return {"missing": error.reason}
    except (Unavailable, requests.RequestException):
        return {"missing": "unavailable"}
    return {"said": answer.json(), "expires_at": token.expires_at}
