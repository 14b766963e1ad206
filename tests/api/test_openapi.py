"""How the API shows in the OpenAPI documents that the frameworks make."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest
from django.urls import path
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from ninja import NinjaAPI
from rest_framework.response import Response
from rest_framework.views import APIView

from django_pwdless.contrib.ninja import BearerAuth
from django_pwdless.contrib.rest_framework import BearerAuthentication, HasScopes

SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token that Auth0 gave for this API.",
}


class OurAuthentication(BearerAuthentication):
    """A site's own."""

    machines = True


@pytest.mark.parametrize(
    "listed", [BearerAuthentication, OurAuthentication, BearerAuthentication(machines=True)]
)
def test_spectacular_documents_the_scheme_without_a_warning(listed: Any, settings: Any) -> None:
    settings.REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}

    class Orders(APIView):
        authentication_classes = [listed]
        permission_classes = [HasScopes("read:orders")]

        @extend_schema(responses={200: str})
        def get(self, request: Any) -> Response:
            return Response("")

    module = ModuleType("spectacular_urls")
    module.urlpatterns = [path("orders/", Orders.as_view())]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = module
    with GENERATOR_STATS.silence():
        document = SchemaGenerator(urlconf=module).get_schema(request=None, public=True)
        assert not GENERATOR_STATS._warn_cache and not GENERATOR_STATS._error_cache
    assert document["components"]["securitySchemes"] == {"bearerAuth": SCHEME}
    assert document["paths"]["/orders/"]["get"]["security"] == [{"bearerAuth": []}]


def test_ninja_documents_the_scheme() -> None:
    api = NinjaAPI(urls_namespace="openapi")

    @api.get("/orders", auth=BearerAuth(scopes=["read:orders"]))
    def orders(request: Any) -> str:
        return ""

    document = api.get_openapi_schema(path_prefix="")
    assert document["components"]["securitySchemes"] == {"BearerAuth": SCHEME}
    assert document["paths"]["/orders"]["get"]["security"] == [{"BearerAuth": []}]


@pytest.mark.parametrize(
    ("imported", "wanted"),
    [
        ("django_pwdless.api", set()),
        ("django_pwdless.contrib", set()),
        ("django_pwdless.contrib.rest_framework", {"rest_framework", "drf_spectacular"}),
        ("django_pwdless.contrib.ninja", {"ninja"}),
    ],
)
def test_each_framework_is_imported_only_by_its_own_module(imported: str, wanted: set[str]) -> None:
    code = (
        "import sys, django; django.setup(); "
        f"import {imported}; found = {{'rest_framework', 'drf_spectacular', 'ninja'}}; "
        "print(*found & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": "."},
    )
    assert set(done.stdout.split()) == wanted


def test_spectacular_is_not_needed() -> None:
    code = (
        "import sys; sys.modules['drf_spectacular'] = None; import django; django.setup(); "
        "import importlib.util as u; real = u.find_spec; "
        "u.find_spec = lambda name, *a: None if name == 'drf_spectacular' else real(name, *a); "
        "import django_pwdless.contrib.rest_framework as m; print(m.BearerAuthentication.__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": "."},
    )
    assert done.stdout.strip() == "BearerAuthentication"
