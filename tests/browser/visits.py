"""A person's visit in a browser, and what is looked for on each of its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from django.utils.translation import get_language_info

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

# How far the page is too wide; and whether the card's head begins at the right.
LAYOUT = """() => {
  const root = document.documentElement;
  const badge = document.querySelector(".pwdless-badge")?.getBoundingClientRect();
  const card = document.querySelector(".pwdless")?.getBoundingClientRect();
  return {
    overflow: root.scrollWidth - root.clientWidth,
    direction: getComputedStyle(root).direction,
    is_mirrored: badge ? badge.left - card.left > card.right - badge.right : null,
  };
}"""
# The page's elements without what is written in them, nor where its links and forms lead.
OUTLINE = """() => {
  const words = ["title", "alt", "aria-label", "placeholder", "value", "action"];
  const isWords = (element, name) =>
    words.includes(name) || (name === "href" && element.localName === "a");
  const attributes = (element) => [...element.attributes].map(({ name, value }) =>
    ` ${name}="${isWords(element, name) && value ? "…" : value}"`).join("");
  const outline = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return node.data.trim() && "…";
    const inside = node.localName === "svg" ? "" : [...node.childNodes].map(outline).join("");
    return `<${node.localName}${attributes(node)}>${inside}</>`;
  };
  return outline(document.documentElement);
}"""
# What makes no other page of it: tokens, keys and numbers.
CHANGING = re.compile(r"\b\w{24,}\b|\|\w+|\d+")
CHECKED: set[str] = set()  # outlines of pages that axe has looked at
LOOKED_BACK: set[tuple[str, str]] = set()  # steps: the outlines of a page and of the next one
Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class View:
    width: int
    scheme: Scheme = "light"

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


PHONE, DARK_PHONE = View(320), View(320, "dark")
DESK, DARK_DESK = View(1280), View(1280, "dark")


@dataclass(frozen=True)
class Habits:
    """How somebody goes through the pages.

    By the keyboard, or by a mouse and with two clicks where one would do. Who ``looks_back``
    reloads each page, and goes back and forward again: once wherever they came from.
    """

    name: str
    view: View = DESK
    has_script: bool = True
    has_mouse: bool = False
    looks_back: bool = False
    language: str = "en"

    def __str__(self) -> str:
        return self.name


USUAL = Habits("usual")


@dataclass
class Visit:
    """A page in its own browser context, and what went wrong in it."""

    page: Page
    view: View
    origin: str
    habits: Habits = USUAL
    complaints: list[str] = field(default_factory=list)
    last: str = ""  # the outline of the page before

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self.note)

    def note(self, message: ConsoleMessage) -> None:
        """Remember what the browser complains about."""
        if message.type in {"error", "warning"} and "favicon" not in str(message.location):
            self.complaints.append(message.text)

    def another_tab(self) -> Visit:
        """Open a tab beside this one, with the same session."""
        return Visit(self.page.context.new_page(), self.view, self.origin, self.habits)

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

    def is_new_step(self) -> bool:
        """Whether nobody has come to this page from the one before."""
        step = self.last, self.outline()
        self.last = step[1]
        is_new = step not in LOOKED_BACK
        LOOKED_BACK.add(step)
        return is_new

    def outline(self) -> str:
        """Return the page's elements, without their words and what changes."""
        return CHANGING.sub("", self.page.evaluate(OUTLINE))

    def check(self) -> None:
        """Fail for whatever was reported, and for what is wrong in any scheme, at any width.

        Scripts are not there without a script: axe is one too. Pages that differ in nothing but
        words are looked at by it once.
        """
        self.check_fits()
        if not self.habits.has_script or (outline := self.outline()) in CHECKED:
            return
        CHECKED.add(outline)
        self.check_accessible()
        self.page.emulate_media(color_scheme="light" if self.view.scheme == "dark" else "dark")
        self.check_accessible("color-contrast")
        self.page.emulate_media(color_scheme=self.view.scheme)
        # The first is a screen of 1280 by 1024 at a zoom of 400 %.
        for width, height in ((320, 256), (1280, 720), (self.view.width, 720)):
            self.page.set_viewport_size({"width": width, "height": height})
            self.check_fits()

    def check_accessible(self, *rules: str) -> None:
        """Fail for anything axe finds, by all of its rules or by these."""
        from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]

        more = {"runOnly": rules} if rules else {"rules": {"target-size": {"enabled": True}}}
        options = {"resultTypes": ["violations"], **more}
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate("async (o) => (await axe.run(o)).violations", options)
        nodes = [(one["help"], node["html"], node["any"]) for one in found for node in one["nodes"]]
        assert nodes == [], self.path

    def check_fits(self) -> None:
        """Fail for a scroll bar below, for a wrong direction, and for whatever was reported."""
        page = self.page.evaluate(LAYOUT)
        assert page["overflow"] <= 0, f"{self.path} is {page['overflow']} px too wide"
        is_mirrored = get_language_info(self.habits.language)["bidi"]
        assert page["direction"] == ("rtl" if is_mirrored else "ltr"), self.path
        assert page["is_mirrored"] in (None, is_mirrored), self.path
        assert self.complaints == [], self.path
