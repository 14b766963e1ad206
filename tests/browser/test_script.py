"""What pwdless.js adds, and that it takes nothing away."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.template_samples import ADDRESS, CODES, SECRET

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.sample_urls")]

# Before the page's own script runs, as a layout may write it.
RENAME = """document.addEventListener("readystatechange", () =>
  document.documentElement.lang = "in_no_form")"""


def test_wait_is_counted_down_and_its_end_announced_once(visit):
    visitor = visit()
    page = visitor.page
    page.clock.install()
    visitor.open("/sample/verify/")
    button = page.get_by_role("button", name="Send a new code")
    status = page.get_by_role("status")
    expect(button).to_have_accessible_description("You can ask again in 30 seconds.")
    page.clock.run_for(29_000)
    expect(button).to_have_accessible_description("You can ask again in 1 second.")
    expect(button).to_be_enabled()
    assert status.text_content() == ""
    page.clock.run_for(2_000)
    expect(status).to_have_text("You can ask again now.")
    expect(button).to_have_accessible_description("")
    expect(page.get_by_text("You can ask again in")).to_be_hidden()
    visitor.check()


def test_wait_is_counted_in_the_language_of_the_page(visit, settings):
    settings.LANGUAGE_CODE = "de"
    visitor = visit()
    visitor.page.clock.install()
    visitor.open("/sample/verify/")
    visitor.page.clock.run_for(5_000)
    expect(visitor.page.locator("#pwdless-wait")).to_have_text("Noch einmal möglich in 0:25.")
    expect(visitor.page.get_by_role("timer")).to_have_accessible_name("25 Sekunden")


def test_time_left_is_read_aloud_in_words(visit):
    visitor = visit()
    visitor.page.clock.install()
    visitor.open("/sample/mfa-otp/")
    timer = visitor.page.get_by_role("timer")
    expect(timer).to_have_accessible_name("9 minutes")
    visitor.page.clock.run_for(55_000)
    expect(timer).to_have_accessible_name("8 minutes 5 seconds")
    expect(timer).to_have_text("8:05")
    visitor.check()


def test_clock_goes_on_in_a_language_that_no_browser_knows(visit):
    visitor = visit()
    visitor.page.clock.install()
    visitor.page.add_init_script(RENAME)
    visitor.open("/sample/verify/")
    visitor.page.clock.run_for(5_000)
    timer = visitor.page.get_by_role("timer")
    expect(timer).to_have_text("0:25")
    assert timer.get_attribute("aria-label") is None


def test_resend_is_a_real_post_during_the_wait(visit):
    visitor = visit()
    visitor.open("/sample/verify/")
    visitor.page.get_by_role("button", name="Send a new code").press("Enter")
    visitor.page.wait_for_url("**/resend/")
    assert json.loads(visitor.page.inner_text("body"))["method"] == "POST"


@pytest.mark.parametrize("typed", ["123456", "123 456", "١٢٣٤٥٦"])
def test_form_goes_on_after_the_last_digit(visit, typed):
    visitor = visit()
    visitor.open("/sample/verify/")
    code = visitor.page.get_by_role("textbox", name="Code")
    expect(code).to_have_accessible_description("This page continues after the last digit.")
    code.press_sequentially(typed[:-1])
    visitor.page.wait_for_timeout(200)
    assert visitor.page.url == f"{visitor.origin}/sample/verify/"
    visitor.check()
    visitor.page.keyboard.insert_text(typed[-1])
    visitor.page.wait_for_url("**/accounts/verify/")
    assert json.loads(visitor.page.inner_text("body"))["fields"]["code"] == typed


@pytest.mark.parametrize("name", ["verify-error", "link-pending", "mfa-sms"])
def test_form_waits_for_its_button_after_a_wrong_code_and_elsewhere(visit, name):
    visitor = visit()
    visitor.open(f"/sample/{name}/")
    visitor.page.get_by_role("textbox", name="Code").fill("123456")
    visitor.page.wait_for_timeout(300)
    assert visitor.page.url == f"{visitor.origin}/sample/{name}/"


@pytest.mark.parametrize("fragment", ["123456", "code=123456"])
def test_fragment_is_moved_into_the_code_and_not_sent(visit, fragment):
    visitor = visit()
    visitor.open(f"/sample/link-pending/#{fragment}")
    page = visitor.page
    expect(page.get_by_role("textbox", name="Code")).to_have_value("123456")
    expect(page.get_by_role("status")).to_have_text("The code from your link is filled in.")
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    assert page.url == f"{visitor.origin}/sample/link-pending/"
    visitor.check()


def test_fragment_of_a_second_link_in_the_same_tab(visit):
    visitor = visit()
    visitor.open("/sample/link/#1234")
    visitor.open("/sample/link/#code=987654")
    expect(visitor.page.get_by_role("textbox", name="Code")).to_have_value("987654")
    expect(visitor.page.get_by_label("Email address")).to_be_focused()


@pytest.mark.parametrize(
    "fragment", ["123", "1234567890123", "code=", "x=123456", "123456&next=//evil", "١٢٣٤٥٦", "<b>"]
)
def test_other_fragments_are_left_alone(visit, fragment):
    visitor = visit()
    visitor.open(f"/sample/link/#{fragment}")
    expect(visitor.page.get_by_role("textbox", name="Code")).to_have_value("")
    assert "#" in visitor.page.url
    assert visitor.complaints == []


def test_second_press_is_swallowed_but_not_for_good(visit):
    visitor = visit()
    page = visitor.page
    page.clock.install()
    sent = []

    def swallow(route):
        sent.append(route)
        route.abort("aborted")

    page.route("**/accounts/login/", swallow)
    visitor.open("/sample/login/")
    button = page.locator("button[type=submit]")
    button.click()
    expect(button).to_have_text("Sending…")
    expect(button).to_have_attribute("aria-busy", "true")
    button.click()
    page.wait_for_timeout(200)
    assert len(sent) == 1
    page.clock.run_for(10_000)
    expect(button).to_have_text("Continue")
    with page.expect_request("**/accounts/login/"):
        button.click()


def test_form_can_be_sent_again_after_going_back(visit):
    visitor = visit()
    for _ in range(2):
        visitor.open("/sample/login/")
        visitor.page.get_by_role("button", name="Continue").click()
        visitor.page.wait_for_url("**/accounts/login/")
        visitor.page.go_back()
        visitor.page.get_by_role("button", name="Continue").click()
        visitor.page.wait_for_url("**/accounts/login/")


class Poll:
    """Answers the waiting page's questions from a list, and remembers what was asked."""

    def __init__(self, visitor, *answers):
        self.answers = list(answers)
        self.requests = []
        visitor.page.clock.install()
        visitor.page.route("**/mfa/poll/", self.answer)
        visitor.open("/sample/mfa-push/")

    def answer(self, route):
        self.requests.append(route.request)
        answer = self.answers.pop(0)
        if isinstance(answer, int):
            route.fulfill(status=answer, body="<h1>Bad gateway</h1>")
        else:
            route.fulfill(json=answer)


def pending(interval=5):
    return {"status": "pending", "interval": interval, "redirect": None}


def test_poll_asks_at_the_interval_and_follows_the_answer(visit):
    visitor = visit()
    approved = {"status": "approved", "interval": 5, "redirect": "/sample/logged-out/"}
    poll = Poll(visitor, pending(10), 502, approved)
    status = visitor.page.get_by_role("status")
    expect(status).to_have_text("Waiting for your phone…")
    visitor.page.clock.run_for(3_500)
    assert len(poll.requests) == 0
    with visitor.page.expect_response("**/mfa/poll/"):
        visitor.page.clock.run_for(1_500)
    assert len(poll.requests) == 1
    request = poll.requests[0]
    assert request.method == "POST"
    assert request.headers["accept"] == "application/json"
    assert "csrfmiddlewaretoken=" in request.post_data

    visitor.page.wait_for_timeout(100)
    visitor.page.clock.run_for(8_000)
    assert len(poll.requests) == 1
    with visitor.page.expect_response("**/mfa/poll/"):
        visitor.page.clock.run_for(2_000)
    visitor.page.wait_for_timeout(100)
    visitor.page.clock.run_for(10_500)
    visitor.page.wait_for_url("**/sample/logged-out/")
    assert len(poll.requests) == 3


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("rejected", "The request was denied on your phone."),
        ("expired", "Time is up. Start again."),
    ],
)
def test_poll_ends_and_never_leaves_the_site(visit, status, words):
    visitor = visit()
    answer = {"status": status, "interval": 5, "redirect": "https://evil.example/"}
    poll = Poll(visitor, answer)
    visitor.page.clock.run_for(5_100)
    expect(visitor.page.get_by_role("status")).to_have_text(words)
    visitor.page.clock.run_for(60_000)
    assert len(poll.requests) == 1
    assert visitor.path == "/sample/mfa-push/"


@pytest.mark.parametrize(
    ("last", "path"),
    [
        (pending(), "/sample/mfa-push/"),
        (502, "/sample/mfa-push/"),
        ({"status": "expired", "interval": 5, "redirect": "/sample/login/"}, "/sample/login/"),
    ],
)
def test_poll_asks_a_last_time_when_the_time_is_over(visit, last, path):
    visitor = visit()
    poll = Poll(visitor, pending(200), pending(400), last)
    for _ in range(6):
        visitor.page.clock.run_for(100_000)
        visitor.page.wait_for_timeout(100)
    visitor.page.wait_for_url(f"**{path}")
    assert len(poll.requests) == 3
    if path == "/sample/mfa-push/":
        expect(visitor.page.get_by_role("status")).to_have_text("Time is up. Start again.")
        visitor.page.clock.run_for(900_000)
        assert len(poll.requests) == 3


def test_recovery_codes_are_copied_and_saved(visit, tmp_path):
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    visitor.open("/sample/mfa-recovery-codes-many/")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()").split() == CODES * 3
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == f"recovery-codes-Shop-{ADDRESS}.txt"
    assert download.value.path().read_text().split() == ["Shop", ADDRESS, *CODES * 3]
    visitor.check()


def test_key_is_selected_where_copying_is_refused(visit):
    visitor = visit()
    page = visitor.page
    visitor.open("/sample/mfa-otp-enroll/")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject() }")
    page.get_by_role("button", name="Copy key").click()
    expect(page.get_by_role("status")).to_have_text(
        "Selected. Copy with your keyboard or the menu."
    )
    assert page.evaluate("getSelection().toString()") == SECRET


def test_copy_buttons_are_hidden_without_the_script(visit):
    visitor = visit(java_script_enabled=False)
    visitor.open("/sample/mfa-recovery-codes/")
    expect(visitor.page.get_by_role("button")).to_have_count(1)


def test_number_is_asked_for_only_where_a_phone_is_chosen(visit):
    visitor = visit(java_script_enabled=False)
    visitor.open("/sample/mfa-enroll/")
    page = visitor.page
    expect(page.get_by_label("Phone number")).to_be_hidden()
    page.get_by_label("Text message or phone call").check()
    expect(page.get_by_label("Phone number")).to_be_visible()
    page.get_by_label("Authenticator app").check()
    expect(page.get_by_label("Phone number")).to_be_hidden()


def test_new_message_is_asked_for_in_place(visit):
    visitor = visit()
    page = visitor.page
    page.route(
        "**/accounts/resend/",
        lambda route: route.fulfill(status=302, headers={"Location": "/sample/verify/"}),
    )
    visitor.open("/sample/verify-error/")
    page.evaluate("window.isStillHere = true")
    page.get_by_role("button", name="Send a new code").click()
    expect(page.get_by_text("That code is not right.")).to_be_hidden()
    expect(page.get_by_text("You can ask again in 0:")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()  # as no field asks for it
    assert page.evaluate("window.isStillHere")
    assert page.url == f"{visitor.origin}/sample/verify/"
    page.get_by_role("textbox", name="Code").fill("123456")  # the new card's script is at work
    page.wait_for_url("**/accounts/verify/")
