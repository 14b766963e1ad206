"""What GitHub runs: each job asks for what there is, and only one of them for a browser."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CI = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
TOX = (ROOT / "tox.ini").read_text("utf-8")


def jobs() -> dict[str, str]:
    names_and_texts = re.split(r"^  (\w+):\n", CI.partition("\njobs:\n")[2], flags=re.MULTILINE)[1:]
    return dict(zip(names_and_texts[::2], names_and_texts[1::2], strict=True))


def listed(key: str) -> list[str]:
    (values,) = re.findall(rf"^ +{key}: \[(.+)\]$", jobs()["tests"], re.MULTILINE)
    return [value.strip('" ').replace(".", "") for value in values.split(",")]


def environments() -> set[str]:
    """The environments that ``tox`` runs without being told which."""
    found = set()
    for line in TOX.partition("env_list =\n")[2].partition("\nskip")[0].split():
        names = [""]
        for part in re.split(r"(\{[^}]+\})", line):
            choices = part.strip("{}").split(",") if part.startswith("{") else [part]
            names = [name + choice for name in names for choice in choices]
        found |= {*names}
    return found


def test_every_cell_of_tox_is_a_job() -> None:
    cells = {f"py{p}-django{d}" for p, d in product(listed("python"), listed("django"))}
    # What is excluded is among them, what is included is not.
    others = re.findall(r'- \{ python: "([\d.]+)", django: "(\w+)" \}', jobs()["tests"])
    cells ^= {f"py{python.replace('.', '')}-django{django}" for python, django in others}
    assert cells == {name for name in environments() if re.fullmatch(r"py\d+-django\w+", name)}


def test_one_job_alone_drives_a_browser() -> None:
    drives = re.compile("browser|CHROMIUM")
    assert [name for name, text in jobs().items() if drives.search(text)] == ["browser"]
    assert "tox run -f" not in CI, "a factor may choose a browser too"


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_may_do_little_and_runs_what_was_read(workflow: Path) -> None:
    text = workflow.read_text("utf-8")
    assert re.search(r"^permissions:(?: \{\}|\n  contents: read\n)", text, re.MULTILINE)
    used = re.findall(r"uses: (\S+)", text)
    assert used and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action in used)
    assert set(re.findall(r"(\w[\w-]*): write", text)) <= {"id-token"}


def test_hooks_run_the_ruff_of_the_requirements() -> None:
    lint = (ROOT / "requirements" / "lint.txt").read_text("utf-8")
    (version,) = re.findall(r"^ruff==(.+)$", lint, re.MULTILINE)
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    assert f"ruff-pre-commit\n    rev: v{version}\n" in hooks
