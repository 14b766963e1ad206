"""How many instructions each step takes, as valgrind counts them: see README.md."""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bearer import plain
from login import JSON_STEPS, STEPS
from measure import Prepare, Variants
from project import describe, project_for
from signed_in import looks
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
        """Return the median of a request's instructions, in user space, once all is warm."""
        for _ in range(WARM_UP):
            self._serving.answer(prepare())
        self._since_last()
        counts = []
        for _ in range(requests):
            # Made ready elsewhere, and not before: codes expire while valgrind takes its time.
            self._serving.answer(prepare())
            counts.append(self._since_last())
        # One among many is a whole collection of garbage.
        return statistics.median(counts)

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
    parser.add_argument("--only", default="", help="rows whose title has this in it")
    options = parser.parse_args(arguments)
    with tenant_process() as tenant, project_for(tenant, sign_ins=True):
        site = Site(tenant)
        print(describe())
        rows = {step.title: step.variants(site) for step in STEPS}
        rows |= {title: step.variants(site) for title, step in JSON_STEPS.items()}
        rows["A call with an access token"] = plain(site, tenant)
        rows["A request of somebody signed in"] = {"SIGN_INS off": looks(site)["user"]}
        wanted = {name: row for name, row in rows.items() if options.only in name}
        # Pages cost the same with SIGN_INS on, but for a login's one row more.
        count_rows(wanted, options.requests, BENCHMARK_SIGN_INS="")
        every = looks(site)
        watched = {"SIGN_INS on": every["user"]}
        tokens = {"its row by key": every["row"], "get_access_token": every["token"]}
        rows = {"The same, watched": watched, "A fresh access token": tokens}
        wanted = {name: row for name, row in rows.items() if options.only in name}
        count_rows(wanted, options.requests, BENCHMARK_SIGN_INS="1")


def count_rows(rows: Mapping[str, Variants], requests: int, **environment: str) -> None:
    """Print the counts of each row's variants, and how the last compares with the others."""
    if not rows:
        return
    with (
        tempfile.TemporaryDirectory(prefix="pwdless-callgrind-") as folder,
        worker(under=under(folder), PYTHONHASHSEED="0", **environment) as serving,
    ):
        counter = Counter(serving, Path(folder))
        for title, variants in rows.items():
            print(f"\n{title:40}{'million':>10}", flush=True)
            counts = {}
            for name, prepare in variants.items():
                counts[name] = counter.per_request(prepare, requests)
                print(f"{name:40}{counts[name] / 1e6:10.2f}", flush=True)
            *floors, last = counts
            for name in floors:
                ratio = counts[last] / counts[name]
                print(f"{f'{last} / {name}':40}{ratio:10.3f}", flush=True)


def under(folder: str) -> Sequence[str]:
    """Return the command that counts, and leaves its counts in a folder."""
    return ("valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={folder}/count")


if __name__ == "__main__":
    main()
