from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN, NUMBER

from .front_end import FrontEnd

# It needs Python 3.11.
collect_ignore = [] if find_spec("schemathesis") else ["test_conformance.py"]
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
Configure = Callable[..., None]
Begin = Callable[..., Any]


@pytest.fixture
def tenant(pwdless_tenant: LocalTenant) -> LocalTenant:
    return pwdless_tenant


@pytest.fixture(params=["browser", "app"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def front_end(kind: str, tenant: LocalTenant) -> FrontEnd:
    """A page in a browser, then a native app."""
    return FrontEnd(kind, tenant)


@pytest.fixture
def page(tenant: LocalTenant) -> FrontEnd:
    return FrontEnd("browser", tenant)


@pytest.fixture
def app(tenant: LocalTenant) -> FrontEnd:
    return FrontEnd("app", tenant)


@pytest.fixture
def with_factors(configure: Configure) -> None:
    configure(CUSTOMIZE_MFA=True)


@pytest.fixture
def with_sign_ins(configure: Configure, settings: Any) -> None:
    """Sign-ins are kept, and the middleware looks at them."""
    configure(SIGN_INS=True)
    place = settings.MIDDLEWARE.index(AUTHENTICATION) + 1
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[:place],
        "django_pwdless.middleware.SignInMiddleware",
        *settings.MIDDLEWARE[place:],
    ]


@pytest.fixture
def begin(front_end: FrontEnd, tenant: LocalTenant, with_factors: None) -> Begin:
    """Prove the address of somebody with these factors; return the answer and the person."""

    def begin(*factors: Any, **more: Any) -> Any:
        person = tenant.add_person(ANN, phone_number=NUMBER, factors=factors, **more)
        front_end.ask()
        response = front_end.answer()
        response.person = person
        return response

    return begin
