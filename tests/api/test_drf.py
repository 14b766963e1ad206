"""What is Django REST framework's own: the list of classes, permissions, the exception handler."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import path
from rest_framework import authentication, permissions
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from django_pwdless.contrib.rest_framework import BearerAuthentication, HasScopes
from django_pwdless.localtenant import LocalTenant

from .conftest import KEYS, Caller, check_refused

BARE = 'Bearer realm="api"'
READ, WRITE = HasScopes("read:orders"), HasScopes("write:orders")


class View(APIView):
    renderer_classes = [JSONRenderer]

    def get(self, request: Any) -> Response:
        self.check_object_permissions(request, object())
        return Response({"user": request.user.pk})


@pytest.fixture
def serve(settings: Any, tenant: LocalTenant) -> Any:
    """Serve a view with these classes."""

    def serve(authenticators: list[Any], *permitted: Any) -> None:
        module = ModuleType("drf_urls")
        view = View.as_view(
            authentication_classes=authenticators,
            permission_classes=list(permitted) or [permissions.IsAuthenticated],
        )
        module.urlpatterns = [path("drf/any", view)]  # type: ignore[attr-defined]
        settings.ROOT_URLCONF = module

    return serve


@pytest.fixture
def caller(tenant: LocalTenant, ann: Any) -> Caller:
    return Caller(tenant, "drf", "email|1")


ORDERS = {
    "alone": [BearerAuthentication],
    "first": [BearerAuthentication, authentication.SessionAuthentication],
    "second": [authentication.SessionAuthentication, BearerAuthentication],
    "after-basic": [authentication.BasicAuthentication, BearerAuthentication],
}
orders = pytest.mark.parametrize("order", ORDERS)


@orders
def test_place_in_the_list(serve: Any, caller: Caller, ann: Any, order: str) -> None:
    serve(ORDERS[order])
    assert caller.call().json() == {"user": ann.pk}
    check_refused(caller.call(fault="expired"), 401, "invalid_token")
    check_refused(caller.send("Bearer a b"), 400, "invalid_request")
    check_refused(caller.call(sub="email|2"), 403, "access_denied")
    nobody = caller.send(None)
    assert (nobody.status_code, nobody["Cache-Control"]) == (401, "no-store")
    ours = BARE if order != "after-basic" else f'Basic realm="api", {BARE}'
    assert nobody["WWW-Authenticate"] == ours


@orders
def test_outage_in_each_place(serve: Any, caller: Caller, order: str) -> None:
    serve(ORDERS[order])
    caller.tenant.fail(KEYS, "server_error")
    check_refused(caller.call(), 503, "temporarily_unavailable")


@orders
def test_status_without_our_handler(serve: Any, caller: Caller, settings: Any, order: str) -> None:
    settings.REST_FRAMEWORK = {}
    serve(ORDERS[order])
    response = caller.call(fault="expired")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith(f'{BARE}, error="invalid_token"')
    assert caller.send(None).status_code == (403 if order == "second" else 401)
    caller.tenant.fail(KEYS, "server_error")
    caller.tenant.rotate_keys()
    assert caller.call()["Retry-After"] == "30"


def test_session_counts_only_where_its_class_is_listed(
    serve: Any, caller: Caller, client: Client
) -> None:
    bob = get_user_model().objects.create(username="bob")
    client.force_login(bob)
    serve(ORDERS["alone"])
    assert client.get("/drf/any").status_code == 401
    serve(ORDERS["first"])
    assert client.get("/drf/any").json() == {"user": bob.pk}
    headers = {"Authorization": f"Bearer {caller.token(fault='expired')}"}
    check_refused(client.get("/drf/any", headers=headers), 401, "invalid_token")


def test_anonymous_is_let_in_where_the_permission_says_so(serve: Any, caller: Caller) -> None:
    serve([BearerAuthentication], permissions.AllowAny)
    assert caller.send(None).json() == {"user": None}
    check_refused(caller.call(fault="expired"), 401, "invalid_token")


class WithMachines(BearerAuthentication):
    machines = True


@pytest.mark.parametrize("listed", [WithMachines, BearerAuthentication(machines=True)])
def test_machines_as_an_argument_or_of_a_subclass(serve: Any, caller: Caller, listed: Any) -> None:
    serve([listed], READ)
    assert caller.call(gty="client-credentials").json() == {"user": None}
    serve([listed], permissions.IsAuthenticated)
    assert caller.call(gty="client-credentials").status_code == 403


# The permission, and whether it lets in a token with no scope, with read, with write, with both.
COMPOSED: dict[str, tuple[Any, tuple[bool, bool, bool, bool]]] = {
    "one": (READ, (False, True, False, True)),
    "both": (HasScopes("read:orders", "write:orders"), (False, False, False, True)),
    "and": (READ & WRITE, (False, False, False, True)),
    "or": (READ | WRITE, (False, True, True, True)),
    "not": (~READ, (True, False, True, False)),
    "nested": ((READ | WRITE) & ~(READ & WRITE), (False, True, True, False)),
    "not-not": (~~READ, (False, True, False, True)),
    "class-and": (permissions.IsAuthenticated & READ, (False, True, False, True)),
    "and-class": (READ & permissions.IsAuthenticated, (False, True, False, True)),
    "class-or": (permissions.IsAdminUser | READ, (False, True, False, True)),
    "or-class": (READ | permissions.IsAdminUser, (False, True, False, True)),
}
TOKENS = [[], ["read:orders"], ["write:orders"], ["read:orders", "write:orders"]]


@pytest.mark.parametrize(("permission", "expected"), COMPOSED.values(), ids=COMPOSED)
def test_scopes_compose(
    serve: Any, caller: Caller, permission: Any, expected: tuple[bool, ...]
) -> None:
    serve([BearerAuthentication], permission)
    got = tuple(caller.call(scopes=scopes).status_code == 200 for scopes in TOKENS)
    assert got == expected


MISSING: dict[str, tuple[list[Any], list[str], str]] = {
    "one-of-two": ([HasScopes("read:orders", "write:orders")], ["read:orders"], "write:orders"),
    "and": ([READ & WRITE], [], "read:orders write:orders"),
    "or": ([READ | WRITE], [], "read:orders write:orders"),
    "second": ([READ, WRITE], ["read:orders"], "write:orders"),
    "or-is-met": ([READ | HasScopes("x"), WRITE], ["read:orders"], "write:orders"),
}


@pytest.mark.parametrize(("permitted", "scopes", "missing"), MISSING.values(), ids=MISSING)
def test_challenge_names_what_is_missing(
    serve: Any, caller: Caller, permitted: list[Any], scopes: list[str], missing: str
) -> None:
    serve([BearerAuthentication], *permitted)
    check_refused(caller.call(scopes=scopes), 403, "insufficient_scope", scope=missing)


def test_other_refusals_are_the_frameworks_own(serve: Any, caller: Caller) -> None:
    serve([BearerAuthentication], READ, permissions.IsAdminUser)
    response = caller.call()
    assert response.status_code == 403
    assert "WWW-Authenticate" not in response
    assert response["Cache-Control"] == "no-store"
    serve([BearerAuthentication], ~READ)
    assert "insufficient" not in caller.call().content.decode()


def test_scopes_of_a_session_are_none(serve: Any, client: Client, ann: Any) -> None:
    client.force_login(ann)
    for permission in (READ, HasScopes()):
        serve([authentication.SessionAuthentication], permission)
        assert client.get("/drf/any").status_code == 403


@pytest.mark.parametrize("names", [("a b",), ('a"b',), ("",), ("a\\b",), ("é",), (["a"],), (1,)])
def test_scope_that_is_none(names: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        HasScopes(*names)


def test_decorated_function(settings: Any, caller: Caller, ann: Any) -> None:
    def function(request: Any) -> Response:
        return Response({"user": request.user.pk})

    permitted = permission_classes([READ & permissions.IsAuthenticated])(function)
    view = api_view(["GET"])(authentication_classes([BearerAuthentication])(permitted))
    module = ModuleType("function_urls")
    module.urlpatterns = [path("drf/any", view)]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = module
    settings.REST_FRAMEWORK = {
        **settings.REST_FRAMEWORK,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    }
    assert caller.call().json() == {"user": ann.pk}
    check_refused(caller.call(scopes=[]), 403, "insufficient_scope", scope="read:orders")


class Failing(View):
    authentication_classes = [BearerAuthentication]
    permission_classes = [permissions.AllowAny]
    error: Exception = ValueError()

    def get(self, request: Any) -> Response:
        raise self.error


@pytest.mark.parametrize(
    ("error", "status"), [(PermissionDenied(), 403), (AuthenticationFailed(), 401)]
)
def test_what_a_view_raises_itself(
    settings: Any, caller: Caller, error: Exception, status: int
) -> None:
    module = ModuleType("failing_urls")
    module.urlpatterns = [path("drf/any", Failing.as_view(error=error))]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = module
    response = caller.call()
    assert response.status_code == status
    assert "detail" in json.loads(response.content)
