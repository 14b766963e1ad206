"""The people of the tenant, and how an address or number finds one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Person:
    """Somebody with an account at the tenant.

    ``claims`` go over those of the token. ``blocked`` people get nothing sent; a ``denied``
    person proves the address and is then refused, as by an Action.
    """

    sub: str
    email: str | None = None
    phone_number: str | None = None
    email_verified: Any = True
    blocked: bool = False
    denied: bool = False
    claims: dict[str, Any] = field(default_factory=dict)
    name: str | None = None

    @property
    def identifier(self) -> str:
        """The address, or else the number, or else the subject."""
        return self.email or self.phone_number or self.sub

    def to_wire(self) -> dict[str, Any]:
        """Return what the switches page and the control API show."""
        names = ("sub", "email", "phone_number", "email_verified", "blocked", "denied", "claims")
        return {name: getattr(self, name) for name in names}


class People:
    """Everybody, by identifier and by subject."""

    def __init__(self) -> None:
        self._people: list[Person] = []

    def __iter__(self) -> Any:
        return iter(list(self._people))

    def __len__(self) -> int:
        return len(self._people)

    def add(self, person: Person) -> Person:
        """Keep ``person``, in the place of one with the same subject."""
        self._people = [known for known in self._people if known.sub != person.sub]
        self._people.append(person)
        return person

    def find(self, connection: str, identifier: str) -> Person | None:
        """Return who has that address (``email``) or number (``sms``), or ``None``."""
        attribute = "email" if connection == "email" else "phone_number"
        matching = (p for p in self._people if getattr(p, attribute) == identifier)
        return next(matching, None)

    def by_sub(self, sub: str) -> Person | None:
        """Return who has that subject, or ``None``."""
        return next((person for person in self._people if person.sub == sub), None)

    def sign_up(self, connection: str, identifier: str) -> Person:
        """Return a new person, with a subject that the same address gets again next time."""
        sub = subject(connection, identifier)
        if connection == "email":
            return self.add(Person(sub, email=identifier))
        return self.add(Person(sub, phone_number=identifier))


def subject(connection: str, identifier: str) -> str:
    """Return ``email|<24 hex>`` or ``sms|<24 hex>``, always the same for an identifier."""
    digest = hashlib.sha256(f"{connection}:{identifier}".encode("utf-8", "replace"))
    return f"{connection}|{digest.hexdigest()[:24]}"
