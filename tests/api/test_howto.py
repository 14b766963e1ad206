"""The samples of "Protect your API" work as they stand there."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import Client
from django.urls import path
from ninja import NinjaAPI
from rest_framework.renderers import JSONRenderer

from django_pwdless.localtenant import LocalTenant

from .conftest import HANDLER, Caller, check_refused

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "protect-an-api.md"
SAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def run(text: str) -> dict[str, Any]:
    """What the page's one sample with this text defines."""
    (code,) = (sample for sample in SAMPLES if text in sample)
    names: dict[str, Any] = {"__name__": "sample"}
    exec(code, names)
    return names


@pytest.fixture
def urls(settings: Any, tenant: LocalTenant) -> list[Any]:
    module = ModuleType("howto_urls")
    module.urlpatterns = []  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = module
    found: list[Any] = module.urlpatterns
    return found


@pytest.fixture
def caller(tenant: LocalTenant, ann: Any) -> Caller:
    return Caller(tenant, "api", "email|1")


def test_settings_name_the_api() -> None:
    assert run("API_AUDIENCE")["PWDLESS"]["API_AUDIENCE"] == "https://api.example.com"
    assert run("EXCEPTION_HANDLER")["REST_FRAMEWORK"] == {"EXCEPTION_HANDLER": HANDLER}


def test_plain_views(urls: list[Any], caller: Caller) -> None:
    found = run("class OrderView")
    urls += [
        path("api/orders", found["orders"]),
        path("api/order", found["OrderView"].as_view()),
    ]
    token = caller.token(permissions=["write:orders"])
    expected = {"user": "ann", "scopes": ["read:orders"]}
    assert caller.send(f"Bearer {token}", "orders").json() == expected
    answer = caller.send(f"Bearer {token}", "order", "post")
    assert answer.json() == {"subject": "email|1"}
    check_refused(caller.send(None, "orders"), 401)


def test_rest_framework(urls: list[Any], caller: Caller) -> None:
    view = run("class Orders")["Orders"].as_view(renderer_classes=[JSONRenderer])
    urls.append(path("api/orders", view))
    assert caller.call("orders").json() == {"user": "ann"}
    refused = caller.call("orders", scopes=[])
    check_refused(refused, 403, "insufficient_scope", scope="read:orders")


def test_ninja(urls: list[Any], caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    api: NinjaAPI = run("NinjaAPI()")["api"]
    urls.append(path("api/", api.urls))
    assert caller.call("orders").json() == {"user": "ann"}
    check_refused(caller.send(None, "orders"), 401)


def test_test_of_the_page_on_tests(
    urls: list[Any], client: Client, pwdless_access_token: Any, django_user_model: Any
) -> None:
    urls.append(path("api/orders/", run("class OrderView")["orders"]))
    page = PAGE.with_name("test.md").read_text("utf-8")
    (code,) = re.findall(r"^```python\n(def test_orders.*?)^```$", page, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    names["test_orders"](client, pwdless_access_token, django_user_model)
