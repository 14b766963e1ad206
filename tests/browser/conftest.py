"""A browser, pages that report what went wrong in them, and a site with a strict policy."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import django
import pytest
from django.test import override_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route
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
]
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
PICTURES = os.environ.get("PWDLESS_PICTURES")
FONT = '"Liberation Sans", Arial, sans-serif'  # the same picture wherever it is taken
Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class View:
    width: int
    scheme: Scheme = "light"

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


PHONE, DARK_PHONE = View(320), View(320, "dark")
DESK, DARK_DESK = View(1280), View(1280, "dark")


@dataclass
class Visit:
    """A page in its own browser context, and what went wrong in it."""

    page: Page
    view: View
    origin: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a page of the site, or to an address elsewhere."""
        self.page.goto(path if "://" in path else self.origin + path)

    def forgive(self, status: int) -> None:
        """Forget that the browser reported a page of this status, once."""
        (report,) = [text for text in self.complaints if f"status of {status}" in text]
        self.complaints.remove(report)

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def check(self) -> None:
        """Fail for anything axe finds, for a scroll bar below, and for whatever was reported."""
        from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

        self.check_fits()
        results = Axe().run(self.page)
        assert results.violations_count == 0, f"{self.path}: {results.generate_report()}"

    def check_fits(self) -> None:
        """Fail for a scroll bar below, and for whatever the page reported."""
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{self.path} is {wide} px too wide at {self.view}"
        assert self.complaints == [], self.path

    def picture(self, name: str, typed: str = "") -> None:
        """Write a picture of the card, where PWDLESS_PICTURES names a folder and on a phone.

        For the picture ``typed``, if anything, stands in the page's field.
        """
        if PICTURES and self.view.width == 320:
            field = self.page.get_by_role("textbox")
            if typed:
                field.fill(typed)
            card = self.page.locator(".pwdless")
            card.evaluate("(card, font) => card.style.setProperty('--pwdless-font', font)", FONT)
            self.page.evaluate("scrollTo(0, 0)")  # the focus may have scrolled
            box = card.bounding_box()
            assert box
            path = Path(PICTURES) / f"{name}-{self.view.scheme}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            clip: Any = {"x": 0, "y": box["y"] - 16, "width": 320, "height": box["height"] + 32}
            self.page.screenshot(path=path, clip=clip, full_page=True, caret="hide")
            if typed:
                field.clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

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
    with override_settings(SECURE_CSP=policy, MIDDLEWARE=[middleware, *settings.MIDDLEWARE]):
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
def configure(settings: Any, site: LocalTenant) -> Callable[..., None]:
    """Set keys of ``PWDLESS``."""

    def configure(**keys: Any) -> None:
        settings.PWDLESS = {**settings.PWDLESS, **keys}

    return configure


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Visit]]:
    """``visit(view, **options)`` opens a new browser context on the site."""
    contexts = []

    def keep_local(route: Route) -> None:
        if urlsplit(route.request.url).hostname in {"localhost", "127.0.0.1"}:
            route.continue_()
        else:
            route.abort()

    def open_context(view: View | None = None, **options: Any) -> Visit:
        view = view or View(1280)
        context = browser.new_context(
            viewport={"width": view.width, "height": 720},
            color_scheme=view.scheme,
            reduced_motion="reduce",
            device_scale_factor=1.5 if PICTURES else 1,
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_init_script(REPORT_VIOLATIONS)
        context.route("**/*", keep_local)
        visit = Visit(context.new_page(), view, live_server.url)
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.on(
            "console",
            lambda message: (
                visit.complaints.append(message.text)
                if message.type in {"error", "warning"} and "favicon" not in str(message.location)
                else None
            ),
        )
        return visit

    yield open_context
    for context in contexts:
        context.close()
