"""The example project's own tests, run as its developer runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# What the settings of the project, or of this suite, read.
READ = ("API_", "AUTH0_", "DATABASE_", "DEBUG", "DJANGO_", "METHODS", "REDIS_", "STAFF_")


@pytest.mark.thorough
def test_its_tests_pass() -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(READ)}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    plugins = ["-p", "pytest_django.plugin", "-p", "django_pwdless.testing.plugin"]
    options = ["-q", "-p", "no:cacheprovider", "-c", "example_project/pytest.ini"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *options, "example_project"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None and int(passed[1]) > 50
