"""Waits as people read them: on a clock, or in a sentence."""

from __future__ import annotations

from typing import Any

from django.utils.functional import lazy
from django.utils.translation import ngettext


def clock(seconds: int) -> str:
    """Return minutes and seconds, like ``0:29``: the same in every language."""
    minutes, rest = divmod(max(0, seconds), 60)
    return f"{minutes}:{rest:02}"


def _try_again_in(seconds: int) -> str:
    """Return when to try again: in seconds below two minutes, else in minutes, rounded up."""
    if seconds < 120:
        text = ngettext(
            "Try again in %(seconds)d second.", "Try again in %(seconds)d seconds.", seconds
        )
        return text % {"seconds": seconds}
    minutes = -(-seconds // 60)
    text = ngettext(
        "Try again in %(minutes)d minute.", "Try again in %(minutes)d minutes.", minutes
    )
    return text % {"minutes": minutes}


#: The same, in the language of whoever reads it.
try_again_in: Any = lazy(_try_again_in, str)
