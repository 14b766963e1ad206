"""A new project with nothing but the settings that the README asks for, checked by its command."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

PWDLESS = '{"DOMAIN": "example.eu.auth0.com", "CLIENT_ID": "...", "CLIENT_SECRET": "..."}'
SETTINGS = f"""
INSTALLED_APPS += ["django_pwdless"]
AUTHENTICATION_BACKENDS = [
    "django_pwdless.backends.PasswordlessBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "pwdless:login"
PWDLESS = {PWDLESS}
"""
URLS = """
from django.urls import include
urlpatterns += [path("accounts/", include("django_pwdless.urls"))]
"""


# Runs manage.py with each line of arguments; the settings may be another's from then on.
RUNS = """
import contextlib, io, json, sys
import manage
from django.conf import settings

for changes, *arguments in json.loads(sys.argv.pop()):
    for name, value in changes.items():
        setattr(settings, name, value)
    sys.argv = ["manage.py", "check", "--fail-level", "WARNING", *arguments]
    status = 0
    with contextlib.redirect_stderr(io.StringIO()) as said:
        try:
            manage.main()
        except SystemExit as end:
            status = end.code
    print(json.dumps([status, said.getvalue()]))
"""
DEPLOYED = ("--deploy", "--tag", "pwdless")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    call_command("startproject", "mysite", tmp_path)
    for name, addition in [("settings", SETTINGS), ("urls", URLS)]:
        path = tmp_path / "mysite" / f"{name}.py"
        path.write_text(path.read_text("utf-8") + addition, "utf-8")
    return tmp_path


def check(project: Path, *runs: tuple[Any, ...]) -> list[tuple[int, list[str]]]:
    """Of each ``manage.py check`` the exit status, and the ids of ours among its messages."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    ran = subprocess.run(
        [sys.executable, "-c", RUNS, json.dumps(runs)],
        cwd=project,
        env={**os.environ, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "mysite.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    results = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("[")]
    return [(status, re.findall(r"pwdless\.[EW]\d+", said)) for status, said in results]


def test_new_project_lacks_a_page_to_come_to_and_a_cache_when_deployed(project: Path) -> None:
    """Django's default, ``/accounts/profile/``, is a page that every site has to write."""
    as_made, finished, deployed = check(
        project, ({},), ({"LOGIN_REDIRECT_URL": "admin:index"},), ({}, *DEPLOYED)
    )
    assert as_made == (1, ["pwdless.W064"])
    assert finished == (0, [])
    assert deployed == (1, ["pwdless.W030"])
