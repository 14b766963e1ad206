from __future__ import annotations

import pytest

from django_pwdless.middleware import SignInMiddleware
from tests import settings as suite

from . import MINIMAL, ids

WATCHED = "django_pwdless.middleware.SignInMiddleware"
ON = {**MINIMAL, "SIGN_INS": True}


class SiteSignInMiddleware(SignInMiddleware):
    """A site's own."""


@pytest.mark.parametrize("path", [WATCHED, f"{__name__}.SiteSignInMiddleware"])
def test_middleware_watches(path: str) -> None:
    assert ids(ON, MIDDLEWARE=[*suite.MIDDLEWARE, path]) == []


def test_nobody_watches() -> None:
    assert ids(ON) == ["pwdless.E070"]
    assert ids() == []


def test_backchannel_logout_needs_sign_ins() -> None:
    middleware = [*suite.MIDDLEWARE, WATCHED]
    assert ids({**ON, "BACKCHANNEL_LOGOUT": True}, MIDDLEWARE=middleware) == []
    assert ids({**MINIMAL, "BACKCHANNEL_LOGOUT": True}) == ["pwdless.E072"]


def test_middleware_is_too_early() -> None:
    assert ids(ON, MIDDLEWARE=[WATCHED, *suite.MIDDLEWARE]) == ["pwdless.E071"]
    assert ids(MIDDLEWARE=[WATCHED, *suite.MIDDLEWARE]) == []
