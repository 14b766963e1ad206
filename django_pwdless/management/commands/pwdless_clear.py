"""``manage.py pwdless_clear``: delete what has expired."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from django_pwdless.events.rows import clear_old
from django_pwdless.flows.account import sign_ins


class Command(BaseCommand):
    """Deletes rows that nobody needs any more; run it once a day."""

    help = "Deletes expired sign-ins, and events past their age."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete them, some at a time."""
        self.stdout.write(f"Expired sign-ins deleted: {sign_ins.clear_expired()}.")
        if deleted := clear_old():
            self.stdout.write(f"Old events deleted: {deleted}.")
