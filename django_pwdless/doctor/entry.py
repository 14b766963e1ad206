"""What the doctor looks at: an id, where it is changed, and the probe that looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .case import Case
from .line import Finding, Line

Probe = Callable[[Case], "Finding | list[Line]"]


def always() -> bool:
    """Return True: this concerns every site."""
    return True


@dataclass(frozen=True)
class Entry:
    """One thing to look at; ids are stable.

    ``needs`` are ids without which the probe sees nothing; ``applies`` says whether the settings
    make use of it: what does not concern a site has no line.
    """

    id: str
    probe: Probe
    where: str = ""
    setting: str = ""
    needs: tuple[str, ...] = ()
    applies: Callable[[], bool] = always

    def line(self, status: str, text: str, certainty: str, where: str | None = None) -> Line:
        """Return a line of this entry."""
        place = self.where if where is None else where
        return Line(self.id, status, place, self.setting, text, certainty)


def entry(
    id: str,
    *,
    where: str = "",
    setting: str = "",
    needs: tuple[str, ...] = (),
    applies: Callable[[], bool] = always,
) -> Callable[[Probe], Entry]:
    """Make an entry of the probe below."""
    return lambda probe: Entry(id, probe, where, setting, needs, applies)
