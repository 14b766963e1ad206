"""A new project with nothing but the settings that the README asks for, checked by its command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

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


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    call_command("startproject", "mysite", folder)
    for name, addition in [("settings", SETTINGS), ("urls", URLS)]:
        path = folder / "mysite" / f"{name}.py"
        path.write_text(path.read_text("utf-8") + addition, "utf-8")
    finished = 'from .settings import *\nLOGIN_REDIRECT_URL = "admin:index"\n'
    (folder / "mysite" / "finished.py").write_text(finished, "utf-8")
    return folder


def check(project: Path, *options: str, settings: str = "finished") -> tuple[int, list[str]]:
    """The exit status of ``manage.py check`` and the ids of ours among its messages."""
    command = [sys.executable, "manage.py", "check", "--fail-level", "WARNING", *options]
    path = os.pathsep.join(entry for entry in sys.path if entry)
    environment = {**os.environ, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": f"mysite.{settings}"}
    ran = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    return ran.returncode, re.findall(r"pwdless\.[EW]\d+", ran.stderr)


def test_new_project_is_clean(project: Path) -> None:
    assert check(project) == (0, [])


def test_new_project_has_no_page_to_come_to(project: Path) -> None:
    """Django's default, ``/accounts/profile/``, is a page that every site has to write."""
    assert check(project, settings="settings") == (1, ["pwdless.W064"])


def test_new_project_deployed_needs_another_cache(project: Path) -> None:
    assert check(project, "--deploy", "--tag", "pwdless") == (1, ["pwdless.W030"])
