"""The example project's native app: what it sends to Auth0, and what it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.clients.client import OTP_GRANT

EXAMPLE = Path(__file__).parent.parent / "example_project"
API = "https://api.example.com"
ANN = "ann@example.com"
TOKEN = "/oauth/token"


@pytest.fixture(scope="module")
def tenant() -> Iterator[LocalTenant]:
    with LocalTenant(apis=[API]) as tenant:
        yield tenant


@pytest.fixture
def native(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(EXAMPLE)
    import native_client

    return native_client


@pytest.fixture
def app(native: Any, tenant: LocalTenant) -> Iterator[Any]:
    app = native.NativeApp(tenant.base_url, tenant.add_client("public").client_id, API)
    app.http.trust_env = False
    with app.http:
        yield app


def sign_in(app: Any, tenant: LocalTenant) -> Any:
    app.ask_for_code(ANN)
    return app.sign_in(ANN, tenant.inbox.latest(ANN).code)


def test_sign_in_needs_no_secret(app: Any, tenant: LocalTenant) -> None:
    assert sign_in(app, tenant).access_token
    start, exchange = (tenant.calls(path)[-1].body for path in ("/passwordless/start", TOKEN))
    assert start.keys() == {"client_id", "connection", "send", "email"}
    assert exchange.keys() == {
        *("client_id", "grant_type", "realm", "username", "otp", "scope", "audience"),
    }
    assert exchange["grant_type"] == OTP_GRANT


@pytest.mark.parametrize("rotated", ["v1.new", None])
def test_refresh_keeps_the_newest_refresh_token(
    app: Any, tenant: LocalTenant, rotated: str | None
) -> None:
    tokens = sign_in(app, tenant)
    more = {} if rotated is None else {"refresh_token": rotated}
    tenant.answer(TOKEN, 200, times=1, access_token="new", **more)
    new = app.refresh(tokens)
    assert tenant.calls(TOKEN)[-1].body == {
        "client_id": app.client_id,
        "grant_type": "refresh_token",
        "refresh_token": tokens.refresh_token,
    }
    assert (new.access_token, new.refresh_token) == ("new", rotated or tokens.refresh_token)


def test_refresh_that_auth0_refuses(app: Any, native: Any, tenant: LocalTenant) -> None:
    tokens = native.Tokens("access", "v1.unknown")
    with pytest.raises(native.Refused, match="invalid_grant"):
        app.refresh(tokens)
    with pytest.raises(native.Refused, match="no_refresh_token"):
        app.refresh(native.Tokens("access", None))


def test_tokens_are_not_shown(app: Any, tenant: LocalTenant) -> None:
    tokens = sign_in(app, tenant)
    assert tokens.access_token not in repr(tokens)
    assert tokens.refresh_token not in repr(tokens)
