"""The reference pages say what the code says: no more, no less."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.dispatch import Signal
from django.urls import URLPattern

import django_pwdless
from django_pwdless import signals, urls
from django_pwdless.checks.values import KINDS
from django_pwdless.conf import RATE_LIMITS, Configuration

PACKAGE = Path(django_pwdless.__file__).parent
REFERENCE = PACKAGE.parent / "docs" / "reference"
SETTING = re.compile(
    r"^### `(?P<name>\w+)`\n\n\*(?P<kind>.+)\*, (?:required|default `(?P<default>.+)`)\n\n\w",
    re.MULTILINE,
)


def read(page: str) -> str:
    return (REFERENCE / f"{page}.md").read_text(encoding="utf-8")


def settings_in_docs() -> dict[str, re.Match[str]]:
    return {match["name"]: match for match in SETTING.finditer(read("settings"))}


def as_list(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def view_class(url: URLPattern) -> Any:
    callback: Any = url.callback
    return callback.view_class


def overview(page: str) -> str:
    """What stands before the page's first section."""
    return read(page).partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of a text's tables, without headings."""
    table = re.findall(r"^\| (`.+) \|$", text, re.MULTILINE)
    return [row.replace("`", "").split(" | ") for row in table]


def test_each_setting_has_one_entry() -> None:
    headings = re.findall(r"^### (.+)$", read("settings"), re.MULTILINE)
    assert sorted(headings) == sorted(f"`{name}`" for name in Configuration.keys())  # noqa: SIM118
    assert set(settings_in_docs()) == set(Configuration.keys())


@pytest.mark.parametrize("name", Configuration.keys())
def test_setting_has_its_type_and_default(name: str) -> None:
    entry, setting = settings_in_docs()[name], Configuration.keys()[name]
    assert entry["kind"] == KINDS[name].words
    if setting.is_required:
        assert entry["default"] is None
    else:
        assert as_list(ast.literal_eval(entry["default"])) == as_list(setting.default)


def test_each_setting_is_in_the_overview() -> None:
    listed = re.findall(r"`([A-Z_0-9]+)`", overview("settings").partition("\n- [")[2])
    assert sorted(listed) == sorted(Configuration.keys())


def test_page_has_the_default_rate_limits() -> None:
    entry = read("settings").partition("### `RATE_LIMITS`")[2]
    block = re.search(r"```python\n(.+?)```", entry, re.DOTALL)
    assert block is not None
    assert ast.literal_eval(block[1]) == RATE_LIMITS


def test_each_check_is_listed_once() -> None:
    sources = (path.read_text("utf-8") for path in (PACKAGE / "checks").glob("*.py"))
    used = re.findall(r"pwdless\.[EW]\d+", "".join(sources))
    assert sorted(row[0] for row in rows(read("checks"))) == sorted(used)


def test_each_signal_is_listed_once() -> None:
    declared = [name for name, value in vars(signals).items() if isinstance(value, Signal)]
    assert [row[0] for row in rows(read("signals"))] == declared


def test_each_url_is_listed_once() -> None:
    installed = [
        [str(url.name), str(url.pattern), view_class(url).__name__] for url in urls.urlpatterns
    ]
    assert [row[:3] for row in rows(overview("pages"))] == installed


@pytest.mark.parametrize("url", urls.urlpatterns, ids=lambda url: str(url.name))
def test_url_has_its_methods(url: URLPattern) -> None:
    view = view_class(url)
    taken = [name.upper() for name in ("get", "post") if name in view.http_method_names]
    (row,) = (row for row in rows(overview("pages")) if row[0] == url.name)
    assert row[3] == ", ".join(name for name in taken if hasattr(view, name.lower()))
