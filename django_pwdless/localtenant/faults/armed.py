"""Faults armed per endpoint, and when they wear off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django_pwdless.localtenant.answers.documented_errors import ERROR_TABLES

from .broken_connections import SPOILERS, Spoiler
from .unusable_answers import ANSWERS

REFUSED = "refused"
EVERYWHERE = "*"


@dataclass(eq=False)
class ArmedFault:
    """One fault waiting at ``path``; ``times`` of ``None`` lasts until recovered.

    With ``after`` the endpoint does its work first and only its answer is spoiled. ``answer``
    makes the response, ``spoil`` ruins one on its way.
    """

    path: str
    name: str
    times: int | None = None
    after: bool = False
    answer: Callable[[str], Any] | None = None
    spoil: Spoiler | None = None
    released: threading.Event = field(default_factory=threading.Event)


class Faults:
    """What is wrong with the tenant at the moment."""

    def __init__(self) -> None:
        self._armed: list[ArmedFault] = []
        self._lock = threading.RLock()
        self.on_change: Callable[[], None] = lambda: None

    def arm(self, fault: ArmedFault) -> None:
        """Let ``fault`` happen at its path, in the place of one that was there."""
        self.recover(fault.path)
        with self._lock:
            self._armed.append(fault)
        self.on_change()

    def take(self, path: str) -> ArmedFault | None:
        """Return the fault that happens to a call of ``path`` now, and count it."""
        with self._lock:
            fault = next((f for f in self._armed if f.path in (path, EVERYWHERE)), None)
            if fault is not None and fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._armed.remove(fault)
            return fault

    def recover(self, path: str | None = None) -> None:
        """End all faults, or those of one path; calls that hang are let go."""
        with self._lock:
            ended = [f for f in self._armed if path in (None, f.path)]
            self._armed = [f for f in self._armed if f not in ended]
        for fault in ended:
            fault.released.set()
        if ended:
            self.on_change()

    def end(self, fault: ArmedFault) -> None:
        """End this very fault, if it still lasts."""
        with self._lock:
            is_armed = fault in self._armed
            self._armed = [f for f in self._armed if f is not fault]
        fault.released.set()
        if is_armed:
            self.on_change()

    @property
    def is_refusing(self) -> bool:
        """Whether new connections are to be refused."""
        return any(fault.name == REFUSED for fault in self.armed())

    def armed(self) -> list[ArmedFault]:
        """Return what is armed now."""
        with self._lock:
            return list(self._armed)


def named_fault(path: str, name: str, times: int | None = None, after: bool = False) -> ArmedFault:
    """Return the fault called ``name``; raise ValueError where there is none.

    A name is one of :data:`FAULTS` or of a row of the endpoint's error table; one authenticator has
    that of the list it is in.
    """
    collection = path.rpartition("/")[0]
    rows = ERROR_TABLES.get(path) or ERROR_TABLES.get(collection, {})
    if name in rows:
        row = rows[name]
        return ArmedFault(path, name, times, after, answer=lambda _: row.to_response())
    if name not in FAULTS:
        raise ValueError(f"no fault {name!r}; there are {', '.join((*FAULTS, *rows))}")
    return ArmedFault(path, name, times, after, ANSWERS.get(name), SPOILERS.get(name))


FAULTS = (REFUSED, *SPOILERS, *ANSWERS)
