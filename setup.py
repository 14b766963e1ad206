"""The long description: the README with links and pictures that work on the package index too.

Everything else is in ``setup.cfg``.
"""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

from setuptools import setup

ROOT = Path(__file__).parent
RELATIVE = re.compile(r'(\]\(|(?:src|srcset)=")(?![a-z]+:|#)([^)"]+)')


def long_description() -> str:
    """The README whose relative links lead to the repository as it was at this version."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    source = dict(
        line.split(" = ", 1) for line in config["metadata"]["project_urls"].strip().splitlines()
    )["Source"]
    package = (ROOT / "django_pwdless" / "__init__.py").read_text(encoding="utf-8")
    tag = "v" + re.findall(r'^__version__ = "(.+)"$', package, re.MULTILINE)[0]

    def absolute(match: re.Match[str]) -> str:
        kind = "raw" if match[2].endswith(".png") else "blob"
        return f"{match[1]}{source}/{kind}/{tag}/{match[2]}"

    return RELATIVE.sub(absolute, (ROOT / "README.md").read_text(encoding="utf-8"))


setup(long_description=long_description())
