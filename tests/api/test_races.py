"""First calls at the same moment, in real threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connections

from .conftest import Caller

THREADS = 8


@pytest.mark.django_db(transaction=True)
def test_first_calls_at_the_same_moment_make_one_user(call_plainly: Caller, settings: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "API_CREATE_USERS": True}
    header = f"Bearer {call_plainly.token(sub='email|2')}"
    barrier = Barrier(THREADS)

    def one(number: int) -> Any:
        try:
            connections["default"].ensure_connection()
            barrier.wait(timeout=30)
            return call_plainly.send(header).json().get("user")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        users = set(pool.map(one, range(THREADS)))
    assert len(users) == 1
    assert get_user_model().objects.filter(pk__in=users).count() == 1
