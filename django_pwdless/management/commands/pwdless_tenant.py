"""``manage.py pwdless_tenant``: run a local stand-in for an Auth0 tenant."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

OPTIONS = ("port", "host", "tls", "client_id", "client_secret", "demo", "quiet", "apis")


class Command(BaseCommand):
    """Serve a local tenant until interrupted, and print every message it "sends"."""

    help = "Run a local stand-in for an Auth0 tenant."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the same options as ``python -m django_pwdless.localtenant``."""
        try:
            from django_pwdless.localtenant import cli
        except ImportError as problem:
            parser.error(str(problem))
        cli.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the tenant."""
        from django_pwdless.localtenant import cli

        options["apis"] = [*options["apis"], *_apis_of_the_site()]
        try:
            cli.run(**{name: options[name] for name in OPTIONS})
        except (OSError, ValueError) as problem:
            raise CommandError(problem) from None


def _apis_of_the_site() -> list[str]:
    """Return the APIs that the settings name, as an Auth0 tenant would have them registered."""
    site = getattr(settings, "PWDLESS", {})
    named = [site.get("AUDIENCE"), site.get("API_AUDIENCE")]
    lists = [list(each) if isinstance(each, (list, tuple)) else [each] for each in named]
    return [api for each in lists for api in each if api]
