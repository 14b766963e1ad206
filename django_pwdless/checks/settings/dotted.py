"""Dotted paths in settings: what they name, and whether a list of them has what it must."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def load(path: Any) -> Any:
    """Return what the path names; None where it names nothing that can be imported."""
    try:
        return import_string(path)
    except Exception:  # a site's own module may raise anything while it is imported
        return None


def is_subclass(path: Any, base: str) -> bool:
    """Whether the path names the class ``base``, or one made from it."""
    if path == base:
        return True
    found, wanted = load(path), load(base)
    return isinstance(found, type) and isinstance(wanted, type) and issubclass(found, wanted)


def is_listed(setting: str, base: str) -> bool:
    """Whether this list of dotted paths holds the class ``base``, or one made from it."""
    paths = getattr(settings, setting, None)
    return isinstance(paths, list | tuple) and any(is_subclass(path, base) for path in paths)
