"""What the tenant has "sent": nothing leaves the machine, everything lands here."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Message:
    """One message to one person.

    ``connection`` is ``email`` or ``sms``, ``send`` is ``code``, ``link``, ``call`` or ``push``,
    ``sent_at`` seconds since the epoch by the tenant's clock, ``purpose`` is ``login`` or ``mfa``;
    ``digits`` is the code that ``code`` shows or ``link`` hides.
    """

    to: str
    connection: str
    send: str
    code: str | None
    link: str | None
    sent_at: float
    purpose: str = "login"
    language: str | None = None
    number: int = 0
    digits: str = ""

    def to_wire(self) -> dict[str, Any]:
        """Return the message as JSON members."""
        return asdict(self)


#: Messages kept; older ones are forgotten.
KEPT = 5000


class Inbox:
    """The messages, oldest first."""

    def __init__(self, listeners: list[Callable[[Message], None]]) -> None:
        self._messages: deque[Message] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)
        self._listeners = listeners
        self._lock = threading.Lock()

    def deliver(self, message: Message) -> Message:
        """Keep ``message``, give it a number, and tell whoever wanted to know."""
        with self._lock:
            message = Message(**{**asdict(message), "number": next(self._numbers)})
            self._messages.append(message)
        for listener in self._listeners:
            listener(message)
        return message

    def messages(self, to: str | None = None) -> list[Message]:
        """Return the messages, oldest first, of one person where ``to`` is given."""
        with self._lock:
            return [m for m in self._messages if to is None or m.to == to.strip().lower()]

    def latest(self, to: str | None = None) -> Message:
        """Return the newest message (to that person); raise LookupError where there is none."""
        with self._lock:
            for message in reversed(self._messages):
                if to is None or message.to == to.strip().lower():
                    return message
        raise LookupError(f"nothing was sent to {to or 'anybody'}")
