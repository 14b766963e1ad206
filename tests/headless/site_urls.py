"""A site's own API that native apps call with their session token, in each way there is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import Http404, JsonResponse
from django.urls import include, path
from ninja import NinjaAPI
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from django_pwdless.contrib.ninja import SessionTokenAuth, add_exception_handlers
from django_pwdless.contrib.rest_framework import SessionTokenAuthentication
from django_pwdless.decorators import mfa_required
from django_pwdless.headless import session_token_required
from django_pwdless.tokens import get_access_token


def said(request: Any) -> dict[str, Any]:
    return {"user": request.user.get_username(), "cookies": sorted(request.COOKIES)}


@session_token_required
def plain(request: Any) -> JsonResponse:
    return JsonResponse(said(request))


@session_token_required
async def coroutine(request: Any) -> JsonResponse:
    user = await request.auser()
    return JsonResponse({"user": user.get_username(), "cookies": sorted(request.COOKIES)})


@session_token_required
def new_password(request: Any) -> JsonResponse:
    request.user.set_password("another")
    request.user.save()
    update_session_auth_hash(request, request.user)
    return JsonResponse({})


@session_token_required
def missing(request: Any) -> JsonResponse:
    request.session["seen"] = True
    raise Http404


@session_token_required
async def awaited_missing(request: Any) -> JsonResponse:
    request.session["seen"] = True
    raise Http404


@session_token_required
def calls_an_api(request: Any) -> JsonResponse:
    return JsonResponse(get_access_token(request).header)


@session_token_required
@mfa_required()
def with_mfa(request: Any) -> JsonResponse:
    return JsonResponse(said(request))


class Framework(APIView):
    authentication_classes = [SessionTokenAuthentication]
    permission_classes = [IsAuthenticated]
    renderer_classes = [JSONRenderer]

    def get(self, request: Any) -> Response:
        assert request._request.user is request.user
        return Response({"user": request.user.get_username(), "cookies": []})

    post = get


ninja = NinjaAPI(urls_namespace="session tokens", docs_url=None)
add_exception_handlers(ninja)
unhandled = NinjaAPI(urls_namespace="session tokens, unhandled", docs_url=None)


def operation(request: Any) -> dict[str, Any]:
    return {"user": request.user.get_username(), "cookies": []}


async def awaited(request: Any) -> dict[str, Any]:
    user = await request.auser()
    return {"user": user.get_username(), "cookies": []}


for api, place, view in (
    (ninja, "sync", operation),
    (ninja, "async", awaited),
    (unhandled, "sync", operation),
):
    api.api_operation(["GET", "POST"], f"/{place}", auth=SessionTokenAuth())(view)

urlpatterns = [
    path("", include("tests.urls")),
    path("own/plain/", plain),
    path("own/coroutine/", coroutine),
    path("own/new-password/", new_password),
    path("own/missing/", missing),
    path("own/awaited-missing/", awaited_missing),
    path("own/calls-an-api/", calls_an_api),
    path("own/with-mfa/", with_mfa),
    path("own/drf/", Framework.as_view()),
    path("own/ninja/", ninja.urls),
    path("own/unhandled/", unhandled.urls),
]
