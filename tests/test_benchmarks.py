"""The benchmarks run; what they measure is for people to read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from django_pwdless.conf import conf
from django_pwdless.models import Identity

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.mark.benchmark
@pytest.mark.parametrize(
    "command",
    [
        "login.py --rounds 1 --batch 2 --threads 1",
        "capacity.py --rounds 1 --logins 1 --threads 1",
        "bearer.py --rounds 1 --batch 2",
        "sign_in.py --times 2",
        "identities.py --rounds 1 --batch 2 --times 1 --identities 10",
        "sign_ins.py --times 1 --sign-ins 1000",
        "at_once.py --logins 2",
        # It needs valgrind, and minutes.
        "instructions.py --help",
    ],
)
def test_benchmark_runs(command: str) -> None:
    script, *arguments = command.split()
    done = subprocess.run(
        [sys.executable, "-W", "error", BENCHMARKS / script, *arguments],
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr


# Each ANALYZE of MariaDB commits: what the test adds has to be taken away by hand.
@pytest.mark.django_db(transaction=True)
def test_crowd_can_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    from crowd import add_crowd  # type: ignore[import-not-found]

    add_crowd(3)
    for number in (1, 2, 3):
        identity = Identity.objects.find(conf.issuer, f"email|crowd{number}")
        assert identity is not None
        assert identity.user.get_username() == f"crowd{number}"
        assert identity.user.is_active
    assert Identity.objects.count() == 3
