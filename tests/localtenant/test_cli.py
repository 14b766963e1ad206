"""The tenant in a terminal: both commands."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.sampling import sampled

ROOT = Path(__file__).resolve().parents[2]
MODULE = ["-m", "django_pwdless.localtenant"]
COMMAND = ["-m", "django", "pwdless_tenant", "--settings", "tests.settings"]


@contextlib.contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a command until its settings are printed; yield it and the inbox's address."""
    command = [sys.executable, "-W", "error", *arguments, "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = "".join(iter(process.stdout.readline, "}\n"))
    try:
        address = re.search(r"inbox: +(\S+)/\n", printed)
        assert address, printed
        yield process, address[1]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
    assert process.returncode == 0


def start(address: str, verify: str | bool = True) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        settings = session.get(f"{address}/_tenant/", verify=verify).json()["settings"]
        body = {"connection": "email", "email": "ann@example.com", "send": "code"}
        credentials = {name.lower(): settings[name] for name in ("CLIENT_ID", "CLIENT_SECRET")}
        return session.post(
            f"{address}/passwordless/start", json={**credentials, **body}, verify=verify
        )


@pytest.mark.parametrize("command", sampled([MODULE, COMMAND], 2), ids=["module", "manage.py"])
def test_prints_each_message(command):
    with running(*command) as (process, address):
        assert start(address).status_code == 200
        assert process.stdout is not None
        line = process.stdout.readline()
    assert re.fullmatch(r"to ann@example\.com: code \d{6}\n", line)


@pytest.mark.parametrize("command", sampled([MODULE, COMMAND], 2), ids=["module", "manage.py"])
def test_api_option_registers_an_api(command):
    with running(*command, "--api", "https://a.example") as (_, address):
        place = f"{address}/authorize?client_id=local-client-id&response_type=code&scope=openid"
        place += "&redirect_uri=http://testserver/&audience=https://{}.example"
        with requests.Session() as session:
            session.trust_env = False
            known, unknown = (
                session.get(place.format(name), allow_redirects=False).headers["Location"]
                for name in "ab"
            )
    assert known.startswith("/u/login")
    assert "Service+not+found" in unknown


def test_tls_option_serves_https():
    with running(*MODULE, "--tls", "--quiet", "--client-id", "abc") as (_, address):
        assert address.startswith("https://127.0.0.1:")


def test_host_that_is_not_loopback_is_refused():
    command = [sys.executable, *MODULE, "--host", "0.0.0.0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "loopback" in done.stderr


@pytest.mark.parametrize(
    ("command", "port"),
    sampled([(MODULE, None), (COMMAND, "99999"), (MODULE, "99999"), (COMMAND, None)], 2),
)
def test_port_that_cannot_be_had_is_said_with_what_to_do(command, port):
    with running(*MODULE) as (_, address):
        port = port or address.rpartition(":")[2]
        command = [sys.executable, *command, "--port", port]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert f"127.0.0.1:{port}" in done.stderr and "--port" in done.stderr
