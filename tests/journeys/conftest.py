from __future__ import annotations

from collections.abc import Callable

import pytest

from django_pwdless.localtenant import LocalTenant

from .browser import Browser

Configure = Callable[..., None]
NewBrowser = Callable[..., Browser]


@pytest.fixture
def tenant(pwdless_tenant: LocalTenant) -> LocalTenant:
    return pwdless_tenant


@pytest.fixture
def new_browser(tenant: LocalTenant) -> NewBrowser:
    """Open another browser; options are those of Django's test client."""
    return lambda **options: Browser(tenant, **options)


@pytest.fixture
def browser(new_browser: NewBrowser) -> Browser:
    return new_browser()


@pytest.fixture
def half_way(browser: Browser) -> Browser:
    """A browser whose person has asked for a code."""
    assert browser.ask().status_code == 302
    return browser


@pytest.fixture
def signed_in(browser: Browser) -> Browser:
    """A browser whose person has signed in."""
    assert browser.sign_in().status_code == 302 and browser.user_id
    return browser
