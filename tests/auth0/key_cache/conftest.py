"""A tenant with one key, a store that its processes share, and a clock."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.auth0.key_cache.tenant import NOW, Clock, Store, Tenant
from tests.auth0.keys import jwk


@pytest.fixture
def clock(time_machine: Any, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still until it is moved, the monotonic one too."""
    time_machine.move_to(NOW, tick=False)
    monkeypatch.setattr(time, "monotonic", time.time)
    return time_machine


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def tenant() -> Tenant:
    return Tenant(jwk("current"))
