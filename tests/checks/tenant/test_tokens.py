from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests import settings as suite
from tests.checks import MINIMAL, ids

WATCHED = [*suite.MIDDLEWARE, "django_pwdless.middleware.SignInMiddleware"]
ON = {**MINIMAL, "SIGN_INS": True, "TOKENS": True, "AUDIENCE": "https://api.example.com/"}
OFFLINE = "openid offline_access"


def params(request: object, method: str) -> dict[str, str]:
    """A site's own."""
    return {}


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({}, []),
        ({"SCOPE": OFFLINE}, []),
        ({"SIGN_INS": False}, ["pwdless.E080"]),
        ({"TOKENS": False, "SCOPE": OFFLINE}, ["pwdless.W080"]),
        ({"TOKENS": False, "SCOPE": "openid offline_access_too"}, []),
        ({"AUDIENCE": None}, ["pwdless.W081"]),
        ({"TOKENS": False, "AUDIENCE": None}, []),
        ({"SCOPE": OFFLINE, "METHODS": ["email-code", "email-link"]}, ["pwdless.W082"]),
        ({"METHODS": ["email-link"]}, []),
        ({"AUTH_PARAMS": f"{__name__}.params"}, []),
        ({"AUTH_PARAMS": f"{__name__}.nothing"}, ["pwdless.E081"]),
        ({"AUTH_PARAMS": f"{__name__}.OFFLINE"}, ["pwdless.E081"]),
        ({"AUTH_PARAMS": "nowhere"}, ["pwdless.E081"]),
    ],
)
def test_tokens(keys: dict[str, Any], found: list[str]) -> None:
    base = {"BASE_URL": "https://site.example", "METHODS": ["email-code"]}
    assert ids({**ON, **base, **keys}, MIDDLEWARE=WATCHED) == found


def test_views_in_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    assert ids(ON, MIDDLEWARE=WATCHED) == ["pwdless.W083"]
    assert ids() == []
