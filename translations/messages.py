"""Bring the translations up to date: extract every string, and compile every language.

    make messages                    # all languages there are
    make messages ARGS="fr pt_BR"    # and these, begun where there is nothing of them yet

It writes the same bytes wherever and whenever it runs: no dates, no line numbers, nothing fuzzy.
What is still to be translated has an empty ``msgstr``. Needs GNU gettext.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management.commands import makemessages

PACKAGE = Path(__file__).parent.parent / "django_pwdless"
# What xgettext and msgmerge write into a catalogue's head of their own.
CHURN = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|'
    r"Report-Msgid-Bugs-To|X-Generator|Project-Id-Version):.*\n",
    re.MULTILINE,
)
BEGIN = '"Language: '


class Extract(makemessages.Command):
    """Django's own command, without guesses at what a new string may mean."""

    # Django declares it for instances, where nobody changes it.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]  # noqa: RUF012


def extract(package: Path, languages: list[str]) -> None:
    """Write every string of the package into the catalogue of each language."""
    locale = package / "locale"
    known = {path.name for path in locale.iterdir() if path.is_dir()}
    here = Path.cwd()
    os.chdir(package)
    try:
        Extract().run_from_argv(
            [
                "django-admin",
                "makemessages",
                *(f"--locale={name}" for name in sorted(known | {*languages})),
                "--add-location=file",
                "--no-wrap",
                "--no-obsolete",
                "--ignore=localtenant/*",
                "--extension=html,txt,py",
                "--verbosity=0",
            ]
        )
    finally:
        os.chdir(here)


def tidy(catalogue: Path) -> None:
    """Leave out what is another one each time."""
    text = CHURN.sub("", catalogue.read_text(encoding="utf-8"))
    text = text.replace(BEGIN, '"Project-Id-Version: django-pwdless\\n"\n' + BEGIN, 1)
    catalogue.write_text(text, encoding="utf-8")


def compile_catalogue(catalogue: Path) -> None:
    """Write the file that Django reads; placeholders that differ are an error."""
    compiled = catalogue.with_suffix(".mo")
    subprocess.run(["msgfmt", "--check-format", "-o", compiled, catalogue], check=True)


def main(package: Path = PACKAGE, languages: list[str] | None = None) -> None:
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    extract(package, languages or [])
    for catalogue in sorted(package.glob("locale/*/LC_MESSAGES/django.po")):
        tidy(catalogue)
        compile_catalogue(catalogue)


if __name__ == "__main__":
    main(languages=sys.argv[1:])
