"""Without the extra: every way to the tenant says what to install."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.sampling import sampled

ROOT = Path(__file__).resolve().parents[2]
ADVICE = 'python -m pip install "django-pwdless[localtenant]"'
FIXTURE = "def test_site(pwdless_tenant): pass\n"
WAYS = {
    "module": ["-m", "django_pwdless.localtenant"],
    "manage.py": ["-m", "django", "pwdless_tenant", "--settings", "tests.settings"],
    "fixture": [
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "django_pwdless.testing.plugin"),
        *("-p", "pytest_django.plugin", "--ds", "tests.settings", "--rootdir"),
    ],
}


def run(folder: Path, command: list[str], missing: str) -> subprocess.CompletedProcess[str]:
    """Run Python where ``missing`` cannot be imported: it looks for a sitecustomize by itself."""
    (folder / "sitecustomize.py").write_text(
        textwrap.dedent(f"""
            import sys

            class Missing:
                def find_spec(self, name, path=None, target=None):
                    if name.partition(".")[0] == {missing!r}:
                        raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

            sys.meta_path.insert(0, Missing())
        """)
    )
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
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
    ("way", "missing"),
    sampled(
        [
            *(("module", "werkzeug"), ("module", "trustme")),
            *(("manage.py", "trustme"), ("manage.py", "werkzeug")),
        ],
        2,
    ),
)
def test_command_says_what_to_install(tmp_path, way, missing):
    done = run(tmp_path, WAYS[way], missing)
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert ADVICE in done.stderr


def test_fixture_says_what_to_install(tmp_path):
    (tmp_path / "test_site.py").write_text(FIXTURE)
    done = run(tmp_path, [*WAYS["fixture"], str(tmp_path), str(tmp_path)], "werkzeug")
    assert "1 error" in done.stdout
    assert ADVICE in done.stdout


def test_another_missing_module_is_not_taken_for_the_extra(tmp_path):
    done = run(tmp_path, WAYS["module"], "jwt")
    assert done.returncode != 0
    assert "No module named 'jwt'" in done.stderr and ADVICE not in done.stderr
