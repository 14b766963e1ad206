"""``manage.py pwdless_openapi browser|app``: the OpenAPI document of a front end."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from django_pwdless.headless.openapi import printed


class Command(BaseCommand):
    """Prints it; the package has the same as a file."""

    help = "Print the OpenAPI 3.1 document of the JSON for a front end."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask which front end is meant."""
        parser.add_argument("front_end", choices=["browser", "app"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        self.stdout.write(printed(options["front_end"]), ending="")
