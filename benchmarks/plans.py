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
    """Return whether one of these tables is read as a whole for an action, which is taken once.

    A list that is counted to a limit reads as far as that.
    """
    pattern = WHOLE_TABLE[connection.vendor].format(tables="|".join(tables))
    plans = [plan for plan in plans_of(action) if re.search(pattern, plan)]
    if not plans:
        return "index"
    return "to a limit" if all("LIMIT 10000)" in plan for plan in plans) else "whole table"


def plans_of(action: Callable[[], Any]) -> list[str]:
    """Take an action, and return its statements, each with its plan."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, values: Any, *arguments: Any) -> Any:
        asked.append((sql, values))
        return execute(sql, values, *arguments)

    with connection.execute_wrapper(note):
        action()
    plans = []
    explain = connection.ops.explain_query_prefix()
    with connection.cursor() as cursor:
        for sql, values in asked:
            if sql.startswith(EXPLAINED):
                cursor.execute(f"{explain} {sql}", values)
                plan = (" ".join(map(str, row)) for row in cursor.fetchall())
                plans.append("\n".join([sql, *plan]))
    return plans
