"""Every string can be translated."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import NullTranslations

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from tests.template_samples import (
    DATA,
)

from .html import (
    every_sample,
    shown,
)

pytestmark = pytest.mark.urls("tests.browser.sample_urls")
TRANSLATED_ATTRIBUTES = [
    "alt",
    "aria-label",
    "placeholder",
    "title",
    "data-pwdless-announce",
    "data-pwdless-approved",
    "data-pwdless-busy",
    "data-pwdless-copied",
    "data-pwdless-expired",
    "data-pwdless-rejected",
    "data-pwdless-uncopied",
    "data-pwdless-waiting",
]


class BracketTranslation(NullTranslations):
    """A language in which everything is the English text in ⟦ ⟧."""

    def to_language(self) -> str:
        return "xx"

    def gettext(self, message: str) -> str:
        message = message.split("\x04")[-1]  # the context before it
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: float) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.fixture
def brackets() -> Iterator[None]:
    catalogues: dict[str, NullTranslations] = trans_real._translations  # type: ignore[attr-defined]
    catalogues["xx"] = BracketTranslation()
    with translation.override("xx"):
        yield
    del catalogues["xx"]


def untranslated(text: str) -> str:
    """Return the letters of ``text`` that stand outside all brackets."""
    for data in DATA:
        text = text.replace(data, "")
    depth, rest = 0, ""
    for character in text:
        depth += {"⟦": 1, "⟧": -1}.get(character, 0)
        if not depth and character.isalpha():
            rest += character
    return rest


@every_sample
@pytest.mark.usefixtures("brackets")
def test_everything_can_be_translated(sample):
    page = shown(sample)
    assert not untranslated(page.text)
    for name in TRANSLATED_ATTRIBUTES:
        for element in page.has(name):
            assert not untranslated(element.attrs[name]), element.attrs
