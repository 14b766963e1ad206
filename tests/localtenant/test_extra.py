"""Without the extra: every way to the tenant says what to install."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase

from django_pwdless.testing import TenantMixin
from django_pwdless.testing.tenants import SERVERS

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
TENANT = "django_pwdless.localtenant"
MODULE = ["-m", TENANT]
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


@pytest.mark.rows(1)
@pytest.mark.parametrize("missing", ["trustme", "werkzeug"])
@pytest.mark.parametrize("command", [MODULE, COMMAND])
def test_command_says_what_to_install(tmp_path: Path, command: list[str], missing: str) -> None:
    done = run(tmp_path, command, missing)
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert ADVICE in done.stderr


@dataclass(frozen=True)
class Missing:
    """Knows that a module is not there."""

    missing: str

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name.partition(".")[0] == self.missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.fixture
def take_away(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Take a module away, and the tenant with it, as if neither had been imported yet."""

    def take_away(missing: str) -> None:
        for name in list(sys.modules):
            if name.startswith(TENANT) or name.partition(".")[0] == missing:
                monkeypatch.delitem(sys.modules, name)
        monkeypatch.setattr(sys, "meta_path", [Missing(missing), *sys.meta_path])
        monkeypatch.setattr(SERVERS, "_tenant", None)

    return take_away


@pytest.mark.parametrize("missing", ["markupsafe", "trustme", "werkzeug"])
def test_command_of_a_site_says_it(take_away: Callable[[str], None], missing: str) -> None:
    take_away(missing)
    with pytest.raises(CommandError, match=re.escape(f"needs {missing}: {ADVICE}")):
        call_command("pwdless_tenant")


def test_fixture_says_it(take_away: Callable[[str], None], request: pytest.FixtureRequest) -> None:
    take_away("werkzeug")
    with pytest.raises(pytest.UsageError, match=re.escape(ADVICE)):
        request.getfixturevalue("pwdless_tenant")


def test_mixin_says_it(take_away: Callable[[str], None]) -> None:
    class Site(TenantMixin, SimpleTestCase):
        def test_it(self) -> None:
            raise AssertionError

    take_away("werkzeug")
    result = Site("test_it").run()
    assert result and ADVICE in result.errors[0][1] and not result.failures


def test_another_missing_module_is_not_taken_for_the_extra(
    take_away: Callable[[str], None],
) -> None:
    take_away("jwt")
    with pytest.raises(ModuleNotFoundError) as missing:
        import_module(TENANT)
    assert missing.value.name == "jwt" and ADVICE not in str(missing.value)


@pytest.mark.thorough
def test_command_and_tests_of_a_site_say_it_in_a_process(tmp_path: Path) -> None:
    (tmp_path / "test_site.py").write_text(SITE)
    done = run(tmp_path, ["-c", WAYS, *PYTEST, str(tmp_path), str(tmp_path)], "werkzeug")
    (status, by_command), (_, by_tests) = json.loads(done.stdout)
    assert status == 2 and "Traceback" not in by_command and ADVICE in by_command
    assert "1 failed, 1 error" in by_tests
    for error in ("ImportError", "pytest.UsageError"):
        assert f"{error}: The local tenant needs werkzeug: {ADVICE}" in by_tests


@pytest.mark.thorough
def test_another_missing_module_is_named_as_it_is(tmp_path: Path) -> None:
    done = run(tmp_path, MODULE, "jwt")
    assert done.returncode != 0
    assert "No module named 'jwt'" in done.stderr and ADVICE not in done.stderr
