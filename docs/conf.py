"""The documentation's site: the Markdown pages as GitHub shows them, with navigation and search."""

from __future__ import annotations

import re
import shutil
from configparser import ConfigParser
from pathlib import Path

from sphinx.application import Sphinx

DOCS = Path(__file__).parent
setup_cfg = ConfigParser()
setup_cfg.read(DOCS.parent / "setup.cfg")
urls = dict(line.split(" = ") for line in setup_cfg["metadata"]["project_urls"].strip().split("\n"))

project = "django-pwdless"
author = copyright = setup_cfg["metadata"]["author"]
package = (DOCS.parent / "django_pwdless" / "__init__.py").read_text("utf-8")
release = version = re.findall(r'__version__ = "(.+)"', package)[0]

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"django-pwdless {release}"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_theme_options = {
    "source_repository": f"{urls['Source']}/",
    "source_branch": "main",
    "source_directory": "docs/",
}
myst_heading_anchors = 4
nitpicky = True
# What is on this machine, or behind a login, is nothing to look up.
linkcheck_ignore = [r"http://127\.0\.0\.1", r"https://manage\.auth0\.com"]


def add_contents(app: Sphinx, docname: str, source: list[str]) -> None:
    """Give the index a table of contents for each of its headings, from the links beneath."""
    if docname != "index":
        return
    for heading, body in re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", source[0], re.MULTILINE):
        pages = "\n".join(re.findall(r"\]\(([\w/-]+)\.md\)", body))
        if pages:
            source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {heading}\n\n{pages}\n```\n"


def lead_to_repository(app: Sphinx, docname: str, source: list[str]) -> None:
    """Links to files outside of docs lead to the repository, as the site does not hold them."""

    def absolute(match: re.Match[str]) -> str:
        target = (DOCS / docname).parent.joinpath(match[1]).resolve()
        if target.is_relative_to(DOCS) or not target.exists():
            return match[0]
        return f"]({urls['Source']}/blob/main/{target.relative_to(DOCS.parent).as_posix()}"

    source[0] = re.sub(r"\]\((\.\./[^)#\s]+)", absolute, source[0])


def copy_pictures(app: Sphinx, failure: Exception | None) -> None:
    """Copy what ``<picture>`` shows, as Sphinx sees no pictures in HTML."""
    if failure is None and app.builder.format == "html":
        shutil.copytree(DOCS / "images", app.outdir / "images", dirs_exist_ok=True)


def setup(app: Sphinx) -> None:
    app.connect("source-read", add_contents)
    app.connect("source-read", lead_to_repository)
    app.connect("build-finished", copy_pictures)
