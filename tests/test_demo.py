"""What ``make demo`` runs, from outside: over HTTP, as a person with a browser and a mailbox."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "example_project" / "demo.py"
NATIVE_CLIENT = DEMO.with_name("native_client.py")
SESSION_CLIENT = DEMO.with_name("session_client.py")
TIMEOUT = 60


class Demo:
    """The running demo: its addresses and what it prints."""

    def __init__(self, process: subprocess.Popen[str], file: str) -> None:
        self.process, self.file = process, file
        self.site = self.wait_for(r"Site +(http://\S+)")
        self.inbox = self.wait_for(r"Inbox +(http://\S+)")
        self.python = self.wait_for(r"Doctor +(\S+) example_project/manage.py pwdless_doctor")
        self.wait_for(r"(Ctrl-C)")

    def wait_for(self, pattern: str) -> str:
        assert self.process.stdout is not None
        seen = []
        for line in self.process.stdout:
            seen.append(line)
            if match := re.search(pattern, line):
                return match[1]
        raise AssertionError("".join(seen))


class Visitor:
    """A browser without scripts: follows redirects, sends forms back as they came."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.http = requests.Session()
        self.http.trust_env = False

    def get(self, path: str) -> requests.Response:
        return self.http.get(self.demo.site + path, timeout=TIMEOUT)

    def submit(self, page: requests.Response, path: str, **fields: str) -> requests.Response:
        """POST to ``path`` with the token of ``page``."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token, page.text
        hidden = re.search(r'name="next" value="([^"]*)"', page.text)
        data = {"csrfmiddlewaretoken": token[1], "next": hidden[1] if hidden else "", **fields}
        return self.http.post(
            self.demo.site + path, data=data, headers={"Referer": page.url}, timeout=TIMEOUT
        )

    def sign_in(self, address: str, start: str = "accounts/login/") -> requests.Response:
        """The page that a person gets who goes to ``start`` and signs in there."""
        page = self.submit(self.get(start), "accounts/login/", identifier=address)
        code = self.demo.wait_for(rf"to {re.escape(address)}: code (\d+)")
        return self.submit(page, "accounts/verify/", code=code)

    def sign_out(self) -> requests.Response:
        return self.submit(self.get("account/"), "accounts/logout/")

    def path_of(self, page: requests.Response, name: str) -> str:
        """The path of a form's action on a page, one that ends like this."""
        action = re.search(rf'action="/([^"]*{name}/)"', page.text)
        assert action, page.text
        return action[1]


def environment(**extra: str) -> dict[str, str]:
    """The environment without what the demo reads from it, plus ``extra``."""
    read = ("API_", "AUTH0_", "DJANGO_", "INBOX_", "SITE_", "STAFF_", "TENANT_")
    return {key: value for key, value in os.environ.items() if not key.startswith(read)} | extra


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    files = {"DATABASE_FILE": str(folder / "demo.sqlite3"), "DEMO_FILE": str(folder / "demo.json")}
    with subprocess.Popen(
        [sys.executable, DEMO],
        env=environment(**files, SITE_PORT="0", TENANT_PORT="0"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        watchdog = threading.Timer(120, process.kill)
        watchdog.start()
        try:
            yield Demo(process, files["DEMO_FILE"])
        finally:
            watchdog.cancel()
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0, rest
    assert "Traceback" not in rest


@pytest.fixture
def visitor(demo: Demo) -> Iterator[Visitor]:
    visitor = Visitor(demo)
    with visitor.http:
        yield visitor


def test_demo_signs_in_and_out_and_finds_the_same_user_again(visitor: Visitor) -> None:
    page = visitor.sign_in("ann@example.com")
    assert page.status_code == 200
    assert page.url.endswith("/account/")
    assert "ann@example.com" in page.text
    user_name = re.search(r"user-[0-9a-f]{16}", page.text)
    subject = re.search(r"email\|[0-9a-f]{24}", page.text)
    assert user_name
    assert subject
    assert "<code>email_verified</code>" in page.text

    assert visitor.sign_out().url == visitor.demo.site
    assert "/accounts/login/" in visitor.get("account/").url

    again = visitor.sign_in("ann@example.com").text
    assert user_name[0] in again
    assert subject[0] in again


@pytest.mark.thorough
def test_demo_tells_of_a_new_browser_and_keeps_what_happened(visitor: Visitor, demo: Demo) -> None:
    visitor.sign_in("staff@example.com")
    other = Visitor(demo)
    with other.http:
        other.sign_in("staff@example.com")
    # Mail for them is printed, in the order in which it was sent.
    assert demo.wait_for(r"^(To: staff@example\.com)$")
    events = visitor.get("admin/django_pwdless/event/?q=staff@example.com")
    assert len(re.findall(r'class="field-kind">sign_in<', events.text)) >= 2, events.text


@pytest.mark.thorough
def test_demo_signs_in_by_a_link(visitor: Visitor) -> None:
    page = visitor.get("accounts/login/")
    visitor.submit(page, "accounts/login/", identifier="lin@example.com", method="email-link")
    link = visitor.demo.wait_for(r"to lin@example\.com: link (\S+)")
    page = visitor.http.get(link, timeout=TIMEOUT)
    assert page.url.endswith("/account/")
    assert "lin@example.com" in page.text


@pytest.mark.thorough
def test_demo_mails_a_link_beside_the_code(visitor: Visitor) -> None:
    page = visitor.get("accounts/login/")
    visitor.submit(page, "accounts/login/", identifier="lea@example.com")
    link = visitor.demo.wait_for(r"to lea@example\.com: code \d+, link (\S+)")
    assert re.fullmatch(re.escape(visitor.demo.site) + r"accounts/link/#code=\d+", link)


@pytest.mark.thorough
def test_demo_signs_in_by_a_text_message(visitor: Visitor) -> None:
    assert visitor.sign_in("+12025550123").url.endswith("/account/")


def doctor(demo: Demo) -> tuple[int, dict[str, str]]:
    """The exit status, and the status of each line, as in a terminal beside the demo."""
    done = subprocess.run(
        [sys.executable, DEMO.parent / "manage.py", "pwdless_doctor", "--json"],
        env=environment(DEMO_FILE=demo.file),
        capture_output=True,
        text=True,
        timeout=2 * TIMEOUT,
        check=False,
    )
    lines = json.loads(done.stdout)["lines"]
    return done.returncode, {line["id"]: line["status"] for line in lines}


@pytest.mark.thorough
def test_demo_is_as_the_doctor_wants_it_and_a_switch_is_named(visitor: Visitor) -> None:
    status, lines = doctor(visitor.demo)
    assert (status, [name for name in lines if lines[name] == "wrong"]) == (0, [])
    switches = {"code_length": 8, "management_limit": 0}
    place = f"{visitor.demo.inbox}_tenant/switches"
    visitor.http.post(place, json=switches, timeout=TIMEOUT).raise_for_status()
    status, lines = doctor(visitor.demo)
    assert (status, [name for name in lines if lines[name] == "wrong"]) == (1, ["code.length"])
    visitor.http.post(place, json={"code_length": 6}, timeout=TIMEOUT).raise_for_status()


@pytest.mark.thorough
def test_demo_names_a_python_that_has_django(demo: Demo) -> None:
    subprocess.run([demo.python, "-c", "import django"], check=True, timeout=TIMEOUT)


@pytest.mark.thorough
def test_demo_inbox_shows_what_was_sent(visitor: Visitor) -> None:
    assert f'href="{visitor.demo.inbox}"' in visitor.get("accounts/login/").text
    visitor.sign_in("inbox@example.com")
    assert "inbox@example.com" in visitor.http.get(visitor.demo.inbox, timeout=TIMEOUT).text


@pytest.mark.thorough
def test_demo_page_for_signed_in_people_comes_after_signing_in(visitor: Visitor) -> None:
    assert visitor.sign_in("bob@example.com", start="account/").url.endswith("/account/")


def test_demo_staff_get_into_the_admin_through_the_app(visitor: Visitor) -> None:
    page = visitor.sign_in("staff@example.com", start="admin/")
    assert page.url.endswith("/admin/")
    assert "Site administration" in page.text


@pytest.mark.thorough
def test_demo_admin_tells_others_that_they_are_not_staff(visitor: Visitor) -> None:
    page = visitor.sign_in("zoe@example.com", start="admin/")
    assert page.status_code == 403
    assert "zoe@example.com" in page.text
    elsewhere = re.search(r'href="/(accounts/login/[^"]*)"', page.text)
    assert elsewhere
    assert visitor.get(elsewhere[1]).status_code == 200


@pytest.fixture
def in_terminal(demo: Demo) -> Callable[..., str]:
    """Run an app until its end, with the code from the inbox; return what it prints."""

    def run(script: Path, email: str, *options: str) -> str:
        with subprocess.Popen(
            [sys.executable, script, email, *options],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            code = demo.wait_for(rf"to {re.escape(email)}: code (\d+)")
            printed, _ = process.communicate(f"{code}\n", timeout=TIMEOUT)
        return str(printed)

    return run


@pytest.fixture
def native_app(demo: Demo, in_terminal: Callable[..., str]) -> Callable[..., str]:
    """Run the native app, which signs in at Auth0."""
    where = ("--auth0", demo.inbox.rstrip("/"), "--api", f"{demo.site}api/account/")
    return lambda email, *options: in_terminal(NATIVE_CLIENT, email, *where, *options)


@pytest.mark.thorough
def test_demo_app_signs_in_by_the_sites_json(demo: Demo, in_terminal: Callable[..., str]) -> None:
    where = ("--site", f"{demo.site}app/", "--api", f"{demo.site}api/reader/")
    printed = in_terminal(SESSION_CLIENT, "json@example.com", *where)
    assert "Signed in as json@example.com." in printed
    assert re.search(r'200 {"user": "user-[0-9a-f]{16}"}', printed)
    assert printed.endswith("Signed out.\n")


@pytest.mark.thorough
def test_demo_has_a_page_that_signs_in_by_json(visitor: Visitor) -> None:
    page = visitor.get("front-end/")
    script = re.search(r'src="/(static/[^"]+front_end.js)"', page.text)
    assert 'data-api="/api/login/"' in page.text and script
    assert visitor.get(script[1]).status_code == 200


@pytest.mark.thorough
def test_demo_api_is_called_by_a_native_app(native_app: Callable[..., str]) -> None:
    printed = native_app("nat@example.com")
    called = json.loads(printed.partition(": 200 ")[2])
    assert re.fullmatch("user-[0-9a-f]{16}", called["user"])
    again = json.loads(native_app("nat@example.com").partition(": 200 ")[2])
    assert again == called


@pytest.mark.thorough
def test_demo_api_knows_who_signed_in_on_the_site(
    visitor: Visitor, native_app: Callable[..., str]
) -> None:
    page = visitor.sign_in("both@example.com").text
    called = json.loads(native_app("both@example.com").partition(": 200 ")[2])
    assert called["user"] in page
    assert called["signs_in_by"] == ["both@example.com"]


@pytest.mark.thorough
def test_demo_account_page_calls_the_api_and_again_when_its_token_is_over(
    visitor: Visitor,
) -> None:
    tenant = f"{visitor.demo.inbox}_tenant"

    def told(page: requests.Response) -> tuple[str, str]:
        """Whom the API knows, and until when the token is good."""
        section = page.text.partition("What the API says about you")[2]
        names = re.search(r"User name</dt><dd><bdi>(user-[0-9a-f]{16})", section)
        until = re.search(r'datetime="([^"]+)"', section)
        assert names and until, section
        return names[1], until[1]

    def refreshes() -> int:
        listed = visitor.http.get(f"{tenant}/requests?path=/oauth/token", timeout=TIMEOUT).json()
        return str(listed).count("'grant_type': 'refresh_token'")

    try:
        visitor.http.post(f"{tenant}/switches", json={"access_token_lifetime": 90}, timeout=TIMEOUT)
        first, before = told(visitor.sign_in("api@example.com")), refreshes()
        assert told(visitor.get("account/")) == first and refreshes() == before
        visitor.http.post(f"{tenant}/switches", json={"access_token_lifetime": 20}, timeout=TIMEOUT)
        visitor.sign_out()
        first = told(visitor.sign_in("api@example.com"))
        # Further than the token lives, and no further than the site's leeway.
        visitor.http.post(f"{tenant}/clock", json={"advance": 25}, timeout=TIMEOUT)
        again = told(visitor.get("account/"))
        assert again[0] == first[0] and refreshes() > before
    finally:
        visitor.http.post(f"{tenant}/clock", json={"advance": -25}, timeout=TIMEOUT)
        visitor.http.post(f"{tenant}/switches", json={"access_token_lifetime": 0}, timeout=TIMEOUT)


@pytest.mark.thorough
def test_demo_api_wants_a_token(visitor: Visitor) -> None:
    answer = visitor.get("api/account/")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="api"')


@pytest.mark.thorough
def test_demo_native_app_says_what_auth0_refused(native_app: Callable[..., str]) -> None:
    printed = native_app("nat@example.com", "--audience", "https://another-api.example")
    assert "Auth0 said no: access_denied" in printed


@pytest.mark.thorough
def test_demo_leads_to_second_factors_and_their_proof(visitor: Visitor) -> None:
    page = visitor.sign_in("ann@example.com")
    assert 'href="/accounts/factors/"' in page.text
    page = visitor.get("accounts/factors/")
    step_up = re.search(r'href="/(accounts/universal/[^"]+)"', page.text)
    assert step_up, page.text
    assert "/u/login" in visitor.get(unescape(step_up[1])).url


@pytest.mark.thorough
def test_demo_signs_out_one_browser_from_another(demo: Demo, visitor: Visitor) -> None:
    visitor.sign_in("sue@example.com")
    with (second := Visitor(demo)).http:
        account = second.sign_in("sue@example.com")
        assert 'href="/accounts/sign-ins/"' in account.text
        page = second.get("accounts/sign-ins/")
        assert page.text.count("This device") == 1
        second.submit(page, second.path_of(page, "end"))
        assert "/accounts/login/" in visitor.get("account/").url
        assert second.get("account/").url.endswith("/account/")


@pytest.mark.thorough
def test_demo_person_blocked_at_the_tenant_is_signed_out_here(visitor: Visitor) -> None:
    visitor.sign_in("kim@example.com")
    tenant = visitor.demo.inbox
    page = visitor.http.get(f"{tenant}people", timeout=TIMEOUT).text
    assert "Block and sign out" in page
    sub = re.search(r"kim@example\.com</h2><p class=\"quiet\"><code>([^<]+)", page)
    assert sub, page
    fields = {"sub": sub[1], "block": "true", "page": "/people"}
    visitor.http.post(f"{tenant}_tenant/people/sign-out", data=fields, timeout=TIMEOUT)
    deadline = time.monotonic() + TIMEOUT
    while "/accounts/login/" not in visitor.get("account/").url:
        assert time.monotonic() < deadline
    sent = visitor.http.get(f"{tenant}_tenant/logouts", timeout=TIMEOUT).json()["logouts"]
    assert [delivery["status"] for delivery in sent] == [200]


@pytest.mark.thorough
def test_demo_wants_all_of_a_real_tenant_or_nothing() -> None:
    done = subprocess.run(
        [sys.executable, DEMO],
        env=environment(AUTH0_DOMAIN="tenant.example"),
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT,
    )
    assert done.returncode == 2
    assert "AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET" in done.stdout
