"""Characters in text from outside: digits of any script, and halves that nothing can encode."""

from __future__ import annotations

import unicodedata


def ascii_digits(text: str) -> str:
    """Return the text with the decimal digits of every script as ASCII."""
    return "".join(str(unicodedata.decimal(char, char)) for char in text)


def has_lone_surrogate(text: str) -> bool:
    """Whether the text holds half of a character: JSON and Python can spell it, UTF-8 cannot."""
    return any("\ud800" <= char <= "\udfff" for char in text)
