"""One line of the doctor's, and how a probe says what goes on it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

OK, WRONG, WARN, UNKNOWN = "ok", "wrong", "warn", "unknown"
SURE, LIKELY, CANNOT_TELL = "sure", "likely", "cannot tell"


@dataclass(frozen=True)
class Line:
    """What was found about one thing.

    ``where`` is the page and switch of the Dashboard, ``setting`` the one of the site (or the
    variable of the environment), either may be empty; ``certainty`` is sure for what was seen.
    """

    id: str
    status: str
    where: str
    setting: str
    text: str
    certainty: str = SURE

    def to_wire(self) -> dict[str, str]:
        """Return the line as it is printed in JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Finding:
    """What a probe found: the part of a line that its entry does not know."""

    status: str
    text: str
    certainty: str = SURE
    where: str | None = None


class CannotTell(Exception):
    """Raised by a probe that could not see; its text says what it would need."""


def ok(text: str, certainty: str = SURE) -> Finding:
    """Return that this is as it must be."""
    return Finding(OK, text, certainty)


def wrong(text: str, certainty: str = SURE, where: str | None = None) -> Finding:
    """Return that this keeps people from signing in; ``where`` in place of the entry's own."""
    return Finding(WRONG, text, certainty, where)


def warn(text: str, certainty: str = SURE) -> Finding:
    """Return that this works, and is not what a site wants."""
    return Finding(WARN, text, certainty)
