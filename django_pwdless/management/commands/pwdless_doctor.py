"""``manage.py pwdless_doctor``: what is wrong, here or at Auth0, and where to change it."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from django_pwdless.doctor import registry
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.examination import examine, exit_status
from django_pwdless.doctor.rendering import as_json, as_table, plain

COLOURS = {"ok": "SUCCESS", "wrong": "ERROR", "warn": "WARNING", "unknown": "NOTICE"}
INTERRUPTED = 130


class Command(BaseCommand):
    """Look at everything that must be right; change nothing, and send nothing to anybody."""

    help = (
        "Look at everything that must be right for people to sign in. Exits with 1 where something "
        "is wrong, 3 where the tenant cannot be reached. AUTH0_MANAGEMENT_TOKEN in the environment "
        "(and AUTH0_MANAGEMENT_DOMAIN beside a custom domain) lets it compare the Dashboard."
    )
    # They are reported as lines: one that fails must not keep the others from being seen.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--json`` and ``--offline``."""
        parser.add_argument("--json", action="store_true", help="print the lines as JSON")
        parser.add_argument("--offline", action="store_true", help="do not ask the tenant")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the lines on stdout, what is looked at on stderr; exit by what was found."""
        entries = registry.OFFLINE if options["offline"] else registry.OFFLINE + registry.ONLINE
        case = Case()
        try:
            lines = examine(entries, case, self._tell)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        text = as_json(lines) if options["json"] else as_table(lines, self._style)
        self.stdout.write(plain(text, getattr(self.stdout, "encoding", None)))
        if status := exit_status(case):
            sys.exit(status)

    def _tell(self, name: str) -> None:
        self.stderr.write(f"- {name}", style_func=str)

    def _style(self, status: str, text: str) -> str:
        if not self.stdout.isatty():
            return text
        coloured: str = getattr(self.style, COLOURS[status])(text)
        return coloured
