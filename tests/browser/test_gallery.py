"""Every page in four languages, narrow and wide, light and dark: sheets of pictures."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from tests.browser.pictures import FOLDER, IS_TAKING, assert_fonts
from tests.browser.visits import DARK_DESK, DARK_PHONE, DESK, PHONE, Habits, View, Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.browser.sample_urls"),
    pytest.mark.skipif(not IS_TAKING, reason="Takes the pictures of the gallery: make pictures."),
]

#: The pages in the order in which people meet them.
PAGES = (
    *("login", "login-methods", "login-sms", "verify", "verify-error", "link-sent", "link"),
    *("login-reconfirm", "mfa-select", "mfa-otp", "mfa-sms", "mfa-push", "mfa-recovery"),
    *("mfa-enroll", "mfa-otp-enroll", "mfa-phone-enroll", "mfa-recovery-codes", "mfa-lost-phone"),
    *("identities", "identity-add", "identities-removing", "factors", "factor-remove"),
    *("sign-ins", "logged-out", "problem", "problem-limited"),
)
#: How many beside each other, and how wide each is drawn.
COLUMNS = {320: (9, 213), 1280: (4, 480)}
#: What of a wide page is drawn: the card stands in its middle.
MIDDLE = 720
GAP = 12
GREY = (120, 120, 120)
QUALITY = 72


@pytest.mark.parametrize("view", [PHONE, DARK_PHONE, DESK, DARK_DESK], ids=str)
@pytest.mark.parametrize("language", ["en", "de", "ar", "ja"])
def test_gallery(visit: Callable[..., Visit], settings: Any, language: str, view: View) -> None:
    assert_fonts()
    settings.LANGUAGE_CODE = language
    visitor = visit(Habits(language, view, language=language))
    tiles = []
    for name in PAGES:
        visitor.open(f"/sample/{name}/")
        visitor.check_fits()
        tiles.append(page_picture(visitor))
    file = FOLDER / "gallery" / f"{language}-{view}.webp"
    file.parent.mkdir(exist_ok=True)
    sheet(tiles, *COLUMNS[view.width]).save(file, quality=QUALITY, method=6)


def page_picture(visitor: Visit) -> Image.Image:
    """A picture of the page; of a wide one without its empty sides."""
    shot = Image.open(io.BytesIO(visitor.page.screenshot(full_page=True, caret="hide")))
    kept = min(shot.width, int(shot.width * MIDDLE / visitor.view.width))
    left = (shot.width - kept) // 2
    return shot.convert("RGB").crop((left, 0, left + kept, shot.height))


def sheet(tiles: list[Image.Image], columns: int, width: int) -> Image.Image:
    """The pictures in rows, each as high as its highest."""
    small = [tile.resize((width, tile.height * width // tile.width)) for tile in tiles]
    rows = [small[start : start + columns] for start in range(0, len(small), columns)]
    heights = [max(tile.height for tile in row) for row in rows]
    whole = (columns * (width + GAP) + GAP, sum(heights) + GAP * (len(rows) + 1))
    image, top = Image.new("RGB", whole, GREY), GAP
    for row, height in zip(rows, heights, strict=True):
        for number, each in enumerate(row):
            image.paste(each, (GAP + number * (width + GAP), top))
        top += height + GAP
    return image
