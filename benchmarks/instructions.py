"""How many instructions each step takes, as valgrind counts them: see README.md."""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from login import STEPS
from measure import Prepare
from project import describe, project_for
from site_requests import Site
from tenant import tenant_process
from workers import Worker, worker

WARM_UP = 12


class Counter:
    """Counts what a worker that runs under callgrind executes."""

    def __init__(self, serving: Worker, folder: Path) -> None:
        self._serving = serving
        self._folder = folder

    def per_request(self, prepare: Prepare, requests: int) -> float:
        """Return how many instructions a request takes, in user space, once all is warm."""
        for _ in range(WARM_UP):
            self._serving.answer(prepare())
        self._since_last()
        for _ in range(requests):
            # Made ready elsewhere, and not before: codes expire while valgrind takes its time.
            self._serving.answer(prepare())
        return self._since_last() / requests

    def _since_last(self) -> int:
        before = set(self._folder.iterdir())
        command = ["callgrind_control", "--dump", str(self._serving.pid)]
        subprocess.run(command, check=True, capture_output=True)
        (dump,) = set(self._folder.iterdir()) - before
        total = re.search(r"^(?:summary|totals): (\d+)", dump.read_text(), re.MULTILINE)
        assert total is not None
        return int(total[1])


def main(arguments: Sequence[str] | None = None) -> None:
    """Count, and print as it goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=30, help="of each kind (%(default)s)")
    options = parser.parse_args(arguments)
    with (
        tenant_process() as tenant,
        project_for(tenant),
        tempfile.TemporaryDirectory(prefix="pwdless-callgrind-") as folder,
    ):
        site = Site(tenant)
        print(describe())
        callgrind = ("valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={folder}/count")
        with worker(under=callgrind, PYTHONHASHSEED="0") as serving:
            counter = Counter(serving, Path(folder))
            for step in STEPS:
                print(f"\n{step.title:40}{'million':>10}{'ratio':>8}", flush=True)
                counts: list[float] = []
                for name, prepare in step.variants(site).items():
                    counts.append(counter.per_request(prepare, options.requests))
                    # To the second floor, which comes before ours.
                    ratio = f"{counts[2] / counts[1]:8.3f}" if len(counts) == 3 else ""
                    print(f"{name:40}{counts[-1] / 1e6:10.2f}{ratio}", flush=True)


if __name__ == "__main__":
    main()
