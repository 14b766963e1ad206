"""A language that nobody speaks: the English of the pages, with accents, two fifths longer."""

from __future__ import annotations

import math
import re
from gettext import GNUTranslations
from pathlib import Path

import django_pwdless
from translations.messages import compile_catalogue

#: One that Django knows, with formats of its own, and the package does not.
CODE = "eo"
ACCENTS = str.maketrans("aeiounAEIOUN", "áéíóúñÁÉÍÓÚÑ")
KEPT = re.compile(r"(%\(\w+\)[sd]|</?\w+>|\S+@\S+)")
WORD = re.compile(r"[^\W\d_]+")
HEAD = r'"Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"'
GERMAN = Path(django_pwdless.__file__).parent / "locale/de/LC_MESSAGES/django.mo"


def pseudo(english: str) -> str:
    """Return the text in that language, placeholders and addresses as they are."""
    parts = KEPT.split(english)
    return "".join(
        part if number % 2 else WORD.sub(_longer, part) for number, part in enumerate(parts)
    )


def write_catalogue(folder: Path) -> Path:
    """Write all that the package says into a folder for ``LOCALE_PATHS``, and return that."""
    with GERMAN.open("rb") as file:
        known = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    plurals = {key[0] for key in known if isinstance(key, tuple)}
    singles = {key for key in known if isinstance(key, str) and key} - plurals
    entries = [_entry(key, key in plurals) for key in sorted(plurals | singles)]
    catalogue = folder / CODE / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text("\n\n".join([f'msgid ""\nmsgstr {HEAD}', *entries]), encoding="utf-8")
    compile_catalogue(catalogue)
    return folder


def _longer(word: re.Match[str]) -> str:
    text = word[0].translate(ACCENTS)
    return text + "o" * math.ceil(len(text) * 0.4)


def _entry(key: str, has_plural: bool) -> str:
    context, _, english = key.rpartition("\x04")
    text = pseudo(english)
    lines = [f"msgctxt {_quoted(context)}"] if context else []
    lines += [f"msgid {_quoted(english)}"]
    if has_plural:
        lines += [f"msgid_plural {_quoted(english)}"]
        lines += [f"msgstr[{form}] {_quoted(text)}" for form in (0, 1)]
    else:
        lines += [f"msgstr {_quoted(text)}"]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    text = text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'"{text}"'
