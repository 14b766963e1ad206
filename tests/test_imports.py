"""The import directions of the package, read from its source; nothing is imported to test them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import django_pwdless

PACKAGE = "django_pwdless"
ROOT = Path(django_pwdless.__file__).parent

# What each module may import beside the standard library: our own modules by their name below the
# package, others by their top-level name. A name stands for everything below it, both as the
# importer and as what is imported; the longest name that fits an importer counts.
MAY_IMPORT: dict[str, set[str]] = {
    "exceptions": set(),
    "conf": {"django"},
    "auth0": {"auth0", "exceptions"},
    "auth0.transport": {"auth0.types", "exceptions", "requests", "urllib3"},
    "auth0.types": {"exceptions"},
    "auth0.passwordless": {"auth0.transport", "auth0.types", "exceptions"},
    "auth0.authorize": {"auth0.transport", "auth0.types", "exceptions"},
    "auth0.mfa": {"auth0.transport", "auth0.types", "exceptions"},
    "auth0.jwks": {"auth0.transport", "auth0.types", "exceptions", "jwt"},
    "auth0.id_token": {"auth0.types", "exceptions", "jwt"},
    "auth0.client": {"auth0", "exceptions", "jwt"},
    "provider": {"auth0", "conf", "django", "exceptions"},
    "models": {"django"},
    "signals": {"django"},
    "identity": {"auth0", "conf", "django", "exceptions", "models", "signals"},
    "policy": {"auth0", "conf", "django", "models"},
    "pending": {"auth0", "conf", "django", "exceptions"},
    "client_ip": {"conf", "django"},
    "ratelimits": {"client_ip", "conf", "django", "django_ratelimit", "exceptions"},
    "backends": {"auth0", "conf", "django", "exceptions", "identity", "models", "provider"},
    "flows": {
        *("auth0", "client_ip", "conf", "django", "exceptions", "identity", "models"),
        *("pending", "policy", "provider", "ratelimits", "signals"),
    },
    "forms": {"conf", "django"},
    "decorators": {"conf", "django", "policy"},
    "views": {"conf", "decorators", "django", "exceptions", "flows", "forms", "views"},
    "urls": {"django", "views"},
    "checks": {"conf", "django"},
    "apps": {"checks", "django"},
    "admin": {"django", "models"},
    "management": {"conf", "django", "flows", "localtenant"},
    "migrations": {"django"},
    "localtenant": {"cryptography", "jwt", "localtenant", "werkzeug"},
    "testing": {"django", "localtenant", "pytest"},
}


def find_modules() -> dict[str, Path]:
    """Paths of the modules by their dotted names below the package, which itself is ``""``."""
    modules = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        modules[".".join(part for part in parts if part != "__init__")] = path
    return modules


MODULES = find_modules()


def below_package(name: str) -> str | None:
    """``name`` without the package's own, ``None`` where it is another package's."""
    top, _, rest = name.partition(".")
    return rest if top == PACKAGE else None


def imported_names(module: str) -> Iterator[str]:
    """The full dotted name of each module that ``module`` imports, in functions too."""
    path = MODULES[module]
    package = [PACKAGE, *module.split(".")] if module else [PACKAGE]
    if path.name != "__init__.py":
        package.pop()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*parents, node.module] if node.module else parents)
            for alias in node.names:
                name = f"{base}.{alias.name}"
                # "from package import name" may mean a module or something inside the package.
                yield name if below_package(name) in MODULES else base


def own_imports(module: str) -> set[str]:
    """The modules of ours that ``module`` imports; the package itself, which is empty, left out."""
    names = {below_package(name) for name in imported_names(module)}
    return {name for name in names if name}


def is_covered(name: str, allowed: set[str]) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:end]) in allowed for end in range(1, len(parts) + 1))


def is_standard_library(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names


def rule_for(module: str) -> str:
    rules = [rule for rule in MAY_IMPORT if is_covered(module, {rule})]
    assert rules, f"django_pwdless/{module} is new: say in MAY_IMPORT what it may import"
    return max(rules, key=len)


@pytest.mark.parametrize("module", [module for module in MODULES if module])
def test_module_imports_only_what_its_layer_may(module: str) -> None:
    rule = rule_for(module)
    outside = {name for name in imported_names(module) if below_package(name) is None}
    found = own_imports(module) | {name for name in outside if not is_standard_library(name)}
    wrong = {name for name in found if not is_covered(name, MAY_IMPORT[rule])}
    assert not wrong


def test_package_itself_imports_nothing() -> None:
    assert set(imported_names("")) <= {"__future__"}


def test_no_import_cycle_even_inside_functions() -> None:
    graph = {module: own_imports(module) - {module} for module in MODULES if module}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the modules


@pytest.mark.parametrize(("imported", "importer"), [("views", "urls"), ("checks", "apps")])
def test_views_and_checks_have_one_importer(imported: str, importer: str) -> None:
    importers = {
        module
        for module in MODULES
        if any(is_covered(name, {imported}) for name in own_imports(module))
    }
    assert {name for name in importers if not is_covered(name, {imported})} <= {importer}


@pytest.mark.parametrize("library", ["auth0", "localtenant"])
def test_library_knows_no_django(library: str) -> None:
    for module in MODULES:
        if is_covered(module, {library}):
            assert not [name for name in imported_names(module) if is_covered(name, {"django"})]
