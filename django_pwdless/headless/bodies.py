"""From the bytes of a request to the members of a plain JSON object."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from django.http import HttpRequest, UnreadablePostError

from .problems import UNSUPPORTED, Refusal, invalid, malformed

CONTENT_TYPE = "application/json"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# Far more than the longest member.
MAX_BYTES = 16 * 1024


@dataclass(frozen=True)
class Member:
    """A member that an operation reads: text, or with ``is_key`` also a number."""

    name: str
    description: str
    is_required: bool = False
    is_key: bool = False

    def fits(self, value: Any) -> bool:
        """Whether the value is of the right type."""
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return isinstance(value, str) or (self.is_key and is_number)


def check_type(request: HttpRequest) -> None:
    """Raise ``Refusal`` for a form, which whoever asks for its fields would read."""
    if request.method == "POST" and request.content_type in FORMS:
        raise Refusal(UNSUPPORTED)


def read_members(request: HttpRequest, members: tuple[Member, ...]) -> dict[str, Any]:
    """Return the members of the body that an operation knows; raises ``Refusal``.

    Others are ignored. Whether all are there that are required, forms say.
    """
    sent = _object_in(request)
    known = {member.name: member for member in members}
    wrong = [name for name in sent if name in known and not known[name].fits(sent[name])]
    if wrong:
        error = {"message": "The type of this is wrong.", "code": "invalid"}
        raise invalid({name: [error] for name in wrong})
    return {name: value for name, value in sent.items() if name in known}


def _object_in(request: HttpRequest) -> dict[str, Any]:
    data = _read(request)
    if not data:
        # Of whatever type: some servers make one up where none was sent.
        return {}
    if request.content_type != CONTENT_TYPE:
        raise Refusal(UNSUPPORTED)
    try:
        value = json.loads(data.decode(), object_pairs_hook=_once_each, parse_constant=_no_constant)
        # No database takes a lone surrogate.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise malformed("The body must be a JSON object.") from None
    if not isinstance(value, dict):
        raise malformed("The body must be a JSON object.")
    if any(isinstance(part, (dict, list)) for part in value.values()):
        raise malformed("The members of the object must be plain values.")
    return value


def _read(request: HttpRequest) -> bytes:
    try:
        data: bytes = request.read(MAX_BYTES + 1)
    except UnreadablePostError:
        raise malformed("The body cannot be read.") from None
    if len(data) > MAX_BYTES:
        raise malformed("The body is too large.")
    return data


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members; raises ``ValueError`` where a name comes twice."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
