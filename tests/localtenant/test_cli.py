"""The tenant in a terminal: both commands."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from django.core.management import CommandError, call_command

from django_pwdless.localtenant import LocalTenant, cli

ROOT = Path(__file__).resolve().parents[2]
MODULE = ["-m", "django_pwdless.localtenant"]
COMMAND = ["-m", "django", "pwdless_tenant", "--settings", "tests.settings"]
OPTIONS = ("--tls", "--client-id", "abc", "--api", "https://a.example")


@dataclass(frozen=True)
class Terminal:
    """A command that runs, and what it printed at its start."""

    process: subprocess.Popen[str]
    printed: str

    def find(self, pattern: str) -> str:
        found = re.search(pattern, self.printed)
        assert found, self.printed
        return found[1]

    @property
    def address(self) -> str:
        """The inbox's."""
        return self.find(r"inbox: +(\S+)/\n")

    def next_line(self) -> str:
        """What it prints next; nothing where it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    @contextlib.contextmanager
    def http(self) -> Iterator[requests.Session]:
        with requests.Session() as session:
            session.trust_env = False
            if self.address.startswith("https"):
                session.verify = self.find(r"trust: +(\S+)\n")
            yield session

    def ask_for_a_code(self) -> None:
        with self.http() as session:
            settings = session.get(f"{self.address}/_tenant/").json()["settings"]
            body = {"connection": "email", "email": "ann@example.com", "send": "code"}
            body |= {name.lower(): settings[name] for name in ("CLIENT_ID", "CLIENT_SECRET")}
            assert session.post(f"{self.address}/passwordless/start", json=body).status_code == 200


@contextlib.contextmanager
def running(*arguments: str) -> Iterator[Terminal]:
    """Run a command until its settings are printed, and end it as Ctrl-C does."""
    command = [sys.executable, "-W", "error", *arguments, "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield Terminal(process, "".join(iter(process.stdout.readline, "}\n")))
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 0


@pytest.fixture(
    scope="module",
    params=[MODULE, pytest.param(COMMAND, marks=pytest.mark.thorough)],
    ids=["module", "manage.py"],
)
def terminal(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    """Either command, with the same options for all that look at it."""
    with running(*request.param, *OPTIONS) as terminal:
        yield terminal


def test_prints_each_message(terminal: Terminal) -> None:
    terminal.ask_for_a_code()
    assert re.fullmatch(r"to ann@example\.com: code \d{6}\n", terminal.next_line())


def test_api_option_registers_an_api(terminal: Terminal) -> None:
    place = f"{terminal.address}/authorize?client_id=abc&response_type=code&scope=openid"
    place += "&redirect_uri=http://testserver/&audience=https://{}.example"
    with terminal.http() as session:
        known, unknown = (
            session.get(place.format(name), allow_redirects=False).headers["Location"]
            for name in "ab"
        )
    assert known.startswith("/u/login")
    assert "Service+not+found" in unknown


def test_tls_option_serves_https(terminal: Terminal) -> None:
    assert terminal.address.startswith("https://127.0.0.1:")
    assert terminal.find(r"'CLIENT_ID': '(\w+)'") == "abc"


@pytest.mark.thorough
def test_quiet_option_prints_no_message() -> None:
    with running(*MODULE, "--quiet") as terminal:
        terminal.ask_for_a_code()
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.next_line() == ""
    assert terminal.address.startswith("http://127.0.0.1:")


@pytest.fixture
def own_signals() -> Iterator[None]:
    """Take back what a command wants to know of Ctrl-C."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_host_that_is_not_loopback_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--host", "0.0.0.0"])
    assert end.value.code == 2 and "loopback" in capsys.readouterr().err


@pytest.fixture(params=["one that is taken", "one that is none"])
def port(request: pytest.FixtureRequest) -> Iterator[str]:
    """A port where nobody can listen."""
    if request.param == "one that is none":
        yield "99999"
        return
    with LocalTenant() as tenant:
        yield tenant.base_url.rpartition(":")[2]


@pytest.mark.usefixtures("own_signals")
def test_port_that_cannot_be_had_is_said_with_what_to_do(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = rf"127\.0\.0\.1:{port} .* --port"
    with pytest.raises(SystemExit) as end:
        cli.main(["--port", port])
    assert end.value.code == 1 and re.search(place, capsys.readouterr().err)
    with pytest.raises(CommandError, match=place):
        call_command("pwdless_tenant", "--port", port)


@pytest.mark.thorough
@pytest.mark.parametrize("command", [MODULE, COMMAND], ids=["module", "manage.py"])
def test_port_that_cannot_be_had_ends_the_process(command: list[str], port: str) -> None:
    command = [sys.executable, *command, "--port", port]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert f"127.0.0.1:{port}" in done.stderr and "--port" in done.stderr
