"""What is Django Ninja's own: several classes, and an API without our handlers."""

from __future__ import annotations

import json
from itertools import count
from types import ModuleType
from typing import Any

import pytest
from django.urls import path
from ninja import NinjaAPI
from ninja.security import APIKeyHeader

from django_pwdless.contrib.ninja import BearerAuth, add_exception_handlers
from django_pwdless.localtenant import LocalTenant

from .conftest import KEYS, Caller, check_refused

# Ninja wants a namespace of its own for each API.
NUMBERS = count()


class Key(APIKeyHeader):
    param_name = "X-Key"

    def authenticate(self, request: Any, key: str | None) -> str | None:
        return "key" if key == "right" else None


@pytest.fixture
def serve(settings: Any, tenant: LocalTenant) -> Any:
    """Serve an operation with these classes."""

    def serve(auth: Any, with_handlers: bool = True) -> None:
        api = NinjaAPI(urls_namespace=f"ninja-own-{next(NUMBERS)}", docs_url=None)
        if with_handlers:
            add_exception_handlers(api)

        @api.get("/any", auth=auth)
        def operation(request: Any) -> str:
            return "key" if request.auth == "key" else str(request.auth.subject)

        module = ModuleType("ninja_urls")
        module.urlpatterns = [path("ninja/sync/", api.urls)]  # type: ignore[attr-defined]
        settings.ROOT_URLCONF = module

    return serve


@pytest.fixture
def caller(tenant: LocalTenant, ann: Any) -> Caller:
    return Caller(tenant, "ninja/sync", "email|1")


@pytest.mark.parametrize("auth", [[BearerAuth(), Key()], [Key(), BearerAuth()]])
def test_place_in_the_list(serve: Any, caller: Caller, client: Any, auth: list[Any]) -> None:
    serve(auth)
    assert caller.call().json() == "email|1"
    assert client.get("/ninja/sync/any", headers={"X-Key": "right"}).json() == "key"
    check_refused(caller.send(None), 401)
    check_refused(caller.call(fault="expired"), 401, "invalid_token")


def test_status_without_our_handlers(serve: Any, caller: Caller) -> None:
    serve(BearerAuth(scopes=["read:orders"]), with_handlers=False)
    assert caller.call().json() == "email|1"
    statuses = {
        401: caller.call(fault="expired"),
        400: caller.send("Bearer a b"),
        403: caller.call(scopes=[]),
    }
    for status, response in statuses.items():
        assert response.status_code == status
        assert isinstance(json.loads(response.content)["detail"], str)
    assert caller.send(None).status_code == 401
    caller.tenant.fail(KEYS, "server_error")
    caller.tenant.rotate_keys()
    assert caller.call().status_code == 503


@pytest.mark.parametrize("names", ["read:orders", ["a b"], [1]])
def test_scope_that_is_none(names: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        BearerAuth(scopes=names)
