"""Translations that neither lack a text nor keep one that is gone.

After a text has changed: ``django-admin makemessages --all --add-location=file --no-wrap`` in the
package's folder, translate what is empty or fuzzy, ``django-admin compilemessages``.
"""

from __future__ import annotations

import ast
import gettext
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.template import Engine
from django.template.base import Node, Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

import django_pwdless

PACKAGE = Path(django_pwdless.__file__).parent
CATALOGUES = sorted((PACKAGE / "locale").glob("*/LC_MESSAGES/django.po"))
# The tenant and the plugin speak to developers, in English.
UNTRANSLATED = {"localtenant", "testing", "management"}
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}

Text = tuple[str, ...]  # as in the source: one text, or singular and plural


@dataclass
class Entry:
    """One entry of a catalogue; ``lines`` are its parts by keyword, such as ``msgstr[0]``."""

    is_fuzzy: bool = False
    lines: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> Text:
        return tuple(self.lines[key] for key in ("msgid", "msgid_plural") if key in self.lines)

    @property
    def translations(self) -> list[str]:
        return [text for key, text in self.lines.items() if key.startswith("msgstr")]


def read_catalogue(path: Path) -> list[Entry]:
    """Return the entries of a ``.po`` file without its header; obsolete ones too, as empty."""
    entries = []
    for block in re.split(r"\n\n+", path.read_text().strip()):
        entry, key = Entry(), ""
        for line in block.splitlines():
            if line.startswith("#"):
                entry.is_fuzzy = entry.is_fuzzy or (line.startswith("#,") and "fuzzy" in line)
                continue
            start = re.match(r'(msg\w+(?:\[\d\])?) (?=")', line)
            key = start[1] if start else key
            text = ast.literal_eval(line[start.end() :] if start else line)
            entry.lines[key] = entry.lines.get(key, "") + text
        entries.append(entry)
    return entries[1:]


def texts_of_python() -> Iterator[Text]:
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] in UNTRANSLATED:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            count = 1 if node.func.id in SINGULAR else 2 if node.func.id in PLURAL else 0
            if count:
                yield tuple(ast.literal_eval(argument) for argument in node.args[:count])


def texts_of_templates() -> Iterator[Text]:
    for path in (PACKAGE / "templates").rglob("*.html"):
        source = path.read_text()
        assert not re.search(r"""_\(["']""", source), f"{path.name}: use a translate tag"
        template = Template(source, engine=Engine.get_default())
        nodes: list[Node] = [
            node for child in template.nodelist for node in child.get_nodes_by_type(Node)
        ]
        for node in nodes:
            if isinstance(node, TranslateNode):
                yield (node.filter_expression.var.literal,)
            elif isinstance(node, BlockTranslateNode):
                parts = [node.singular, node.plural] if node.plural else [node.singular]
                yield tuple(node.render_token_list(part)[0] for part in parts)


@pytest.fixture(scope="module")
def texts() -> set[Text]:
    return {*texts_of_python(), *texts_of_templates()}


every_language = pytest.mark.parametrize(
    "catalogue", CATALOGUES, ids=[path.parts[-3] for path in CATALOGUES]
)


def test_there_are_translations():
    assert "de" in {path.parts[-3] for path in CATALOGUES}


@every_language
def test_every_text_is_there_and_none_besides(catalogue, texts):
    entries = read_catalogue(catalogue)
    # gettext knows a text by its singular.
    known = {entry.source[0] for entry in entries if entry.lines}
    wanted = {text[0] for text in texts}
    assert (wanted - known, known - wanted) == (set(), set())
    assert all(entry.lines for entry in entries), "obsolete entries are left"
    assert {entry.source for entry in entries if len(entry.source) == 2} == {
        text for text in texts if len(text) == 2
    }


@every_language
def test_every_text_is_translated(catalogue):
    for entry in read_catalogue(catalogue):
        assert not entry.is_fuzzy, entry.source
        assert all(entry.translations), entry.source


@every_language
def test_placeholders_and_markup_are_those_of_the_source(catalogue):
    pattern = re.compile(r"%\(\w+\)[sd]|</?\w+[^>]*>")
    for entry in read_catalogue(catalogue):
        wanted = [Counter(pattern.findall(text)) for text in entry.source]
        for translation in entry.translations:
            assert Counter(pattern.findall(translation)) in wanted, translation


@every_language
def test_compiled_catalogue_is_that_of_the_source(catalogue):
    with catalogue.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    entries = read_catalogue(catalogue)
    for entry in entries:
        if len(entry.source) == 1:
            assert compiled.gettext(entry.source[0]) == entry.translations[0]
        else:
            both = [compiled.ngettext(entry.source[0], entry.source[1], n) for n in (1, 2)]
            assert both == entry.translations
    known = {key[0] if isinstance(key, tuple) else key for key in compiled._catalog}  # type: ignore[attr-defined]
    assert known - {""} == {entry.source[0] for entry in entries}


def test_german_addresses_nobody():
    """So that it suits sites that say "du" and sites that say "Sie"."""
    (german,) = (path for path in CATALOGUES if path.parts[-3] == "de")
    addressing = re.compile(r"\b(du|dich|dir|dein\w*|Ihnen|Ihr\w*|Sie)\b")
    for entry in read_catalogue(german):
        for translation in entry.translations:
            assert not addressing.search(translation), translation
