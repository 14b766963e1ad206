"""A process that serves the site and nothing else: requests come in as lines of JSON.

It says in a line that it is ready, and answers each request by a line: where that leads, and the
memory the process has (Linux tells it). Whoever makes the requests ready does so elsewhere, and
takes nothing here. ``workers.py`` starts it.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from django.core.wsgi import get_wsgi_application
from django.db import connection
from wsgi import outcome_of


def main() -> None:
    """Serve until the input ends."""
    application = get_wsgi_application()
    # The database that whoever started this has made.
    connection.settings_dict["NAME"] = connection.settings_dict["TEST"]["NAME"]
    say("ready")
    for line in sys.stdin:
        environ = json.loads(line)
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].encode())
        environ["wsgi.errors"] = sys.stderr
        say(outcome_of(application, environ)[0])


def say(outcome: str) -> None:
    """Write a line for whoever started this."""
    print(json.dumps({"outcome": outcome, **memory()}), flush=True)


def memory() -> dict[str, float]:
    """Return the MiB that are resident, and those of them that no other process shares."""
    entries = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    kib = {name: int(size.split()[0]) for name, size in (entry.split(":") for entry in entries)}
    return {
        "resident": kib["Rss"] / 1024,
        "unique": (kib["Private_Clean"] + kib["Private_Dirty"]) / 1024,
    }


if __name__ == "__main__":
    main()
