from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant
from django_pwdless.testing import sign_in

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
    """A browser whose person has signed in; the tenant was asked nothing."""
    sign_in(browser.client, browser.identifier)
    return browser


@pytest.fixture
def came_in(browser: Browser) -> Browser:
    """The same, with all that a login does on its way."""
    assert browser.sign_in().status_code == 302 and browser.user_id
    return browser


class Told(logging.Handler):
    """Keeps the records of ``django_pwdless.events``."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Any] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def story(self) -> list[str]:
        """What happened: event, method and reason, as far as there is one."""
        facts = [(it.pwdless_event, it.pwdless_method, it.pwdless_reason) for it in self.records]
        return [" ".join(filter(None, fact)) for fact in facts]


@pytest.fixture
def told() -> Iterator[Told]:
    handler, logger = Told(), logging.getLogger("django_pwdless.events")
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(before)
