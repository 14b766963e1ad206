"""A site with an API, a person who may call it, and whatever may be sent to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import get_user_model
from django.test import AsyncClient, Client

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity

API = "https://api.example.com"
KEYS = "/.well-known/jwks.json"
STYLES = (
    *("plain", "coroutine", "class", "coroutine-class", "drf"),
    *("ninja/sync", "ninja/async"),
)
HANDLER = "django_pwdless.contrib.rest_framework.exception_handler"


@dataclass
class Caller:
    """Somebody with tokens who calls one style of view; async ones over ASGI."""

    tenant: LocalTenant
    style: str
    subject: str

    def token(self, **options: Any) -> str:
        subject = options.pop("sub", self.subject)
        return self.tenant.access_token(subject, **{"scopes": ["read:orders"], **options})

    def send(self, header: str | None, view: str = "any", method: str = "get", **more: Any) -> Any:
        """Call with this header, or with none."""
        headers = {} if header is None else {"Authorization": header}
        url = f"/{self.style}/{view}"
        if self.style in ("coroutine", "coroutine-class", "ninja/async"):
            client = AsyncClient(enforce_csrf_checks=True)
            return async_to_sync(getattr(client, method))(url, headers=headers, **more)
        return getattr(Client(enforce_csrf_checks=True), method)(url, headers=headers, **more)

    def call(self, view: str = "any", method: str = "get", **options: Any) -> Any:
        """Call with a token."""
        return self.send(f"Bearer {self.token(**options)}", view, method)


@pytest.fixture
def tenant(pwdless_tenant: LocalTenant, settings: Any) -> LocalTenant:
    settings.PWDLESS = {**settings.PWDLESS, "API_AUDIENCE": API}
    settings.ROOT_URLCONF = "tests.api.urls"
    settings.REST_FRAMEWORK = {"EXCEPTION_HANDLER": HANDLER}
    return pwdless_tenant


@pytest.fixture
def ann(db: None, tenant: LocalTenant) -> Any:
    user = get_user_model().objects.create(username="ann")
    Identity.objects.create(user=user, issuer=tenant.issuer, subject="email|1")
    return user


@pytest.fixture(params=STYLES)
def caller(request: pytest.FixtureRequest, tenant: LocalTenant, ann: Any) -> Caller:
    """Ann, who calls each style of view in turn."""
    return Caller(tenant, request.param, "email|1")


@pytest.fixture
def call_plainly(tenant: LocalTenant, ann: Any) -> Caller:
    """Ann, who calls a plain view: for what is decided before any framework."""
    return Caller(tenant, "plain", "email|1")


Check = Callable[..., None]


def check_refused(
    response: Any, status: int, error: str = "", *, scope: str = "", token: str = ""
) -> None:
    """RFC 6750, section 3: the status, the challenge, and nothing of the token."""
    assert response.status_code == status
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Type"].partition(";")[0] == "application/json"
    body = json.loads(response.content)
    assert isinstance(body["detail"], str)
    challenge = response.get("WWW-Authenticate", "")
    if status == 503:
        assert int(response["Retry-After"]) > 0 and not challenge
    elif error in ("", "access_denied"):
        assert challenge == 'Bearer realm="api"'
    else:
        assert challenge.startswith(f'Bearer realm="api", error="{error}", error_description="')
        assert challenge.endswith(f', scope="{scope}"') == bool(scope)
    assert body.get("error", "") == error
    shown = challenge + response.content.decode()
    assert not token or token not in shown
    assert "email|1" not in shown
