"""A site's own API, called with a native app's session token."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import path
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from ninja import NinjaAPI
from rest_framework.response import Response
from rest_framework.views import APIView

from django_pwdless import sign_ins
from django_pwdless.contrib.ninja import SessionTokenAuth
from django_pwdless.contrib.rest_framework import SessionTokenAuthentication
from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import SignIn
from tests.journeys.browser import ANN, BEN

from .conftest import Configure
from .front_end import TOKEN, FrontEnd

pytestmark = pytest.mark.django_db

PLAIN = ["plain/", "coroutine/"]
FRAMEWORKS = ["drf/", "ninja/sync", "ninja/async", "unhandled/sync"]
each_way = pytest.mark.parametrize("path", [*PLAIN, *FRAMEWORKS])
SCHEME = {
    "type": "apiKey",
    "in": "header",
    "name": "X-Session-Token",
    "description": "The session token of a native app.",
}


@pytest.fixture(autouse=True)
def own_api(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.headless.site_urls"


def call(path: str, token: str | None = None, client: Client | None = None, **options: Any) -> Any:
    headers = {} if token is None else {TOKEN: token}
    client = client or Client(enforce_csrf_checks=True)
    return client.generic(options.pop("method", "GET"), f"/own/{path}", headers=headers)


@each_way
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_token_names_the_user(path: str, method: str, app: FrontEnd) -> None:
    app.sign_in()
    response = call(path, app.session_token, method=method)
    assert response.status_code == 200 and not response.cookies
    assert response.json()["user"] == get_user_model().objects.get().get_username()


@each_way
def test_cookie_counts_for_nothing(path: str, app: FrontEnd, tenant: LocalTenant) -> None:
    page = FrontEnd("browser", tenant)
    page.sign_in(BEN)
    assert call(path, client=page.client).status_code == 401
    app.sign_in()
    response = call(path, app.session_token, client=page.client)
    ann = get_user_model().objects.get(pwdless_identities__email=ANN)
    assert response.json() == {"user": ann.get_username(), "cookies": []}
    assert not response.cookies
    assert page.get().data["user"]["name"] == BEN


@each_way
def test_without_a_token(path: str) -> None:
    assert call(path).status_code == 401


@each_way
@pytest.mark.parametrize("token", ["", "guessed", "x" * 5000, "\0", "ü"])
def test_token_of_no_session(path: str, token: str) -> None:
    response = call(path, token)
    assert response.status_code == 401
    if path != "unhandled/sync":
        assert response.json()["outcome"] == "session_gone"
        assert "no-store" in response.headers.get("Cache-Control", "no-store")


@each_way
def test_token_of_a_login_half_way(path: str, app: FrontEnd) -> None:
    app.ask()
    response = call(path, app.session_token)
    assert response.status_code == 401
    assert app.get().data["step"] == "code"


@each_way
def test_older_token_is_over(path: str, app: FrontEnd) -> None:
    app.ask()
    older = app.session_token
    app.answer()
    assert call(path, older).status_code == 401
    token = app.session_token
    app.post("logout/")
    assert call(path, token).status_code == 401


# The sign-in's end is told to other processes once it is committed.
@pytest.mark.django_db(transaction=True)
@each_way
def test_ended_sign_in(path: str, app: FrontEnd, with_sign_ins: None) -> None:
    app.sign_in()
    assert call(path, app.session_token).status_code == 200
    sign_ins.end(get_user_model().objects.get())
    assert call(path, app.session_token).status_code == 401


@each_way
def test_deactivated_user(path: str, app: FrontEnd) -> None:
    app.sign_in()
    get_user_model().objects.update(is_active=False)
    assert call(path, app.session_token).status_code == 401


@pytest.mark.parametrize("path", PLAIN)
def test_plain_views_are_open_where_the_site_asks_for_a_login(
    path: str, app: FrontEnd, settings: Any
) -> None:
    middleware = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, middleware]
    app.sign_in()
    response = call(path, app.session_token, method="POST")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private" and TOKEN in response.headers["Vary"]


def test_view_that_changes_the_key_answers_with_the_new_token(app: FrontEnd) -> None:
    app.sign_in()
    response = call("new-password/", app.session_token, method="POST")
    assert app.get().status_code == 401
    assert call("plain/", response.headers[TOKEN]).status_code == 200


@pytest.mark.parametrize("saves_always", [False, True])
@pytest.mark.parametrize("path", ["missing/", "awaited-missing/"])
def test_view_that_raises_sets_no_cookie(
    path: str, saves_always: bool, app: FrontEnd, settings: Any
) -> None:
    """Django answers then, and would set the app's session as a cookie."""
    settings.SESSION_SAVE_EVERY_REQUEST = saves_always
    app.sign_in()
    response = call(path, app.session_token)
    assert response.status_code == 404 and not response.cookies
    assert "seen" not in app.session and app.get().data["step"] == "signed_in"


def test_view_without_an_access_token_sets_no_cookie(
    app: FrontEnd, with_sign_ins: None, configure: Configure
) -> None:
    """The middleware answers, and remembers nothing in a session of its own making."""
    configure(TOKENS=True)
    app.sign_in()
    SignIn.objects.update(tokens="")
    headers = {TOKEN: app.session_token, "accept": "text/html"}
    response = app.client.get("/own/calls-an-api/", headers=headers)
    assert response.status_code == 302 and not response.cookies


def test_second_factor_of_the_apps_session_counts(
    app: FrontEnd, tenant: LocalTenant, with_factors: None
) -> None:
    app.sign_in(BEN)
    assert call("with-mfa/", app.session_token).status_code == 403
    tenant.add_person(ANN, factors=["email"])
    app.sign_in()
    app.post("login/factor/answer/", code=app.sent_code)
    assert call("with-mfa/", app.session_token).status_code == 200


def test_spectacular_documents_the_scheme(settings: Any) -> None:
    settings.REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}

    class Orders(APIView):
        authentication_classes = [SessionTokenAuthentication]

        @extend_schema(responses={200: str})
        def get(self, request: Any) -> Response:
            return Response("")

    module = ModuleType("spectacular_session_urls")
    module.urlpatterns = [path("orders/", Orders.as_view())]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = module
    with GENERATOR_STATS.silence():
        document = SchemaGenerator(urlconf=module).get_schema(request=None, public=True)
        assert not GENERATOR_STATS._warn_cache and not GENERATOR_STATS._error_cache
    assert document["components"]["securitySchemes"] == {"sessionToken": SCHEME}


def test_ninja_documents_the_scheme() -> None:
    api = NinjaAPI(urls_namespace="session token scheme", auth=SessionTokenAuth())
    api.get("/orders")(lambda request: "")
    schemes = api.get_openapi_schema(path_prefix="")["components"]["securitySchemes"]
    assert schemes == {"SessionTokenAuth": SCHEME}
