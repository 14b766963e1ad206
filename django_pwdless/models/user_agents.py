"""Browser and system by their family's name, read from ``User-Agent`` by a fixed list.

What a browser says of itself is never shown: it can say anything.
"""

from __future__ import annotations

# The first whose mark is there: most browsers also name those that they come from.
BROWSERS = (
    ("Edge", ("Edg/", "EdgA/", "EdgiOS/", "Edge/")),
    ("Opera", ("OPR/", "OPT/", "Opera")),
    ("Samsung Internet", ("SamsungBrowser/",)),
    ("Vivaldi", ("Vivaldi/",)),
    ("Yandex Browser", ("YaBrowser/",)),
    ("DuckDuckGo", ("DuckDuckGo/", "Ddg/")),
    ("Firefox", ("Firefox/", "FxiOS/")),
    ("Chrome", ("CriOS/", "Chrome/", "Chromium/")),
    ("Safari", ("Safari/",)),
)
SYSTEMS = (
    ("iPhone", ("iPhone",)),
    ("iPad", ("iPad",)),
    ("Android", ("Android",)),
    ("Windows", ("Windows",)),
    ("macOS", ("Macintosh", "Mac OS X")),
    ("ChromeOS", ("CrOS",)),
    ("Linux", ("Linux", "X11")),
)


def browser_family(user_agent: str) -> str:
    """Return the name of the browser's family, or an empty string."""
    return _first(BROWSERS, user_agent)


def system_family(user_agent: str) -> str:
    """Return the name of the system's family, or an empty string."""
    return _first(SYSTEMS, user_agent)


def _first(families: tuple[tuple[str, tuple[str, ...]], ...], user_agent: str) -> str:
    named = (name for name, marks in families if any(mark in user_agent for mark in marks))
    return next(named, "")
