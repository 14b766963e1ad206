"""How large a room, a module and a function of the package may be, read from its source."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import django_pwdless

ROOT = Path(django_pwdless.__file__).parent
MODULES = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")}

FILES_IN_A_ROOM = 12
LINES_OF_A_MODULE = 250
LINES_OF_A_FUNCTION = 25


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Name and length of each function, from what follows its docstring to its end."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            has_more = ast.get_docstring(node) is not None and len(node.body) > 1
            first = node.body[1] if has_more else node.body[0]
            yield node.name, (node.end_lineno or 0) - first.lineno + 1


def test_rooms_can_be_taken_in_at_a_glance() -> None:
    rooms = Counter(path.parent for path in MODULES)
    assert not {str(room): size for room, size in rooms.items() if size > FILES_IN_A_ROOM}


def test_modules_are_short() -> None:
    lengths = {str(path): len(source.splitlines()) for path, source in MODULES.items()}
    assert not {path: length for path, length in lengths.items() if length > LINES_OF_A_MODULE}


def test_functions_are_short() -> None:
    found = {
        f"{path}:{name}": length
        for path, source in MODULES.items()
        for name, length in functions(source)
        if length > LINES_OF_A_FUNCTION
    }
    assert not found
