"""Reading members of a JSON body or fields of a form."""

from __future__ import annotations

from typing import Any

TRUE = ("true", "on", "1", "yes")


def text(body: dict[str, Any], name: str) -> str | None:
    """Return a string, or ``None`` where it is missing or empty; raise ValueError for others."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} must be a string")
    return value or None


def number(body: dict[str, Any], name: str) -> float | None:
    """Return a number, or ``None`` where it is missing or empty; raise ValueError for others."""
    value = body.get(name)
    return None if value in (None, "") else float(value)


def flag(body: dict[str, Any], name: str) -> bool:
    """Return whether a flag is set: ``true`` in JSON, ``on`` and the like in a form."""
    value = body.get(name)
    return value.lower() in TRUE if isinstance(value, str) else bool(value)
