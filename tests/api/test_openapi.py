"""How the API shows in the OpenAPI documents that the frameworks make."""

from __future__ import annotations

import runpy
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

from django_pwdless.contrib import rest_framework
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


def test_spectacular_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run apart from its package, from which the module takes what needs it."""
    monkeypatch.setitem(sys.modules, "drf_spectacular", None)
    assert runpy.run_path(str(rest_framework.__file__))["BearerAuthentication"]


# What of the frameworks a process knows after an import, where some of them are not installed.
LOOK = """
import importlib, sys
import django

FRAMEWORKS = {"rest_framework", "drf_spectacular", "ninja"}
OURS = {f"django_pwdless.contrib.{name}" for name in ("rest_framework", "spectacular", "ninja")}

django.setup()
for line in sys.argv[1:]:
    imported, *missing = line.split()
    for name in list(sys.modules):
        if name in OURS or name.partition(".")[0] in FRAMEWORKS:
            del sys.modules[name]
    sys.modules.update(dict.fromkeys(missing))
    importlib.import_module(imported)
    print(*(name for name in FRAMEWORKS if sys.modules.get(name)))
"""
IMPORTS: list[tuple[str, set[str]]] = [
    ("django_pwdless.api", set()),
    ("django_pwdless.contrib", set()),
    ("django_pwdless.contrib.rest_framework drf_spectacular ninja", {"rest_framework"}),
    ("django_pwdless.contrib.rest_framework", {"rest_framework", "drf_spectacular"}),
    ("django_pwdless.contrib.ninja", {"ninja"}),
]


@pytest.mark.thorough
def test_each_framework_is_imported_only_by_its_own_module() -> None:
    """And spectacular is not needed. One process sees it all: it starts longer than it looks."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK, *(line for line, _ in IMPORTS)],
        capture_output=True,
        text=True,
        check=False,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": "."},
    )
    found = [set(line.split()) for line in done.stdout.splitlines()]
    assert found == [wanted for _, wanted in IMPORTS], done.stderr
