from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import path

from django_pwdless.tokens import (
    AccessToken,
    aget_access_token,
    aget_access_token_for,
    get_access_token,
    get_access_token_for,
)
from tests import urls


def told(token: AccessToken) -> JsonResponse:
    """A test looks at what the site's code gets."""
    data = {"value": token.value, "scopes": sorted(token.scopes)}
    return JsonResponse({**data, "expires_at": token.expires_at.timestamp()})


def token(request: HttpRequest) -> HttpResponseBase:
    lifetime = request.GET.get("min_lifetime")
    options: dict[str, Any] = {"min_lifetime": float(lifetime)} if lifetime else {}
    return told(get_access_token(request, **options))


async def awaited(request: HttpRequest) -> HttpResponseBase:
    return told(await aget_access_token(request))


def for_user(request: HttpRequest) -> HttpResponseBase:
    return told(get_access_token_for(get_user_model().objects.get()))


async def awaited_for_user(request: HttpRequest) -> HttpResponseBase:
    return told(await aget_access_token_for(await get_user_model().objects.aget()))


def in_transaction(request: HttpRequest) -> HttpResponseBase:
    with transaction.atomic():
        return told(get_access_token(request))


def breaks(request: HttpRequest) -> HttpResponseBase:
    header = get_access_token(request).header
    raise ValueError(f"{len(header)}")


def bearer(request: HttpRequest) -> HttpResponse:
    """Take the token to the API of the test, which is the tenant."""
    return HttpResponse(get_access_token(request).header["Authorization"])


urlpatterns = [
    path("token/", token),
    path("awaited/", awaited),
    path("for-user/", for_user),
    path("awaited-for-user/", awaited_for_user),
    path("in-transaction/", in_transaction),
    path("breaks/", breaks),
    path("bearer/", bearer),
    *urls.urlpatterns,
]
