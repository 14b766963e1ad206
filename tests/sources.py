"""The package's source as tests look at it: each module is read and parsed once for all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import django_pwdless

ROOT = Path(django_pwdless.__file__).parent
BLOCKS = ("body", "handlers", "cases", "orelse", "finalbody")

Import = ast.Import | ast.ImportFrom


@dataclass(frozen=True)
class Source:
    """What is known of a module; its tree, which is large, is not kept."""

    lines: int
    #: Those in functions too, each with whether only type checkers see it.
    imports: list[tuple[Import, bool]]
    #: Name and length of each function, from what follows its docstring to its end.
    functions: list[tuple[str, int]]


@cache
def sources() -> dict[Path, Source]:
    """Each module by its path below the package."""
    return {path.relative_to(ROOT): read(path) for path in sorted(ROOT.rglob("*.py"))}


def read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    source = Source(len(text.splitlines()), [], [])
    for node, for_types in statements(ast.parse(text).body):
        if isinstance(node, Import):
            source.imports.append((node, for_types))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            source.functions.append((node.name, length_of(node)))
    return source


def statements(block: Iterable[ast.AST], for_types: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    """Each statement in a block, at any depth; expressions hold none."""
    for node in block:
        yield node, for_types
        for name in BLOCKS:
            hidden = name == "body" and is_for_types_only(node)
            yield from statements(getattr(node, name, ()), for_types or hidden)


def is_for_types_only(node: ast.AST) -> bool:
    test = getattr(node, "test", None)
    return isinstance(node, ast.If) and "TYPE_CHECKING" in (
        getattr(test, "id", ""),
        getattr(test, "attr", ""),
    )


def length_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    has_more = ast.get_docstring(function, clean=False) is not None and len(function.body) > 1
    first = function.body[1] if has_more else function.body[0]
    return (function.end_lineno or 0) - first.lineno + 1
