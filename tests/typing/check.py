"""What type checkers say in a site that uses the installed app: run by ``make types``.

The wheel is built and unpacked beside the packages of this environment, so that the checkers see
what a user's see: mypy and pyright, both strict, on ``consumer``, and how much of the package
has types.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
LOWEST_SCORE = 0.95


def install(home: Path) -> Path:
    """Return the interpreter of an environment in ``home`` that has the wheel and our packages."""
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(home), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    venv.create(home / "venv")
    python = home / "venv" / "bin" / "python"
    asked = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    place = Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())
    with zipfile.ZipFile(next(home.glob("*.whl"))) as wheel:
        wheel.extractall(place)
    (place / "ours.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def pyright(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it with the packages of ``python``; ``--verifytypes`` takes the first on the path."""
    path = {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "pyright", *arguments]
    return subprocess.run(
        command, cwd=HERE, env=path, check=False, stdout=subprocess.PIPE, text=True
    )


def check_consumer(python: Path) -> bool:
    """Whether both checkers accept the site; what they have to say is printed."""
    mypy = [sys.executable, "-m", "mypy", "--python-executable", str(python), "consumer"]
    # As the plugin imports the site's settings.
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    with_mypy = subprocess.run(mypy, cwd=HERE, env=environment, check=False)
    with_pyright = pyright(python, "consumer")
    print("pyright:", with_pyright.stdout.strip())
    return with_mypy.returncode == with_pyright.returncode == 0


def score(python: Path) -> float:
    """The share of the package's public names whose types are known; the others are printed."""
    options = ["--verifytypes", "django_pwdless", "--ignoreexternal", "--outputjson"]
    completeness = json.loads(pyright(python, *options).stdout)["typeCompleteness"]
    if completeness["completenessScore"] < LOWEST_SCORE:
        unknown = (entry for entry in completeness["symbols"] if not entry["isTypeKnown"])
        print("Unknown:", *(entry["name"] for entry in unknown if entry["isExported"]), sep="\n  ")
    return float(completeness["completenessScore"])


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        python = install(Path(home))
        is_accepted = check_consumer(python)
        share = score(python)
    print(f"{share:.1%} of the public names have known types; {LOWEST_SCORE:.0%} are wanted.")
    sys.exit(0 if is_accepted and share >= LOWEST_SCORE else 1)


if __name__ == "__main__":
    main()
