"""Characters in text from outside: digits of any script, what nobody sees, what nothing encodes."""

from __future__ import annotations

import re
import unicodedata

# Default_Ignorable_Code_Point (Unicode 16, DerivedCoreProperties), and marks of annotations.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def without_invisible(text: str) -> str:
    """Return the text without marks of direction, joiners and whatever else shows as nothing."""
    return _INVISIBLE.sub("", text)


def ascii_digits(text: str) -> str:
    """Return the text with the decimal digits of every script as ASCII."""
    return "".join(str(unicodedata.decimal(char, char)) for char in text)


def has_lone_surrogate(text: str) -> bool:
    """Whether the text holds half of a character: JSON and Python can spell it, UTF-8 cannot."""
    return _LONE_SURROGATE.search(text) is not None
