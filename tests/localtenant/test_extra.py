"""Without the extra: every way to the tenant says what to install."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sampling import sampled

ROOT = Path(__file__).resolve().parents[2]
ADVICE = 'python -m pip install "django-pwdless[localtenant]"'
# Python looks for a sitecustomize by itself.
WITHOUT = """
import os, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == os.environ["MISSING"]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
"""
MODULE = ["-m", "django_pwdless.localtenant"]
COMMAND = ["-m", "django", "pwdless_tenant", "--settings", "tests.settings"]

# Django is set up once for the command and for both ways of a site's tests.
WAYS = """
import contextlib, io, json, sys
import pytest
from django.core.management import execute_from_command_line

def said_by(run):
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(said):
        try:
            status = run()
        except SystemExit as end:
            status = end.code
    return [status, said.getvalue()]

command = ["manage.py", "pwdless_tenant", "--settings", "tests.settings"]
by_command = said_by(lambda: execute_from_command_line(command))
by_tests = said_by(lambda: int(pytest.main(sys.argv[1:])))
print(json.dumps([by_command, by_tests]))
"""
PYTEST = [
    *("-q", "-p", "no:cacheprovider", "-p", "django_pwdless.testing.plugin"),
    *("-p", "pytest_django.plugin", "--ds", "tests.settings", "--rootdir"),
]
SITE = """
from django.test import SimpleTestCase
from django_pwdless.testing import TenantMixin


class Site(TenantMixin, SimpleTestCase):
    def test_mixin(self): pass


def test_fixture(pwdless_tenant): pass
"""


def run(folder: Path, command: list[str], missing: str) -> subprocess.CompletedProcess[str]:
    """Run Python where ``missing`` cannot be imported."""
    (folder / "sitecustomize.py").write_text(WITHOUT)
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "MISSING": missing}
    environment["PYTHONPATH"] = os.pathsep.join([str(folder), str(ROOT)])
    return subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        cwd=ROOT,
        env=environment,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "missing"),
    sampled(
        [(MODULE, "trustme"), (MODULE, "werkzeug"), (COMMAND, "trustme"), (COMMAND, "werkzeug")], 4
    ),
)
def test_command_says_what_to_install(tmp_path: Path, command: list[str], missing: str) -> None:
    done = run(tmp_path, command, missing)
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert ADVICE in done.stderr


def test_command_and_tests_of_a_site_say_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "test_site.py").write_text(SITE)
    done = run(tmp_path, ["-c", WAYS, *PYTEST, str(tmp_path), str(tmp_path)], "werkzeug")
    (status, by_command), (_, by_tests) = json.loads(done.stdout)
    assert status == 2 and "Traceback" not in by_command and ADVICE in by_command
    assert "1 failed, 1 error" in by_tests
    for error in ("ImportError", "pytest.UsageError"):
        assert f"{error}: The local tenant needs werkzeug: {ADVICE}" in by_tests


def test_another_missing_module_is_not_taken_for_the_extra(tmp_path: Path) -> None:
    done = run(tmp_path, MODULE, "jwt")
    assert done.returncode != 0
    assert "No module named 'jwt'" in done.stderr and ADVICE not in done.stderr
