"""What is a plain view's own: exemptions, the mixin, transactions, caches."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from asgiref.sync import iscoroutinefunction
from django.contrib.auth import get_user_model
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import path
from django.views.debug import ExceptionReporter
from django.views.generic import TemplateView, View

from django_pwdless.api import BearerRequiredMixin, bearer_required
from django_pwdless.auth0.http.transport import Transport
from django_pwdless.backends import PasswordlessBackend
from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import SignIn

from .conftest import KEYS, STYLES, Caller, check_refused


class BrokenBackend(PasswordlessBackend):
    def create_user(self, claims: Any) -> Any:
        raise RuntimeError("broken on purpose")


@pytest.fixture
def serve(settings: Any, tenant: LocalTenant) -> Any:
    def serve(view: Any) -> None:
        module = ModuleType("plain_urls")
        module.urlpatterns = [path("plain/any", view)]  # type: ignore[attr-defined]
        settings.ROOT_URLCONF = module

    return serve


@pytest.mark.parametrize("style", ["plain", "coroutine", "class", "coroutine-class", "drf"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_login_required_middleware_leaves_it_alone(
    settings: Any, tenant: LocalTenant, ann: Any, style: str, method: str
) -> None:
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE,
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
    ]
    caller = Caller(tenant, style, "email|1")
    assert caller.call(method=method).status_code == 200
    check_refused(caller.send(None, method=method), 401)


def test_cookies_count_for_nothing(call_plainly: Caller, ann: Any, client: Client) -> None:
    bob = get_user_model().objects.create(username="bob")
    client.force_login(bob)
    check_refused(client.get("/plain/any"), 401)
    headers = {"Authorization": f"Bearer {call_plainly.token()}"}
    assert client.get("/plain/any", headers=headers).json()["user"] == ann.pk
    headers = {"Authorization": f"Bearer {call_plainly.token(gty='client-credentials')}"}
    assert client.get("/plain/machines", headers=headers).json()["anonymous"]


@pytest.mark.parametrize("style", STYLES)
def test_sign_ins_of_the_website_are_left_alone(
    style: str, tenant: LocalTenant, ann: Any, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django_pwdless.middleware.SignInMiddleware"]
    settings.PWDLESS = {**settings.PWDLESS, "SIGN_INS": True}
    caller = Caller(tenant, style, "email|1")
    caller.call()
    with django_assert_max_num_queries(1):
        assert caller.call().json()["user"] == ann.pk
    assert not SignIn.objects.exists()


def test_decorator_keeps_what_a_view_is() -> None:
    def plain(request: HttpRequest) -> HttpResponse:
        """Say something."""
        return HttpResponse()

    async def coroutine(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert bearer_required()(plain).__doc__ == "Say something."
    assert not iscoroutinefunction(bearer_required()(plain))
    assert iscoroutinefunction(bearer_required()(coroutine))


@pytest.mark.parametrize("name", ["scopes", "permissions"])
@pytest.mark.parametrize("value", ["read:orders", ["a b"], [1], ['"'], [""]])
def test_name_that_is_none(name: str, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        bearer_required(**{name: value})


def test_decorator_needs_its_parentheses() -> None:
    with pytest.raises(TypeError):
        bearer_required(lambda request: HttpResponse())


def test_mixin_after_view_would_leave_it_open() -> None:
    with pytest.raises(TypeError, match="before View"):

        class Open(TemplateView, BearerRequiredMixin):
            """In the wrong order."""


class Scoped(BearerRequiredMixin, View):
    scopes = ("read:orders",)
    permissions = ("write:orders",)
    machines = True

    def get(self, request: Any) -> JsonResponse:
        return JsonResponse({"machine": request.auth.is_machine})


def test_attributes_of_the_mixin(serve: Any, call_plainly: Caller) -> None:
    serve(Scoped.as_view())
    both = {"permissions": ["write:orders"]}
    assert call_plainly.call(**both, gty="client-credentials").json() == {"machine": True}
    for options in ({}, {**both, "scopes": []}):
        response = call_plainly.call(**options)
        needed = "read:orders write:orders"
        check_refused(response, 403, "insufficient_scope", scope=needed)


def test_attributes_can_be_given_to_as_view(serve: Any, call_plainly: Caller) -> None:
    serve(Scoped.as_view(scopes=["x"], permissions=()))
    check_refused(call_plainly.call(), 403, "insufficient_scope", scope="x")


def test_answer_is_kept_apart_for_each_token(serve: Any, call_plainly: Caller) -> None:
    response = call_plainly.call()
    assert response["Vary"] == "Authorization"
    assert response["Cache-Control"] == "private"

    @bearer_required()
    def chosen(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "max-age=60"})

    serve(chosen)
    assert call_plainly.call()["Cache-Control"] == "max-age=60"


def test_cache_of_the_whole_site_gives_nobody_anothers_answer(
    settings: Any, call_plainly: Caller
) -> None:
    settings.MIDDLEWARE = [
        "django.middleware.cache.UpdateCacheMiddleware",
        *settings.MIDDLEWARE,
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
    assert call_plainly.call().status_code == 200
    check_refused(call_plainly.send(None), 401)
    check_refused(call_plainly.call(sub="email|2"), 403, "access_denied")


@bearer_required()
def in_transaction(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"atomic": connection.in_atomic_block})


@bearer_required()
@transaction.non_atomic_requests
def on_its_own(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"atomic": connection.in_atomic_block})


@pytest.fixture
def seen_open(tenant: LocalTenant, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether a transaction was open at each call to Auth0."""
    seen: list[bool] = []
    get = Transport.get

    def noting(self: Transport, *args: Any, **kwargs: Any) -> Any:
        seen.append(connection.in_atomic_block)
        return get(self, *args, **kwargs)

    monkeypatch.setattr(Transport, "get", noting)
    return seen


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("view", "atomic"), [(in_transaction, True), (on_its_own, False)])
def test_no_transaction_is_open_while_auth0_answers(
    serve: Any, tenant: LocalTenant, ann: Any, seen_open: list[bool], view: Any, atomic: bool
) -> None:
    serve(view)
    connection.settings_dict["ATOMIC_REQUESTS"] = True
    try:
        response = Caller(tenant, "plain", "email|1").call()
    finally:
        connection.settings_dict["ATOMIC_REQUESTS"] = False
    assert response.json() == {"atomic": atomic}
    assert seen_open == [False]
    assert len(tenant.calls(KEYS)) == 1


@pytest.fixture
def reports() -> Iterator[list[str]]:
    """The reports of calls that ended in a 500, with the local variables of each frame."""
    reports: list[str] = []

    def keep(request: HttpRequest, **kwargs: Any) -> None:
        reporter = ExceptionReporter(request, *sys.exc_info())
        reports.append(reporter.get_traceback_html() + reporter.get_traceback_text())

    got_request_exception.connect(keep)
    yield reports
    got_request_exception.disconnect(keep)


@pytest.mark.parametrize("style", STYLES)
def test_error_report_shows_no_token(
    style: str, tenant: LocalTenant, ann: Any, settings: Any, reports: list[str]
) -> None:
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.BrokenBackend"]
    settings.PWDLESS = {**settings.PWDLESS, "API_CREATE_USERS": True}
    caller = Caller(tenant, style, "email|2")
    token = caller.token()
    with pytest.raises(RuntimeError, match="broken on purpose"):
        caller.send(f"Bearer {token}")
    (shown,) = reports
    assert "broken on purpose" in shown
    for part in token.split("."):
        assert part not in shown


def test_log_says_which_rule_and_nothing_of_the_token(
    call_plainly: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    token = call_plainly.token(fault="another_api")
    with caplog.at_level("DEBUG", "django_pwdless"):
        call_plainly.send(f"Bearer {token}")
    lines = [record for record in caplog.records if record.name == "django_pwdless"]
    assert [(line.levelname, line.getMessage()) for line in lines] == [
        ("INFO", "A bearer token was refused (InvalidAudience).")
    ]
    assert json.dumps(caplog.text).find(token) == -1
