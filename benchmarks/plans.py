"""What the database says that it does: whether it reads a whole table."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db import connection

# What a plan says of a table that is read from one end to the other.
WHOLE_TABLE = {
    "sqlite": r"SCAN ({tables})\b(?!.* USING)",
    "postgresql": r"Seq Scan on ({tables})\b",
    "mysql": "({tables}) ALL",
}
EXPLAINED = ("SELECT", "UPDATE", "DELETE")


def verdict(action: Callable[[], Any], *tables: str) -> str:
    """Return whether one of these tables is read as a whole for an action, which is taken once."""
    plan = "\n".join(plan_of(action))
    pattern = WHOLE_TABLE[connection.vendor].format(tables="|".join(tables))
    return "whole table" if re.search(pattern, plan) else "index"


def plan_of(action: Callable[[], Any]) -> list[str]:
    """Take an action, and return the plans of its statements."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, values: Any, *arguments: Any) -> Any:
        asked.append((sql, values))
        return execute(sql, values, *arguments)

    with connection.execute_wrapper(note):
        action()
    lines = []
    explain = connection.ops.explain_query_prefix()
    with connection.cursor() as cursor:
        for sql, values in asked:
            if sql.startswith(EXPLAINED):
                cursor.execute(f"{explain} {sql}", values)
                lines += [" ".join(map(str, row)) for row in cursor.fetchall()]
    return lines
