#!/usr/bin/env python
from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

#: Where the demo writes, while it runs, what its settings come from.
DEMO = Path(os.environ.get("DEMO_FILE") or Path(__file__).parent / "demo.json")


def join_demo() -> None:
    """Take the settings of a demo that runs, unless the environment names a tenant."""
    if DEMO.exists() and not os.environ.get("AUTH0_DOMAIN"):
        os.environ.update(json.loads(DEMO.read_text(encoding="utf-8")))


if __name__ == "__main__":
    join_demo()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example.settings")
    execute_from_command_line(sys.argv)
