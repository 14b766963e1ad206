"""The reference pages say what the code says: no more, no less."""

from __future__ import annotations

import ast
import re
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
from django.dispatch import Signal
from django.urls import URLPattern

import django_pwdless
from django_pwdless import signals, urls
from django_pwdless.checks.settings.values import KINDS
from django_pwdless.conf import RATE_LIMITS, Configuration
from django_pwdless.doctor.assumptions import ASSUMPTIONS
from django_pwdless.doctor.entry import Entry
from django_pwdless.doctor.registry import OFFLINE, ONLINE
from django_pwdless.events import telling

PACKAGE = Path(django_pwdless.__file__).parent
LINES = (*OFFLINE, *ONLINE)
REFERENCE = PACKAGE.parent / "docs" / "reference"
HOWTO = REFERENCE.parent / "howto"
README = PACKAGE.parent / "README.md"
GUIDES = sorted([*HOWTO.glob("*.md"), *(REFERENCE.parent / "tutorial").glob("*.md")])
# Names of code.
OTHERS_SAY = {"Bad Request", "My things are gone", "Not found"}
NOT_OF_THE_DOCTOR = {"client.post", "clock.advance", "tenant.access_token"}
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


def checks_of_settings() -> dict[str, set[str]]:
    """The ids of the checks that are given the value of a setting, by that setting."""
    found: dict[str, set[str]] = {}
    for path in (PACKAGE / "checks").rglob("*.py"):
        lines = path.read_text("utf-8").splitlines()
        tree = ast.walk(ast.parse("\n".join(lines)))
        for check in (each for each in tree if isinstance(each, ast.FunctionDef)):
            for given in check.decorator_list:
                names = re.findall(r"Constant\(value='([A-Z_]+)'", ast.dump(given))
                body = "\n".join(lines[check.lineno - 1 : check.end_lineno])
                for name in names:
                    found.setdefault(name, set()).update(re.findall(r"pwdless\.[EW]\d+", body))
    return found


@pytest.mark.parametrize("name", Configuration.keys())
def test_setting_has_its_errors(name: str) -> None:
    entry = read("settings").partition(f"### `{name}`\n")[2].partition("\n##")[0]
    line = re.search(r"^Errors: (.+)\.$", entry, re.MULTILINE)
    listed = re.findall(r"pwdless\.[EW]\d+", line[1]) if line else []
    assert listed == sorted(listed)
    about = [id for id, text in meanings() if f"`{name}`" in text]
    assert set(listed) <= {*about, *checks_of_settings().get(name, set())}
    assert set(about) <= set(listed)


def meanings() -> list[tuple[str, str]]:
    """What each check of one setting means; those of any key are told of in the introduction."""
    listed = rows(read("checks").partition("\n## The lines of the doctor")[0])
    return [(row[0], read_cell(row[0])) for row in listed if row[0] > "pwdless.E008"]


def read_cell(id: str) -> str:
    """The second cell of the row of a check, as it stands there."""
    found = re.search(rf"^\| `{id}` \| (.+?) \| ", read("checks"), re.MULTILINE)
    assert found is not None
    return found[1]


def test_each_setting_is_in_the_overview() -> None:
    listed = re.findall(r"`([A-Z_0-9]+)`", overview("settings").partition("\n- [")[2])
    assert sorted(listed) == sorted(Configuration.keys())


def test_page_has_the_default_rate_limits() -> None:
    entry = read("settings").partition("### `RATE_LIMITS`")[2]
    block = re.search(r"```python\n(.+?)```", entry, re.DOTALL)
    assert block is not None
    assert ast.literal_eval(block[1]) == RATE_LIMITS


def test_each_check_is_listed_once() -> None:
    sources = (path.read_text("utf-8") for path in (PACKAGE / "checks").rglob("*.py"))
    used = re.findall(r"pwdless\.[EW]\d+", "".join(sources))
    listed = rows(read("checks").partition("\n## The lines of the doctor")[0])
    assert sorted(row[0] for row in listed) == sorted(used)


@pytest.mark.parametrize("line", LINES, ids=lambda line: str(line.id))
def test_each_line_of_the_doctor_is_listed_once(line: Entry) -> None:
    page = read("checks").partition("\n## The lines of the doctor")[2]
    (row,) = [row for row in rows(page) if row[0] == line.id]
    application = "Applications > Applications > your application"
    assert row[2].strip() == line.where.replace(application, "the application")
    assert row[3].removesuffix(" |").strip() == line.setting


def test_no_other_line_of_the_doctor_is_listed() -> None:
    page = read("checks").partition("\n## The lines of the doctor")[2]
    assert [row[0] for row in rows(page)] == [line.id for line in LINES]


def test_what_the_doctor_compares_is_among_the_assumptions() -> None:
    page = (REFERENCE.parent / "explanation" / "assumptions.md").read_text("utf-8")
    numbers = re.findall(r"^### (\d+)\. ", page, re.MULTILINE)
    assert {str(assumption.number) for assumption in ASSUMPTIONS} <= set(numbers)


def troubleshooting() -> str:
    return (REFERENCE.parent / "howto" / "troubleshoot.md").read_text("utf-8")


def test_each_outcome_has_its_entry_in_troubleshooting() -> None:
    source = (PACKAGE / "pages" / "problems.py").read_text("utf-8")
    outcomes = re.findall(r'Problem\(\s*"(\w+)"', source)
    table = troubleshooting().partition("## What the page said")[2].partition("\n## ")[0]
    assert sorted(row[0] for row in rows(table)) == sorted(outcomes)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: str(page.stem))
def test_guides_name_lines_of_the_doctor_that_there_are(page: Path) -> None:
    rooms = "|".join(sorted({line.id.partition(".")[0] for line in LINES if "." in line.id}))
    named = set(re.findall(rf"`((?:{rooms})\.[a-z_0-9]+)`", page.read_text("utf-8")))
    assert named - NOT_OF_THE_DOCTOR <= {line.id for line in LINES}


def test_switches_are_where_the_doctor_says() -> None:
    page = (HOWTO / "switches.md").read_text("utf-8")
    rows = [row.split(" | ") for row in re.findall(r"^\| (.+) \|$", page, re.MULTILINE)]
    listed = {row[3].strip("`"): row[1] for row in rows if row[0] != "switch"}
    places = {line.id: line.where for line in LINES}
    application = "Applications > Applications > your application"
    assert len(listed) > 25
    for line, where in listed.items():
        assert where.replace("the application", application, 1) == places[line]


def texts() -> str:
    """Whatever the pages say, in English."""
    with (PACKAGE / "locale/de/LC_MESSAGES/django.mo").open("rb") as file:
        catalogue = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return "\n".join(key if isinstance(key, str) else key[0] for key in catalogue)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: str(page.stem))
def test_guides_quote_what_people_see(page: Path) -> None:
    section = page.read_text("utf-8").partition("## What goes wrong\n")[2].partition("\n## ")[0]
    cells = [row.partition(" | ")[0] for row in re.findall(r"^\| (.+) \|$", section, re.MULTILINE)]
    quoted = {text for cell in cells for text in re.findall(r'"([A-Z][^"…]+)[^"]*"', cell)}
    assert not [text for text in quoted - OTHERS_SAY if text.rstrip(", ") not in texts()]


@pytest.mark.parametrize("page", [README, *GUIDES], ids=lambda page: str(page.stem))
def test_email_is_one_word(page: Path) -> None:
    assert not re.findall(r"(?i)\be-mails?\b", page.read_text("utf-8"))


def test_readme_can_be_read_at_once() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= 150


def test_each_signal_is_listed_once() -> None:
    declared = [name for name, value in vars(signals).items() if isinstance(value, Signal)]
    assert [row[0] for row in rows(overview("signals"))] == declared


def test_each_field_and_event_of_the_log_is_listed_once() -> None:
    records = rows(read("signals").partition("## Log records")[2])
    assert [row[0] for row in records] == ["pwdless_event", *telling.DETAILS, *telling.SENTENCES]


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
