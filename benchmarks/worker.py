"""A process that serves the site and nothing else: requests come in as lines of JSON.

Each is answered by a line with its status and the most memory the process has had so far, in MiB
(Linux tells it). Whoever makes the requests ready does so elsewhere, and takes no memory here.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection


def main() -> None:
    """Serve until the input ends."""
    application = get_wsgi_application()
    # The database that whoever started this has made.
    connection.settings_dict["NAME"] = connection.settings_dict["TEST"]["NAME"]
    for line in sys.stdin:
        environ = json.loads(line)
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].encode())
        environ["wsgi.errors"] = sys.stderr
        started: list[Any] = []
        body = application(environ, lambda *answer, started=started: started.extend(answer))
        b"".join(body)
        body.close()
        print(json.dumps({"status": started[0], "memory": peak_memory()}), flush=True)


def peak_memory() -> float:
    """Return the process's peak resident set. ``getrusage`` would tell its parent's, too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (peak,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 1024


if __name__ == "__main__":
    main()
