"""Auth0's clients for Node, and openid-client, unchanged, against the local tenant.

What they do is in ``node/*.test.mjs``, for Node's own test runner. ``npm ci --prefix
tests/official`` installs them; where that was not done they are skipped, unless
``REQUIRE_NODE_CLIENTS`` is set.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from django_pwdless.localtenant import LocalTenant

HERE = Path(__file__).parent
FILES = sorted((HERE / "node").glob("*.test.mjs"))
IS_REQUIRED = bool(os.environ.get("REQUIRE_NODE_CLIENTS"))
SECONDS = 120


@pytest.fixture
def node() -> str:
    """The command, where the clients are installed for it."""
    command = shutil.which("node")
    missing = ""
    if command is None:
        missing = "there is no node"
    elif not (HERE / "node_modules").is_dir():
        missing = "run npm ci --prefix tests/official"
    if missing and not IS_REQUIRED:
        pytest.skip(missing)
    assert not missing, missing
    return str(command)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name.partition(".")[0])
def test_client_gets_along_with_the_tenant(node: str, secure: LocalTenant, file: Path) -> None:
    environment = {
        **os.environ,
        "TENANT_URL": secure.base_url,
        "CLIENT_ID": secure.client_id,
        "CLIENT_SECRET": secure.client_secret or "",
        "NODE_EXTRA_CA_CERTS": secure.ca_file,
        "NEXT_TELEMETRY_DISABLED": "1",
    }
    run = subprocess.run(
        [node, "--test", "--test-reporter=spec", file],
        env=environment,
        cwd=HERE,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert " fail 0\n" in run.stdout and " pass 0\n" not in run.stdout, run.stdout


def test_lock_file_names_no_host() -> None:
    """Where packages come from is the installer's own affair; ``npm ci`` checks their hashes."""
    assert "://" not in (HERE / "package-lock.json").read_text("utf-8")
