"""Whatever call of ours breaks in a step, the error report shows nothing of the login."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.views.debug import ExceptionReporter
from hypothesis import given
from hypothesis import strategies as st

import django_pwdless
from django_pwdless.localtenant import LocalTenant
from django_pwdless.pages.protection import hidden
from tests.journeys.browser import Browser
from tests.journeys.hosted import press_mailed_link

from .effort import examples
from .guarantees import TOKENS
from .proofs import secrets_of
from .sessions import in_state, taken_back

pytestmark = pytest.mark.django_db

OURS = str(Path(django_pwdless.__file__).parent)
TENANT = str(Path(OURS, "localtenant"))
# What each view of ours is wrapped in.
PAGE = hidden(lambda request: HttpResponse()).__wrapped__.__wrapped__.__code__  # type: ignore[attr-defined]
CALLS = 400
LINKED = "link@example.com"


class BrokenHere(Exception):
    pass


class Breaker:
    """A trace function that raises at one call of ours, counted from where a view's begins.

    Before that, a report is that of a request to nobody's page: the site's own settings count.
    """

    def __init__(self, number: int) -> None:
        self.left = number
        self.is_page = False

    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        name = frame.f_code.co_filename
        self.is_page = self.is_page or frame.f_code is PAGE
        if self.is_page and name.startswith(OURS) and not name.startswith(TENANT):
            self.left -= 1
            if self.left == 0:
                raise BrokenHere


@pytest.fixture
def reports() -> Iterator[list[str]]:
    """The reports of requests that ended in a 500."""
    reports: list[str] = []

    def keep(request: HttpRequest, **kwargs: Any) -> None:
        reports.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_html())

    got_request_exception.connect(keep)
    yield reports
    got_request_exception.disconnect(keep)


@contextmanager
def broken_at(number: int, browser: Browser) -> Iterator[None]:
    """Break this call of a request's."""
    handler, breaker = browser.client.handler, Breaker(number)

    def traced(environ: Any) -> Any:
        sys.settrace(breaker)
        try:
            return handler(environ)
        finally:
            sys.settrace(None)

    browser.client.handler = traced  # type: ignore[assignment]
    # Raised where nothing of Django's is left that would report it.
    with suppress(BrokenHere):
        yield


def newest(browser: Browser) -> str:
    code = browser.tenant.inbox.latest().code
    assert code is not None
    return code


Step = Callable[[Browser], Any]
STEPS: dict[str, tuple[str, Step]] = {
    "begin": ("anonymous", lambda it: it.post("login", identifier="new@example.com")),
    "code": ("code", lambda it: it.post("verify", code=newest(it))),
    "wrong code": ("code", lambda it: it.post("verify", code="000000")),
    "code page": ("code", lambda it: it.get("verify")),
    "link": ("link", lambda it: it.client.get(press_mailed_link(it.tenant, LINKED))),
    "second factor": ("sms", lambda it: it.post("mfa_challenge", code=newest(it))),
    "app's secret": ("enroll_app", lambda it: it.get("mfa_challenge")),
    "recovery codes": ("codes_to_save", lambda it: it.get("recovery_codes")),
    "adding": ("adding", lambda it: it.post("verify", code=newest(it))),
}


@pytest.mark.skipif(sys.gettrace() is not None, reason="Something else traces: a debugger, say.")
@pytest.mark.usefixtures("everything_on")
# The call that breaks may be one that the garbage collector makes, or one that closes a connection.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.rows(3)
@pytest.mark.parametrize("step", STEPS)
def test_any_call_of_ours_breaks(step: str, tenant: LocalTenant, reports: list[str]) -> None:
    state, act = STEPS[step]

    @examples(4)
    @given(st.integers(1, CALLS))
    def check(number: int) -> None:
        reports.clear()
        with taken_back():
            tenant.reset()
            browser = in_state(state, tenant, raise_request_exception=False)
            with broken_at(number, browser):
                act(browser)
        for report in reports:
            shown = secrets_of(tenant).values()
            assert not [value for value in chain(*shown) if value in report]
            assert not [start for start in TOKENS if start in report]
            assert "@example.com" not in report

    check()
    # What was left open is complained of here, not in a test that comes later.
    gc.collect()
