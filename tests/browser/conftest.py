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
    # Each context has a window, and each window two pages for an address bar nobody types into.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,HttpsUpgrades,PaintHolding",
    # Nothing beyond this machine can be reached: neither a name nor an address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
PATIENCE = 20_000  # milliseconds, on a machine that does much else
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where pictures are taken, leave out the journeys that take none."""
    if IS_TAKING:
        functions = [(item, getattr(item, "function", None)) for item in items]
        items[:] = [item for item, f in functions if f and "picture(v" in inspect.getsource(f)]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)

    chromium = shutil.which(os.environ.get("CHROMIUM") or "chromium")
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


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Visit]]:
    """``visit(how, **options)`` opens a new browser context on the site; a view, or habits."""
    contexts = []

    def open_context(how: View | Habits | None = None, **options: Any) -> Visit:
        habits = how if isinstance(how, Habits) else USUAL
        view = how if isinstance(how, View) else habits.view
        options.setdefault("java_script_enabled", habits.has_script)
        context = browser.new_context(
            viewport={"width": view.width, "height": 720},
            color_scheme=view.scheme,
            reduced_motion="reduce",
            device_scale_factor=1.5 if IS_TAKING else 1,
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT_VIOLATIONS)
        return Visit(context.new_page(), view, live_server.url, habits)

    yield open_context
    for context in contexts:
        context.close()
