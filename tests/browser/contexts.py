"""Browser contexts, which are kept from test to test: each as good as new."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tests.browser.pictures import IS_TAKING
from tests.browser.visits import View

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PATIENCE = 20_000  # milliseconds, on a machine that does much else
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


class Contexts:
    """A new context takes as long as five pages: it starts a process, which has read nothing yet.

    A test's context goes on to the next one that wants such a context, without cookies and with
    another tab in the place of those there were.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._kept: dict[str, list[Page]] = defaultdict(list)

    def take(self, view: View, options: dict[str, Any]) -> Page:
        """Return the only page of a context."""
        kept = self._kept[f"{view} {options}"]
        return kept.pop() if kept else self._begin(view, options).new_page()

    def give_back(self, page: Page, view: View, options: dict[str, Any]) -> None:
        """Keep the page's context, unless its clock was changed: it stays so."""
        context = page.context
        another = context.new_page()
        for tab in context.pages:
            if tab != another:
                tab.close()
        context.clear_cookies()
        if "[native code]" in another.evaluate("String(setTimeout)"):
            self._kept[f"{view} {options}"].append(another)
        else:
            context.close()

    def _begin(self, view: View, options: dict[str, Any]) -> BrowserContext:
        context = self._browser.new_context(
            viewport={"width": view.width, "height": 720},
            color_scheme=view.scheme,
            reduced_motion="reduce",
            device_scale_factor=1.5 if IS_TAKING else 1,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT_VIOLATIONS)
        return context
