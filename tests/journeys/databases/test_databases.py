"""A site with two databases; it needs a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.thorough
def test_replica_that_lags() -> None:
    # Measured too, where this run is.
    runner = ["coverage", "run", "-m", "pytest"] if "COVERAGE_RUN" in os.environ else ["pytest"]
    done = subprocess.run(
        [
            *(sys.executable, "-m", *runner, "-p", "no:cacheprovider", "-q"),
            *("--ds", "tests.journeys.databases.settings", str(HERE / "cases.py")),
        ],
        cwd=HERE.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
