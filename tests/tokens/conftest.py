from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from django_pwdless.auth0.types import TokenSet
from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.clients.api import DEFAULT_API
from django_pwdless.localtenant.logins.authentication import Authentication
from django_pwdless.localtenant.steps.issue import issue_first_tokens
from django_pwdless.models import SignIn
from django_pwdless.sign_ins.liveness import mark_of
from django_pwdless.testing import sign_in
from django_pwdless.tokens.keeping import keeper
from tests.journeys.browser import TOKEN, Browser
from tests.journeys.sign_ins.conftest import AUTHENTICATION, SIGN_IN
from tests.meanwhile import closing

OFFLINE = "openid profile email read:orders offline_access"
REVOKE = "/oauth/revoke"
# The life of the API's access tokens.
DAY = 86400
HTML = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def tenant(pwdless_tenant: LocalTenant) -> LocalTenant:
    """A tenant that forgives nothing: a refresh token is used once."""
    pwdless_tenant.switches.refresh_leeway = 0
    return pwdless_tenant


@pytest.fixture(autouse=True)
def kept(settings: Any, clock: Any, tenant: LocalTenant) -> None:
    """Tokens are kept, with what refreshes them."""
    more = {"SIGN_INS": True, "TOKENS": True, "SCOPE": OFFLINE, "AUDIENCE": DEFAULT_API}
    settings.PWDLESS = {**settings.PWDLESS, **more}
    place = settings.MIDDLEWARE.index(AUTHENTICATION) + 1
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:place], SIGN_IN, *settings.MIDDLEWARE[place:]]
    settings.ROOT_URLCONF = "tests.tokens.urls"


@pytest.fixture
def new_browser(tenant: LocalTenant) -> Callable[..., Browser]:
    return lambda **options: Browser(tenant, **options)


@pytest.fixture
def browser(new_browser: Callable[..., Browser]) -> Browser:
    return new_browser()


@pytest.fixture
def signed_in(browser: Browser, tenant: LocalTenant) -> Browser:
    """A browser whose person has signed in, with a login's tokens; the tenant was asked nothing."""
    sign_in(browser.client, browser.identifier)
    person = tenant.add_person(browser.identifier)
    login = Authentication(tenant.client, person, OFFLINE, DEFAULT_API)
    tokens = TokenSet.from_wire(issue_first_tokens(tenant.state, login))
    kept = row()
    kept.tokens = keeper(tokens, person.sub, time.time())(kept.user_id, mark_of(kept.created_at))
    kept.save()
    return browser


def refreshes(tenant: LocalTenant) -> list[Any]:
    """The calls that asked for fresh tokens, oldest first."""
    return [call for call in tenant.calls(TOKEN) if call.body["grant_type"] == "refresh_token"]


def value(browser: Browser, page: str = "/token/", **query: Any) -> str:
    """The access token that a page of the site gets."""
    response = browser.client.get(page, query, headers=HTML)
    assert response.status_code == 200, response
    return str(response.json()["value"])


def row() -> SignIn:
    return SignIn.objects.get()


def before(tenant: LocalTenant, name: str, step: Callable[[], Any], *, once: bool = False) -> None:
    """Take a step, in the tenant, before each ``find`` or ``revoke`` of a refresh token there.

    A step with a database has a connection of its own thread, which is closed after it.
    """
    store: Any = tenant.state.refresh_tokens
    original = getattr(store, name)

    def first_the_step(*args: Any) -> Any:
        if once:
            setattr(store, name, original)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(closing, step).result()
        return original(*args)

    setattr(store, name, first_the_step)
