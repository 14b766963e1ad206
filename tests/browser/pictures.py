"""The documentation's pictures: the journeys take them, and notice when one is out of date.

Letters are drawn differently from one machine to the next, so pictures are not compared. Beside
each of them ``pictures.json`` keeps what it was taken of: the words of the card, and a digest of
how its elements are styled, which no font has a part in.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.browser.visits import Scheme, Visit

FOLDER = Path(__file__).parent.parent.parent / "docs" / "images"
MANIFEST = FOLDER / "pictures.json"
#: Whether the journeys take the pictures anew: ``make pictures``.
IS_TAKING = bool(os.environ.get("PWDLESS_PICTURES"))
# The letters are the same wherever the pictures are taken.
FONTS = {"font": "Liberation Sans", "mono": "Liberation Mono"}
MARGIN = 16
COLOURS = 64  # a third of the size, and nobody sees it
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

# The name of each element of the card, and what of its style shows and hangs on no font.
LOOK = """(card) => [card, ...card.querySelectorAll("*")].map((element) => {
  const style = getComputedStyle(element);
  return [element.localName, ...["color", "backgroundColor", "display", "fontSize", "fontWeight",
    "lineHeight", "textAlign", "gap", "paddingTop", "paddingLeft", "marginTop", "marginBottom",
    "borderTopColor", "borderTopWidth", "borderTopLeftRadius"].map((name) => style[name])];
})"""
# Puts a text into the card's field, and returns what was there.
SET_VALUE = """(card, text) => {
  const field = card.querySelector("input:not([type=hidden])");
  const before = field.value;
  field.value = text;
  return before;
}"""
# What is another one each time.
CHANGING = [
    (re.compile(r"\b\d+:\d\d\b"), "0:00"),
    (re.compile(r"\b[A-Z2-7]{32}\b"), "a key"),
    (re.compile(r"\b[A-Z0-9]{4}(\s+[A-Z0-9]{4}\b){5}"), "a recovery code"),
    (re.compile(r"Added on .+"), "Added on some day"),
]


def read_manifest() -> dict[str, Any]:
    """What the pictures were taken of, by the names of their files."""
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return manifest


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def picture(visitor: Visit, name: str, typed: str = "") -> None:
    """Take a picture of the card in each scheme; or fail where the one there is out of date.

    For the picture ``typed``, if anything, stands in the page's field.
    """
    for scheme in SCHEMES:
        visitor.page.emulate_media(color_scheme=scheme)
        file, shown = f"{name}-{scheme}.png", describe(visitor)
        if IS_TAKING:
            take(visitor, FOLDER / file, typed)
            remember(file, shown)
        else:
            known = read_manifest().get(file, {})
            assert shown == {key: known.get(key) for key in shown}, (
                f"docs/images/{file} is out of date: make pictures"
            )
    visitor.page.emulate_media(color_scheme=visitor.view.scheme)


def describe(visitor: Visit) -> dict[str, Any]:
    """Return what can be compared of a picture of this page."""
    card = visitor.page.locator(".pwdless")
    words = card.inner_text()
    for pattern, constant in CHANGING:
        words = pattern.sub(constant, words)
    look = json.dumps(card.evaluate(LOOK))
    return {"words": words.split("\n"), "look": digest(look.encode())}


def take(visitor: Visit, path: Path, typed: str) -> None:
    """Write the picture."""
    from PIL import Image

    assert_fonts()
    page = visitor.page
    card = page.locator(".pwdless")
    before = card.evaluate(SET_VALUE, typed) if typed else None
    for name, font in FONTS.items():
        card.evaluate("(card, [n, f]) => card.style.setProperty(n, f)", [f"--pwdless-{name}", font])
    page.evaluate("scrollTo(0, 0)")  # the focus may have scrolled
    box = card.bounding_box()
    assert box
    clip: Any = {"x": 0, "y": box["y"] - MARGIN, "width": visitor.view.width}
    clip["height"] = box["height"] + 2 * MARGIN
    shot = page.screenshot(clip=clip, full_page=True, caret="hide")
    Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS).save(path, optimize=True)
    card.evaluate("card => card.removeAttribute('style')")
    if before is not None:
        card.evaluate(SET_VALUE, before)


def assert_fonts() -> None:
    """Fail where the machine would draw other letters."""
    for font in FONTS.values():
        fc_match = shutil.which("fc-match")
        found = subprocess.check_output([fc_match, font], text=True) if fc_match else font
        assert font.replace(" ", "") in found.replace(" ", ""), (
            f"{font} is not installed (on Debian: apt install fonts-liberation)"
        )


def remember(file: str, shown: dict[str, Any]) -> None:
    """Keep what a new picture was taken of."""
    manifest = read_manifest() if MANIFEST.exists() else {}
    manifest[file] = {**shown, "file": digest((FOLDER / file).read_bytes())}
    text = json.dumps(dict(sorted(manifest.items())), indent=1, ensure_ascii=False)
    MANIFEST.write_text(text + "\n", encoding="utf-8")
