"""``manage.py pwdless_sign_out``: end the sign-ins of some users, or of everybody."""

from __future__ import annotations

import argparse
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from django_pwdless.conf import conf
from django_pwdless.flows.account import sign_ins
from django_pwdless.identifiers.identifier import parse_identifier


class Command(BaseCommand):
    """Ends sign-ins; those who are signed out sign in again where they may."""

    help = "Ends the sign-ins of the users named, or of everybody. Needs SIGN_INS."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add who is meant."""
        parser.add_argument("usernames", nargs="*", metavar="USERNAME")
        parser.add_argument(
            "--identifier",
            nargs="+",
            default=[],
            metavar="ADDRESS",
            help="whoever has an identity with this email address or phone number",
        )
        parser.add_argument("--all", action="store_true", help="everybody")
        parser.add_argument("--no-input", action="store_true", help="do not ask before --all")
        parser.add_argument(
            "--revoke", action="store_true", help="revoke their refresh tokens too; needs TOKENS"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """End them, or nothing at all where somebody is not known."""
        if not conf.SIGN_INS:
            raise CommandError('PWDLESS["SIGN_INS"] is off: there are no sign-ins to end.')
        revoke = options["revoke"]
        if revoke and not conf.TOKENS:
            raise CommandError('PWDLESS["TOKENS"] is off: there are no refresh tokens to revoke.')
        names, addresses = options["usernames"], options["identifier"]
        if bool(options["all"]) == bool(names or addresses):
            raise CommandError("Name users, or identifiers, or --all.")
        if options["all"]:
            if not (options["no_input"] or self._is_sure()):
                raise CommandError("Nobody was signed out.")
            ended = sign_ins.end_all(revoke=revoke)
        else:
            users = {pk for name in names for pk in _named(name)}
            users = users.union(*map(_with_identifier, addresses))
            ended = sign_ins.end_of_users(users, revoke=revoke)
        self.stdout.write(f"Sign-ins ended: {ended}.")

    def _is_sure(self) -> bool:
        return input('This signs everybody out. Type "yes" to go on: ') == "yes"


def _named(name: str) -> set[Any]:
    users = get_user_model()
    found = users._default_manager.filter(**{users.USERNAME_FIELD: name})
    pks = {user.pk for user in found if user.get_username() == name}
    if not pks:
        raise CommandError("One of the user names is nobody's. Nobody was signed out.")
    return pks


def _with_identifier(text: str) -> set[Any]:
    try:
        identifier = parse_identifier(text, frozenset({"email", "sms"}))
    except ValidationError:
        raise CommandError("One of the identifiers is no address and no number.") from None
    found = sign_ins.users_with(identifier)
    if not found:
        raise CommandError(f"{identifier.masked} is nobody's. Nobody was signed out.")
    return found
