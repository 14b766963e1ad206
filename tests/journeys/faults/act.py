"""One request in which something goes wrong, and what came of it."""

from __future__ import annotations

import time
from collections import Counter
from html import escape

import pytest
from django.urls import resolve

from django_pwdless.localtenant.answers.refusals import ErrorRow
from tests.journeys.browser import LIST

from .rules import Gets
from .steps import Step
from .visitor import Visitor, is_json, leads_to, page_of

# Words of the answers that are no rows, and how tokens begin.
FOREIGN = ("Bad Gateway", "Too Many Requests", "Internal error", "Welcome", "eyJ", "Fe26")


class Act:
    """The request of a step; what it called and logged is counted."""

    def __init__(self, step: Step, visitor: Visitor, log: pytest.LogCaptureFixture) -> None:
        self._before = len(visitor.tenant.requests)
        log.clear()
        self._step = step
        self._visitor = visitor
        self._was_signed_in = visitor.user_id
        self.response = step.act(visitor)
        visitor.is_new = False
        self._errors = [
            record
            for record in log.records
            if record.name == "django_pwdless" and record.levelname == "ERROR"
        ]

    @property
    def calls(self) -> Counter[str]:
        """How often each endpoint was called."""
        return Counter(call.path for call in self._visitor.tenant.requests[self._before :])

    def wait_until_heard(self) -> None:
        """Let a tenant that is slower than the site's patience see what it was asked."""
        deadline = time.monotonic() + 10
        while not self.calls[self._step.endpoint] and time.monotonic() < deadline:
            time.sleep(0.01)

    @property
    def came_to(self) -> tuple[int, str]:
        """The status, and what was shown or where it leads."""
        response = self.response
        if is_json(response):
            return response.status_code, response.json()["status"]
        if location := leads_to(response):
            return response.status_code, str(resolve(location.partition("?")[0]).url_name)
        if page_of(response) == "problem":
            return response.status_code, response.context["outcome"]
        return response.status_code, " ".join(response.context["form"].errors)

    def holds(self, gets: Gets) -> None:
        """Check it against what the documentation promises."""
        if not gets.is_success:
            assert self.came_to == (gets.status, gets.what)
            assert self._visitor.user_id == self._was_signed_in
        assert len(self._errors) == gets.is_logged
        headers = self.response.headers
        assert headers["Cache-Control"] == "no-store, private"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
        assert ("Retry-After" in headers) == (gets.what == "rate_limited")
        # Nothing is sent or spent twice.
        calls = self.calls
        assert calls.pop(LIST, 0) <= self._step.lists
        assert max(calls.values(), default=0) <= 1, calls
        if not gets.keeps:
            # Where a login starts; whoever is signed in has nothing to prove any more.
            assert "login" in self._visitor.get("verify")["Location"]

    def shows_nothing_of(self, row: ErrorRow | None) -> None:
        """Check that no text of Auth0's is on the page, nor of what stands before it."""
        page = self.response.content.decode()
        assert not [words for words in FOREIGN if words in page]
        if row is not None and row.description:
            assert escape(row.description) not in page

    def is_where_it_was(self, gets: Gets) -> bool:
        """Whether the same request can be made again, with no more ado."""
        is_kept = gets.status in (200, 429, 503) and gets.what not in ("rejected", "expired")
        return self._step.repeats and (is_kept or gets.what == "mfa_challenge")

    def goes_on(self, gets: Gets) -> None:
        """Check that the login comes to its end, from where it was or from the start."""
        visitor = self._visitor
        visitor.pages.clear()
        visitor.walk(self.response)
        if gets.is_success:
            assert not {"login", "problem"} & set(visitor.pages)
        elif gets.keeps and gets.goes_on and not self._step.is_first:
            assert "login" not in visitor.pages
