"""How the tenant says no: one row of an error table, raised from anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.wrappers import Response

from .json_response import json_response


@dataclass(frozen=True)
class ErrorRow:
    """One row of the error tables in Auth0's documentation.

    ``extra`` holds further members of the JSON body, ``headers`` those of the answer.
    """

    status: int
    error: str | None = None
    description: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def saying(self, description: str) -> ErrorRow:
        """Return the same row with another ``error_description``."""
        return replace(self, description=description)

    def adding(self, **extra: Any) -> ErrorRow:
        """Return the same row with more members in its body."""
        return replace(self, extra={**self.extra, **extra})

    def with_headers(self, headers: dict[str, str]) -> ErrorRow:
        """Return the same row with more response headers."""
        return replace(self, headers={**self.headers, **headers})

    def to_response(self) -> Response:
        """Return the row as Auth0 would send it (RFC 6749 5.2, where it applies)."""
        body = {"error": self.error, "error_description": self.description}
        given = {name: value for name, value in body.items() if value is not None}
        response = json_response({**given, **self.extra}, self.status)
        response.headers.extend(self.headers)
        return response


class Refusal(Exception):
    """Raised by an endpoint that refuses; carries the row to answer with."""

    def __init__(self, row: ErrorRow) -> None:
        super().__init__(f"{row.status} {row.error}: {row.description}")
        self.row = row
