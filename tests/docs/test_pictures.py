"""The documentation's pictures are those that the journeys take: none is missing, none left over.

That a picture shows the page as it is now, the journeys see themselves (``browser/pictures.py``).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
PICTURE = re.compile(
    r'<picture>\s+<source media="\(prefers-color-scheme: dark\)" srcset="(?P<dark>[^"]+)">\s+'
    r'<img src="(?P<light>[^"]+)" width="\d+" alt="[^"]{20,}">\s+</picture>'
)


def files() -> set[str]:
    return {path.name for path in IMAGES.glob("*.png")}


def names() -> set[str]:
    """The names of the pictures, each of which there is in light and dark."""
    return {re.sub(r"-(light|dark)\.png$", "", file) for file in files()}


def test_each_picture_is_taken_by_one_journey() -> None:
    journeys = (path.read_text("utf-8") for path in (ROOT / "tests" / "browser").glob("test_*.py"))
    taken = Counter(re.findall(r'\bpicture\(\w+, "([\w-]+)"', "".join(journeys)))
    assert taken == Counter(names())


def test_each_picture_is_shown_in_light_and_dark() -> None:
    shown = set()
    for page in PAGES:
        text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        found = list(PICTURE.finditer(text))
        assert len(found) == text.count("<picture>") == text.count("<img "), page.name
        for picture in found:
            light, dark = ((page.parent / picture[s]).resolve() for s in ("light", "dark"))
            assert dark.name == light.name.replace("-light.png", "-dark.png")
            shown |= {light.relative_to(IMAGES).name, dark.relative_to(IMAGES).name}
    assert shown == files()


def test_each_picture_is_the_one_that_was_taken() -> None:
    manifest = json.loads((IMAGES / "pictures.json").read_text("utf-8"))
    kept = {name: entry["file"] for name, entry in manifest.items()}
    there = {f: hashlib.sha256((IMAGES / f).read_bytes()).hexdigest()[:16] for f in files()}
    assert there == kept
