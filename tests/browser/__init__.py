"""Journeys in a real browser."""

from __future__ import annotations

import pytest

# Their assertions say as much as those of a test.
pytest.register_assert_rewrite(*(f"{__name__}.{name}" for name in ("pictures", "steps", "visits")))
