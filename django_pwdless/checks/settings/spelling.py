"""The word that a misspelt one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that looks most like this one, whatever its case."""
    folded = {candidate.casefold(): candidate for candidate in known}
    # Cut, because matching takes quadratic time.
    return folded[get_close_matches(word[:64].casefold(), folded, n=1, cutoff=0)[0]]
