"""The samples of "Call an API" work as they stand there, with an API on loopback."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import path

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.clients.api import DEFAULT_API
from tests import urls
from tests.journeys.browser import TOKEN, Browser
from tests.journeys.conftest import Configure, NewBrowser

from .conftest import DAY, HTML, refreshes

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "call-an-api.md"
SAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
ORDERS = ["a book", "a lamp"]


class OrdersAPI(BaseHTTPRequestHandler):
    """Tells somebody's orders to whoever has an access token of theirs."""

    tenant: LocalTenant

    def do_GET(self) -> None:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        grant = self.tenant.state.access_tokens.find(token)
        is_good = grant is not None and "read:orders" in grant.scope and scheme == "Bearer"
        self.send_response(200 if is_good and self.path == "/orders" else 401)
        self.end_headers()
        self.wfile.write(b'["a book", "a lamp"]')

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def api(tenant: LocalTenant) -> Iterator[str]:
    handler = type("Handler", (OrdersAPI,), {"tenant": tenant})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def run(text: str, api: str = "") -> dict[str, Any]:
    """What the page's one sample with this text defines, for this API."""
    (code,) = (sample for sample in SAMPLES if text in sample)
    names: dict[str, Any] = {"__name__": "sample"}
    exec(code, names)
    names["API"] = api
    return names


def test_settings(new_browser: NewBrowser, configure: Configure, tenant: LocalTenant) -> None:
    keys = run('"TOKENS"')["PWDLESS"]
    tenant.add_api(keys["AUDIENCE"])
    configure(**keys)
    new_browser().sign_in()
    assert tenant.state.refresh_tokens._families
    assert keys["AUDIENCE"] != DEFAULT_API


@pytest.mark.parametrize("text", ["def orders(request):\n    token = get", "async def orders"])
def test_views(text: str, api: str, signed_in: Browser, settings: Any, clock: Any) -> None:
    if text.startswith("async"):
        pytest.importorskip("httpx")
    module: Any = ModuleType("howto_urls")
    module.urlpatterns = [path("orders/", run(text, api)["orders"]), *urls.urlpatterns]
    settings.ROOT_URLCONF = module
    for count in range(3):
        response = signed_in.client.get("/orders/", headers=HTML)
        assert (response.status_code, response.json()) == (200, {"orders": ORDERS})
        assert len(refreshes(signed_in.tenant)) == count
        clock.shift(DAY)
    signed_in.tenant.answer(TOKEN, 403, "invalid_grant")
    assert "/accounts/login/" in signed_in.client.get("/orders/", headers=HTML)["Location"]


def test_background_task(api: str, signed_in: Browser, clock: Any) -> None:
    sync_orders = run("def sync_orders", api)["sync_orders"]
    user_pk = get_user_model().objects.get().pk
    assert sync_orders(user_pk) == ORDERS
    clock.shift(DAY)
    signed_in.tenant.fail(TOKEN, "refused", times=1)
    assert sync_orders(user_pk) == "later"
    signed_in.tenant.recover()
    assert sync_orders(user_pk) == ORDERS
    signed_in.post("logout")
    assert sync_orders(user_pk) is None
