"""One API in each of the ways there are to write it; each view says who calls."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views import View
from ninja import NinjaAPI
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from django_pwdless.api import BearerRequiredMixin, BearerToken, bearer_required
from django_pwdless.contrib.ninja import BearerAuth, add_exception_handlers
from django_pwdless.contrib.rest_framework import BearerAuthentication, HasScopes

ORDERS = ("read:orders",)


def said(user: Any, token: BearerToken) -> dict[str, Any]:
    return {
        "user": user.pk,
        "anonymous": user.is_anonymous,
        "subject": token.subject,
        "client": token.client_id,
        "machine": token.is_machine,
    }


def plain(request: Any) -> JsonResponse:
    return JsonResponse(said(request.user, request.auth))


async def coroutine(request: Any) -> JsonResponse:
    assert await request.auser() is request.user
    return JsonResponse(said(request.user, request.auth))


class Plain(BearerRequiredMixin, View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: Any) -> JsonResponse:
        return plain(request)

    post = get


class Coroutine(BearerRequiredMixin, View):
    async def get(self, request: Any) -> JsonResponse:
        return await coroutine(request)

    async def post(self, request: Any) -> JsonResponse:
        return await coroutine(request)


class Framework(APIView):
    authentication_classes = [BearerAuthentication]
    permission_classes = [HasScopes()]
    renderer_classes = [JSONRenderer]

    def get(self, request: Request) -> Response:
        assert request._request.user is request.user
        return Response(said(request.user, request.auth))

    post = get


ninja = NinjaAPI(urls_namespace="cases", docs_url=None)
add_exception_handlers(ninja)


def add_operations(name: str, auth: BearerAuth) -> None:
    def operation(request: Any) -> dict[str, Any]:
        return said(request.user, request.auth)

    async def awaited(request: Any) -> dict[str, Any]:
        assert await request.auser() is request.user
        return said(request.user, request.auth)

    for function, style in ((operation, "sync"), (awaited, "async")):
        paths = [f"/{style}/{name}"]
        for each in paths:
            ninja.api_operation(["GET", "POST"], each, auth=auth, operation_id=f"{style}_{name}")(
                function
            )


VARIANTS: dict[str, dict[str, Any]] = {
    "any": {},
    "scoped": {"scopes": ORDERS},
    "permitted": {"permissions": ["write:orders"]},
    "machines": {"machines": True},
}

urlpatterns = []
for name, options in VARIANTS.items():
    add_operations(name, BearerAuth(**options))
    restricted = {
        "authentication_classes": [BearerAuthentication(machines=options.get("machines"))],
        "permission_classes": [HasScopes(*options.get("scopes", ()))],
    }
    urlpatterns += [
        path(f"plain/{name}", bearer_required(**options)(plain)),
        path(f"coroutine/{name}", bearer_required(**options)(coroutine)),
        path(f"class/{name}", Plain.as_view(**options)),
        path(f"coroutine-class/{name}", Coroutine.as_view(**options)),
        path(f"drf/{name}", Framework.as_view(**restricted)),
    ]
urlpatterns.append(path("ninja/", ninja.urls))
