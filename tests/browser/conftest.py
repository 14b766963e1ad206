"""A browser, pages that report what went wrong in them, and a site with a strict policy."""

from __future__ import annotations

import importlib.util
import inspect
import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import django
import pytest
from django.test import override_settings

from tests.browser.contexts import PATIENCE, Contexts
from tests.browser.pictures import IS_TAKING
from tests.browser.visits import USUAL, Habits, View, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

    from django_pwdless.localtenant import LocalTenant

if importlib.util.find_spec("playwright") is None:
    collect_ignore_glob = ["test_*.py"]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process for all pages of a context, none in reserve, and nothing made anew for a page that
    # the last one had. A window has two pages of its own for an address bar nobody types into.
    # Of Playwright's own list, which this one replaces, the last two are for pages of a test.
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
    "--disable-features=IsolateOrigins,site-per-process,SpareRendererForSitePerProcess,"
    "RenderDocument,WebUIOmniboxPopup,WebUIOmniboxAimPopup,HttpsUpgrades,PaintHolding",
    # Nothing beyond this machine can be reached: neither a name nor an address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where pictures are taken, leave out the journeys that take none."""
    if IS_TAKING:
        functions = [(item, getattr(item, "function", None)) for item in items]
        items[:] = [item for item, f in functions if f and "picture(v" in inspect.getsource(f)]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)

    named = os.environ.get("CHROMIUM")
    names = [named] if named else ["chromium-headless-shell", "chromium"]
    chromium = next(filter(None, map(shutil.which, names)), None)
    assert chromium, "no Chromium found; name one in CHROMIUM"
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django would refuse the database here.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def strict_policy() -> Iterator[None]:
    """Send the policy of the interface: by Django's own middleware where it has one."""
    from django.conf import settings

    policy: dict[str, Any] = {"default-src": ["'self'"], "form-action": ["'self'"]}
    middleware = "tests.browser.policy.policy_middleware"
    if django.VERSION >= (6, 0):
        middleware = "django.middleware.csp.ContentSecurityPolicyMiddleware"
    # Which does nothing until a test turns SIGN_INS on.
    watching = "django_pwdless.middleware.SignInMiddleware"
    chain = [middleware, *settings.MIDDLEWARE, watching]
    with override_settings(SECURE_CSP=policy, MIDDLEWARE=chain):
        yield


@pytest.fixture(scope="session")
def live_server(strict_policy: None, django_db_setup: None, live_server: LiveServer) -> LiveServer:
    """The live server, started after the database was made: earlier it would share a connection."""
    return live_server


@pytest.fixture
def site(pwdless_tenant: LocalTenant) -> LocalTenant:
    """The local tenant that the site's logins go through."""
    return pwdless_tenant


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    return Contexts(browser)


@pytest.fixture
def visit(contexts: Contexts, live_server: LiveServer) -> Iterator[Callable[..., Visit]]:
    """``visit(how, **options)`` opens a browser as good as new on the site; a view, or habits."""
    pages = []

    def open_page(how: View | Habits | None = None, **options: Any) -> Visit:
        habits = how if isinstance(how, Habits) else USUAL
        view = how if isinstance(how, View) else habits.view
        options.setdefault("java_script_enabled", habits.has_script)
        page = contexts.take(view, options)
        pages.append((page, view, options))
        return Visit(page, view, live_server.url, habits)

    yield open_page
    for each in pages:
        contexts.give_back(*each)
