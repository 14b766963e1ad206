"""The backend with user models other than Django's; each needs a process and tables of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# What these tests use: all plugins that are installed take as long to load as the tests take.
PLUGINS = ("time_machine", "pytest_django.plugin", "django_pwdless.testing.plugin")


@pytest.mark.rows(1)
@pytest.mark.parametrize(
    ("model", "cases"),
    [
        ("EmailAsName", "email_as_name.py"),
        ("NoEmail", "no_email.py"),
        ("NoName", "no_name.py"),
        ("MoreRequired", "more_required.py"),
        ("SoftDeleted", "soft_deleted.py"),
    ],
)
def test_user_model(model: str, cases: str) -> None:
    # Measured too, where this run is.
    runner = ["coverage", "run", "-m", "pytest"] if "COVERAGE_RUN" in os.environ else ["pytest"]
    done = subprocess.run(
        [
            *(sys.executable, "-m", *runner, "-p", "no:cacheprovider", "-q"),
            *(f"-p{name}" for name in PLUGINS),
            *("--ds", "tests.user_models.settings", str(HERE / cases)),
        ],
        cwd=HERE.parent.parent,
        env={**os.environ, "USER_MODEL": model, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
