"""The translations: whole, current, and true to the English in what no language may change."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.utils.translation import to_locale

import django_pwdless
from tests.languages import TRANSLATED
from translations import messages

PACKAGE = Path(django_pwdless.__file__).parent
CATALOGUES = sorted(PACKAGE.glob("locale/*/LC_MESSAGES/django.po"))
# What a translation keeps: placeholders, tags, and line ends.
KEPT = re.compile(r"%\(\w+\)[sd]|</?\w+[^>]*>|\n")

in_each_language = pytest.mark.parametrize(
    "catalogue", CATALOGUES, ids=[path.parts[-3] for path in CATALOGUES]
)


def entries(catalogue: Path) -> dict[str, str]:
    with catalogue.with_suffix(".mo").open("rb") as file:
        known = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in known.items() if key}


def test_the_languages_of_the_interface_are_there_and_no_others() -> None:
    names = sorted(to_locale(language) for language in TRANSLATED)
    assert [path.parts[-3] for path in CATALOGUES] == names


def english_of(key: str | tuple[str, int]) -> str:
    msgid = key[0] if isinstance(key, tuple) else key
    return msgid.rpartition("\x04")[2]


def blocks(catalogue: Path) -> list[str]:
    """Its entries as they are written, without the head."""
    return catalogue.read_text(encoding="utf-8").strip().split("\n\n")[1:]


@in_each_language
def test_everything_is_translated_and_nothing_is_a_guess(catalogue: Path) -> None:
    for block in blocks(catalogue):
        texts = re.findall(r'^msgstr(?:\[\d\])? (.*(?:\n".*)*)', block, re.MULTILINE)
        assert texts and all(text.strip('"\n') for text in texts), block
        assert "fuzzy" not in block and not block.startswith("#~"), block


@in_each_language
def test_as_many_plural_forms_as_the_head_says(catalogue: Path) -> None:
    text = catalogue.read_text(encoding="utf-8")
    (count,) = re.findall(r"Plural-Forms: nplurals=(\d);", text)
    for block in blocks(catalogue):
        if "msgid_plural" in block:
            assert len(re.findall(r"^msgstr\[", block, re.MULTILINE)) == int(count), block


@in_each_language
def test_placeholders_and_tags_are_the_same(catalogue: Path) -> None:
    for key, text in entries(catalogue).items():
        english = english_of(key)
        assert Counter(KEPT.findall(text)) == Counter(KEPT.findall(english)), (english, text)


@in_each_language
def test_example_addresses_stay_examples(catalogue: Path) -> None:
    for key, text in entries(catalogue).items():
        assert text.count("name@example.com") == english_of(key).count("name@example.com"), text


def without_texts(catalogue: Path) -> list[str]:
    """Its entries as every language has them: where they are, what is said of them, the English."""
    return [block.partition("\nmsgstr")[0] for block in blocks(catalogue)]


def test_each_language_has_the_same_entries() -> None:
    expected = without_texts(CATALOGUES[0])
    for catalogue in CATALOGUES[1:]:
        assert without_texts(catalogue) == expected, catalogue


needs_gettext = pytest.mark.skipif(
    not shutil.which("xgettext"), reason="GNU gettext is not installed"
)


@needs_gettext
@pytest.mark.parametrize(
    "catalogues",
    [CATALOGUES[:1], pytest.param(CATALOGUES, marks=pytest.mark.thorough)],
    ids=["first", "all"],
)
def test_catalogues_hold_what_the_package_says(catalogues: list[Path], tmp_path: Path) -> None:
    """A failure is mended by ``make messages``, and by translating what is new then.

    Extracting takes a moment for each language, and what one has of it all of them have.
    """
    others = {path.parts[-3] for path in CATALOGUES} - {path.parts[-3] for path in catalogues}
    package = tmp_path / "django_pwdless"
    left_out = shutil.ignore_patterns("localtenant", "static", "__pycache__", *others)
    shutil.copytree(PACKAGE, package, ignore=left_out)
    messages.main(package)
    for catalogue in catalogues:
        assert_same(package / catalogue.relative_to(PACKAGE), catalogue)


@needs_gettext
def test_catalogues_are_compiled(tmp_path: Path) -> None:
    for catalogue in CATALOGUES:
        fresh = Path(shutil.copy(catalogue, tmp_path))
        messages.compile_catalogue(fresh)
        assert_same(fresh, catalogue)


def assert_same(fresh: Path, catalogue: Path) -> None:
    for path in (catalogue, catalogue.with_suffix(".mo")):
        assert fresh.with_suffix(path.suffix).read_bytes() == path.read_bytes(), path
