"""The people of the tenant, and how an address or number finds one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .authenticators import KINDS, Authenticator

ENROLLABLE = ("otp", "phone", "push-notification")
MFA = ("challenge", "enroll", "absent", "empty", "null", "unknown", "challenge_types")


@dataclass
class Person:
    """Somebody with an account at the tenant.

    ``claims`` go over those of the token. ``blocked`` people get nothing sent; a ``denied``
    person proves the address and is then refused, as by an Action. ``mfa`` of ``None`` asks for
    no second factor, else it names the shape of ``mfa_requirements`` (:data:`MFA`) or is it, as a
    dict. ``mfa_steps`` factors are asked for, one after the other. ``note`` tells what a
    ready-made person is good for. ``permissions`` are those of the person's roles (RBAC).
    """

    sub: str
    email: str | None = None
    phone_number: str | None = None
    email_verified: Any = True
    blocked: bool = False
    denied: bool = False
    claims: dict[str, Any] = field(default_factory=dict)
    name: str | None = None
    factors: list[Authenticator] = field(default_factory=list)
    mfa: str | dict[str, Any] | None = None
    mfa_steps: int = 1
    permissions: list[str] = field(default_factory=list)
    note: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.mfa, str) and self.mfa not in MFA:
            raise ValueError(f"no mfa {self.mfa!r}; there are {', '.join(MFA)}")

    @property
    def identifier(self) -> str:
        """The address, or else the number, or else the subject."""
        return self.email or self.phone_number or self.sub

    @property
    def has_factor(self) -> bool:
        """Whether something is confirmed that can be asked for, a recovery code not counted."""
        return any(a.active and a.factor != "recovery-code" for a in self.factors)

    @property
    def has_enrolled(self) -> bool:
        """Whether something is confirmed that nobody has without enrolling it."""
        return any(a.active and a.factor not in ("recovery-code", "email") for a in self.factors)

    def factor(self, name: str) -> Authenticator:
        """Return the first authenticator of a factor; raise LookupError where there is none."""
        found = [a for a in self.factors if a.factor == name]
        if not found:
            raise LookupError(f"{self.identifier} has no {name}")
        return found[0]

    @property
    def recovery_code(self) -> str:
        """The recovery code that works now; raises LookupError where there is none."""
        return self.factor("recovery-code").secret or ""

    def requirements(self, active: list[Authenticator]) -> Any:
        """Return ``mfa_requirements`` as :attr:`mfa` wants them; ``None`` leaves them out."""
        if self.mfa is None or isinstance(self.mfa, dict):
            return self.mfa
        types = dict.fromkeys(a.kind.requirement for a in active)
        challenge = [{"type": name} for name in types]
        shapes: dict[str, Any] = {
            "challenge": {"challenge": challenge},
            "enroll": {"enroll": [{"type": name} for name in ENROLLABLE]},
            "empty": {"challenge": []},
            "null": {"challenge": None, "enroll": None},
            "unknown": {"challenge": [{"type": "carrier-pigeon"}]},
            "challenge_types": {"challenge_types": ["otp", "oob"]},
        }
        return shapes.get(self.mfa)

    def to_wire(self) -> dict[str, Any]:
        """Return what the control API shows."""
        names = ("sub", "email", "phone_number", "email_verified", "blocked", "denied", "claims")
        shown = {
            name: getattr(self, name)
            for name in (*names, "mfa", "mfa_steps", "permissions", "note")
        }
        return {**shown, "factors": [_factor_to_wire(factor) for factor in self.factors]}


def _factor_to_wire(factor: Authenticator) -> dict[str, Any]:
    names = ("id", "factor", "target", "secret", "active")
    return {name: getattr(factor, name) for name in names}


class People:
    """Everybody, by identifier and by subject."""

    def __init__(self) -> None:
        self._people: list[Person] = []

    def __iter__(self) -> Iterator[Person]:
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


def enrolled(
    factor: str | dict[str, Any], email: str | None, phone_number: str | None
) -> Authenticator:
    """Return an authenticator from its name or its attributes, with a fitting target.

    Raises ValueError for a factor there is not.
    """
    attributes: dict[str, Any] = {"factor": factor} if isinstance(factor, str) else dict(factor)
    kind = KINDS.get(attributes.get("factor", ""))
    targets = {
        "sms": phone_number or "+12025550100",
        "voice": phone_number or "+12025550100",
        "email": email or "somebody@example.com",
        "auth0": "Demo phone",
    }
    attributes.setdefault("target", targets.get((kind and kind.channel) or ""))
    return Authenticator(**attributes)
