"""The tutorials work as they stand there.

The files of the first are written, and its commands are run. The switches of the second are turned
on at a tenant that has none of them, and the doctor says what the page says.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from django_pwdless.localtenant import LocalTenant

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorial"
PAGE = (TUTORIAL / "first-sign-in.md").read_text(encoding="utf-8")
TENANT = (TUTORIAL / "your-tenant.md").read_text(encoding="utf-8")
OTP = "http://auth0.com/oauth/grant-type/passwordless/otp"
SECTION = re.compile(r"^## (\d)\. .+\n((?:(?!## ).*\n)*)", re.MULTILINE)
# What is said before a block of code, its language, and the code.
BLOCK = re.compile(r"(.*?)^```([\w+]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`([\w/]+\.(?:py|html))`")
# Installs what is here already, or serves until it is stopped.
NOT_RUN = re.compile(
    r"^(?:mkdir mysite|cd mysite|.*-m venv|\. \.venv|.*pip install|.*pwdless_tenant|.*runserver)"
)
# The tenant that the page starts has a port of its own here.
SIGN_IN = """
import django
django.setup()
from django.conf import settings
from django.test import Client
from django_pwdless.localtenant import LocalTenant

keys = settings.PWDLESS
with LocalTenant(client_id=keys["CLIENT_ID"], client_secret=keys["CLIENT_SECRET"]) as tenant:
    keys["DOMAIN"] = tenant.domain
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    login_page = client.get("/accounts/login/").content.decode()
    client.post("/accounts/login/", {"identifier": "you@example.com"})
    code = tenant.inbox.latest("you@example.com").code
    response = client.post("/accounts/verify/", {"code": code}, follow=True)
    print(response.redirect_chain[-1][0], response.content.decode(), login_page)
"""


def run(project: Path, *command: str) -> str:
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    binaries = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PYTHONPATH": path, "PATH": binaries}
    environment["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
    ran = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def follow(project: Path, section: str) -> str:
    """Do what a section says, in order; return what its commands printed."""
    printed = ""
    for before, language, code in BLOCK.findall(section):
        if language == "bash":
            kept = [line for line in code.splitlines() if not NOT_RUN.match(line)]
            printed += run(project, "sh", "-ec", "\n".join(kept))
        else:
            write(project / FILE.findall(before)[-1], code, is_added="at the end of" in before)
    return printed


def write(file: Path, code: str, *, is_added: bool) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text("utf-8") if is_added else ""
    file.write_text(before + code, "utf-8")


def sign_in(project: Path) -> str:
    """Where somebody arrives who signs in, and what they see there and on the login page."""
    return run(project, sys.executable, "-c", SIGN_IN)


@pytest.mark.thorough
def test_tutorial_works_after_its_second_step_and_better_after_its_third(tmp_path: Path) -> None:
    sections = dict(SECTION.findall(PAGE))
    assert list(sections) == ["1", "2", "3", "4", "5"]
    follow(tmp_path, sections["1"])
    # The doctor cannot reach a tenant here, as nobody has started one at that port.
    second, doctor = sections["2"].split("Your site works.")
    assert "pwdless_doctor" in doctor
    assert "identified no issues" in follow(tmp_path, second)
    page = sign_in(tmp_path)
    assert page.startswith("/accounts/identities/ ") and "you@example.com" in page
    assert "you@example.com email|" in follow(tmp_path, sections["3"])
    page = sign_in(tmp_path)
    assert page.startswith("/ ") and "You’re signed in as you@example.com" in page
    follow(tmp_path, sections["4"])
    assert "Need help? Write to help@example.com." in sign_in(tmp_path)
    assert "1 passed" in follow(tmp_path, sections["5"])


def wrong_lines() -> set[str]:
    """What the doctor finds wrong; it leaves with 1 where there is something."""
    printed = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("pwdless_doctor", "--json", stdout=printed, stderr=io.StringIO())
    lines = json.loads(printed.getvalue())["lines"]
    return {line["id"] for line in lines if line["status"] == "wrong"}


def named(section: str) -> set[str]:
    return set(re.findall(r"`([a-z]+\.[a-z_]+)`", section))


@pytest.mark.django_db
def test_doctor_of_the_second_tutorial_turns_green(
    pwdless_tenant: LocalTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    sections = dict(SECTION.findall(TENANT))
    client = pwdless_tenant.client
    pwdless_tenant.switches.management_limit = 0
    client.grants.discard(OTP)
    client.connections.clear()
    assert wrong_lines() == named(sections["3"]) == {"grant.otp", "connection.email"}
    client.grants.add(OTP)
    client.connections.add("email")
    assert wrong_lines() == set()
    monkeypatch.setenv("AUTH0_MANAGEMENT_TOKEN", pwdless_tenant.management_token())
    pwdless_tenant.switches.forwarded_for_trusted = False
    assert wrong_lines() == {"client.forwarded_for"} < named(sections["6"])
    pwdless_tenant.switches.forwarded_for_trusted = True
    assert wrong_lines() == set()
