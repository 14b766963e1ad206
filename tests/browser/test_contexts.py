"""A browser context that is kept for the next test has nothing of the one before."""

from __future__ import annotations

import pytest

from tests.browser.visits import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.sample_urls")]


def test_kept_context_is_as_good_as_new(contexts, live_server):
    page = contexts.take(PHONE, {})
    context = page.context
    page.goto(f"{live_server.url}/sample/login/")
    page.evaluate("document.cookie = 'name=value'")
    page.emulate_media(color_scheme="dark")
    page.route("**", lambda route: route.abort())
    context.new_page()
    contexts.give_back(page, PHONE, {})

    again = contexts.take(PHONE, {})
    assert again.context == context
    assert context.pages == [again]
    assert context.cookies() == []
    assert again.goto(f"{live_server.url}/sample/login/").ok
    assert "name=value" not in again.evaluate("document.cookie")
    assert not again.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    contexts.give_back(again, PHONE, {})


def test_context_whose_clock_was_changed_is_not_kept(contexts):
    page = contexts.take(PHONE, {})
    context = page.context
    page.clock.install()
    contexts.give_back(page, PHONE, {})
    another = contexts.take(PHONE, {})
    assert another.context != context
    contexts.give_back(another, PHONE, {})
