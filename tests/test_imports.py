"""The import directions of the package, read from its source; nothing is imported to test them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.sources import sources

PACKAGE = "django_pwdless"

# What each module may import beside the standard library: our own modules by their name below the
# package, others by their top-level name. A name stands for everything below it, both as the
# importer and as what is imported; the longest name that fits an importer counts.
MAY_IMPORT: dict[str, set[str]] = {
    # What everything stands on.
    "exceptions": {"exceptions"},
    "conf": {"django"},
    "signals": {"django"},
    "transactions": {"django"},
    "models": {"conf", "django", "models"},
    "migrations": {"django", "models"},
    # The client of Auth0's API.
    "auth0": {"auth0", "exceptions"},
    "auth0.http.credentials": {"jwt"},
    "auth0.verification": {"auth0.process_lock", "auth0.verification", "exceptions", "jwt"},
    "auth0.process_lock": set(),
    "auth0.http.pool": {"requests", "urllib3"},
    "auth0.http.transport": {"auth0", "exceptions", "requests", "urllib3"},
    "auth0.reading": {"exceptions"},
    "auth0.types": {"auth0.reading", "exceptions"},
    # Who somebody says they are, how often they may, and what is remembered of it.
    "identifiers": {"conf", "django", "identifiers", "phonenumbers"},
    "identifiers.characters": set(),
    "identifiers.mailboxes": {"idna", "identifiers.characters"},
    "limits": {"conf", "django", "django_ratelimit", "exceptions", "identifiers", "limits"},
    "limits.client_ip": {"conf", "django"},
    "provider": {"auth0", "conf", "django", "limits"},
    "session": {
        *("auth0", "conf", "cryptography", "django", "exceptions", "identifiers", "limits"),
        "session",
    },
    "session.stored": {"cryptography", "django"},
    # What happened: whoever knows of an outcome tells of it here.
    "events": {
        *("conf", "django", "events", "exceptions", "identifiers", "limits", "models"),
        *("pages.page_urls", "pages.site_name", "transactions"),
    },
    "identities": {"auth0.reading", "django", "exceptions", "identities", "models"},
    "identities.resolve": {
        *("django", "exceptions", "identities.accounts"),
        *("models", "signals"),
    },
    "identity": {"identities.accounts"},
    "backends": {"asgiref", "conf", "django", "exceptions", "identities", "models", "provider"},
    # Where somebody is signed in: flows begin and end it.
    "sign_ins": {
        "asgiref",
        "conf",
        "django",
        "events",
        "exceptions",
        "limits",
        "models",
        "session",
        "sign_ins",
        "transactions",
    },
    # The tokens of a sign-in, and how they are used and ended.
    "tokens": {
        *("asgiref", "auth0", "backends", "conf", "django", "events", "exceptions", "models"),
        *("identifiers.methods", "identities.accounts", "pages", "provider", "session", "sign_ins"),
        "tokens",
    },
    "middleware": {
        *("asgiref", "conf", "django", "exceptions", "session.web_session", "sign_ins"),
        "tokens.unanswered",
    },
    # What a page says.
    "pages": {"auth0", "conf", "django", "exceptions", "identifiers", "pages", "segno"},
    "templatetags": {"conf", "django", "pages.clock", "pages.site_name"},
    # The steps, and what shows them.
    "flows": {
        *("auth0", "conf", "django", "events", "exceptions", "flows", "identifiers"),
        *("identities", "limits", "models", "pages", "provider", "session", "sign_ins", "signals"),
        "tokens.revoking",
    },
    "flows.second_factor": {
        *("auth0", "conf", "django", "events", "exceptions", "flows.attempts"),
        *("flows.second_factor", "identifiers", "limits", "pages", "provider", "session"),
        "signals",
    },
    "flows.second_factor.policy": {"auth0", "conf"},
    "flows.own_factors.policy": {"auth0", "conf", "flows.second_factor.policy"},
    # The one place that goes from claims to a user, by the site's own backend.
    "flows.completion": {
        *("auth0", "backends", "conf", "django", "events", "exceptions", "flows", "identifiers"),
        *("identities", "models", "provider", "session", "sign_ins", "tokens.keeping"),
    },
    # The site's own API: one room decides, the frameworks' rooms translate.
    "api": {
        *("api", "asgiref", "auth0", "backends", "conf", "django", "exceptions", "identities"),
        *("pages.owner_log", "provider", "transactions"),
    },
    "contrib": set(),
    # Its own package is loaded before models are: it names decorators and views in functions.
    "contrib.admin": {
        *("conf", "decorators", "django", "contrib.admin", "flows.account.identities", "views"),
    },
    "contrib.rest_framework": {
        *(
            "api",
            "contrib.spectacular",
            "exceptions",
            "headless.sessions.callers",
            "headless.problems",
        ),
        "rest_framework",
    },
    "contrib.spectacular": {"api.answers", "drf_spectacular", "headless.sessions.callers"},
    "contrib.ninja": {
        *("api", "django", "exceptions", "headless.sessions.callers", "headless.problems", "ninja"),
    },
    "forms": {
        *("conf", "django", "flows.second_factor.policy", "forms", "identifiers"),
        *("pages.code_lengths", "pages.mfa_labels", "pages.problems"),
    },
    "decorators": {"asgiref", "conf", "django", "identifiers", "pages", "session.login_record"},
    "views": {
        *("conf", "decorators", "django", "events", "exceptions", "flows", "forms"),
        *("identifiers", "limits", "models", "pages", "session", "transactions", "views"),
    },
    "urls": {"django", "views"},
    # The same journeys as JSON.
    "headless": {
        *("asgiref", "conf", "django", "events", "exceptions", "flows", "forms"),
        *(
            "headless",
            "identifiers",
            "limits",
            "models",
            "pages",
            "session",
            "sign_ins",
            "transactions",
        ),
    },
    "checks": {"checks", "conf", "contrib.admin", "cryptography", "django"},
    "apps": {
        *("checks", "django", "events", "session.login_record", "sign_ins.beginning"),
        *("tokens.removed", "tokens.revoking"),
    },
    "admin": {"conf", "django", "events", "identifiers", "models", "sign_ins.ending"},
    # What looks at all of it from outside.
    "doctor": {
        *("auth0", "conf", "cryptography", "django", "doctor", "exceptions", "jwt", "models"),
        *("limits.shared_cache", "provider", "requests"),
    },
    "management": {
        *("conf", "django", "doctor", "events", "flows", "headless", "identifiers"),
        "localtenant",
    },
    # For those who try and test a site.
    "localtenant": {"localtenant"},
    "testing": {"localtenant", "models", "pytest", "testing"},
    "testing.signed_in": {
        *("asgiref", "backends", "conf", "django", "identifiers", "models", "session"),
        *("sign_ins.beginning", "testing.test_run"),
    },
    "testing.test_cases": {"django", "testing"},
    "testing.test_run": {"django"},
}

# The rooms of the local tenant from the ground up, and what each may import beside itself: rooms
# of earlier lines, and libraries.
TENANT_ROOMS: dict[str, set[str]] = {
    "clock": set(),
    "loopback": set(),
    "answers": {"werkzeug"},
    "signing": {"cryptography"},
    "token_faults": {"signing"},
    "faults": {"answers", "werkzeug"},
    "dashboard": set(),
    "switches": {"answers", "dashboard", "token_faults"},
    "people": {"switches"},
    "clients": {"answers", "jwt", "loopback", "signing", "switches"},
    "logins": {"answers", "clients", "clock", "people", "signing", "switches"},
    "issued": {"answers", "clients", "clock", "logins", "switches"},
    "records": {"werkzeug"},
    "state": {
        *("clients", "clock", "faults", "issued", "logins", "people", "records", "signing"),
        "switches",
    },
    "demo": {"clients", "state"},
    "endpoint_call": {"answers", "clients", "state", "werkzeug"},
    "steps": {
        *("answers", "clients", "endpoint_call", "issued", "logins", "people", "records"),
        "signing",
        *("state", "switches", "token_faults", "werkzeug"),
    },
    "pages": {
        *("answers", "clients", "endpoint_call", "faults", "logins", "markupsafe", "people"),
        "records",
        *("state", "switches", "werkzeug"),
    },
    "endpoints": {
        *(
            "answers",
            "clients",
            "endpoint_call",
            "issued",
            "jwt",
            "logins",
            "pages",
            "people",
            "steps",
        ),
        "werkzeug",
    },
    "management": {
        *("answers", "clients", "endpoint_call", "jwt", "switches", "werkzeug"),
    },
    "control": {
        *("answers", "clients", "endpoint_call", "faults", "logins", "loopback", "pages"),
        *("steps", "switches", "token_faults", "werkzeug"),
    },
    "serving": {
        *("answers", "control", "endpoint_call", "endpoints", "faults", "loopback", "pages"),
        *("management", "records", "state", "trustme", "werkzeug"),
    },
    "python_control": {
        *("answers", "clients", "clock", "faults", "logins", "people", "records", "signing"),
        *("state", "steps", "switches", "token_faults"),
    },
    "tenant": {"clients", "demo", "python_control", "records", "serving", "state"},
    "cli": {"loopback", "records", "tenant"},
    "__main__": {"cli"},
}
MAY_IMPORT |= {
    f"localtenant.{room}": {
        f"localtenant.{name}" if name in TENANT_ROOMS else name for name in (room, *allowed)
    }
    for room, allowed in TENANT_ROOMS.items()
}


def name_of(path: Path) -> str:
    """The dotted name of a module below the package, which itself is ``""``."""
    return ".".join(part for part in path.with_suffix("").parts if part != "__init__")


@cache
def modules() -> dict[str, Path]:
    """The path of each module below the package, by its dotted name."""
    return {name_of(path): path for path in sources()}


def below_package(name: str) -> str | None:
    """``name`` without the package's own, ``None`` where it is another package's."""
    top, _, rest = name.partition(".")
    return rest if top == PACKAGE else None


@cache
def imported_names(module: str, for_types: bool = False) -> frozenset[str]:
    return frozenset(find_imported_names(module, for_types))


def find_imported_names(module: str, for_types: bool) -> Iterator[str]:
    """The full dotted name of each module that ``module`` imports, in functions too.

    With ``for_types`` also what only type checkers import.
    """
    path = modules()[module]
    package = [PACKAGE, *module.split(".")] if module else [PACKAGE]
    if path.name != "__init__.py":
        package.pop()
    for node, is_for_types in sources()[path].imports:
        if is_for_types and not for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
            continue
        parents = package[: len(package) - node.level + 1] if node.level else []
        base = ".".join([*parents, node.module] if node.module else parents)
        for alias in node.names:
            name = f"{base}.{alias.name}"
            # "from package import name" may mean a module or something inside the package.
            yield name if below_package(name) in modules() else base


@cache
def own_imports(module: str, for_types: bool = False) -> set[str]:
    """The modules of ours that ``module`` imports; the package itself, which is empty, left out."""
    names = {below_package(name) for name in imported_names(module, for_types)}
    return {name for name in names if name}


def with_parents(name: str) -> Iterator[str]:
    """A dotted name, and those of the packages that it is in, the nearest first."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def is_covered(name: str, allowed: set[str]) -> bool:
    return any(each in allowed for each in with_parents(name))


def is_standard_library(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names


def rule_for(module: str) -> str:
    rule = next((name for name in with_parents(module) if name in MAY_IMPORT), None)
    assert rule, f"django_pwdless/{module} is new: say in MAY_IMPORT what it may import"
    return rule


def test_modules_import_only_what_their_layer_may() -> None:
    wrong = {module: names for module in modules() if module and (names := forbidden_in(module))}
    assert not wrong


def forbidden_in(module: str) -> set[str]:
    """What ``module`` imports and its layer may not."""
    outside = {name for name in imported_names(module) if below_package(name) is None}
    found = own_imports(module) | {name for name in outside if not is_standard_library(name)}
    return {name for name in found if not is_covered(name, MAY_IMPORT[rule_for(module)])}


def test_package_itself_imports_nothing() -> None:
    assert set(imported_names("")) <= {"__future__"}


def test_rooms_of_the_tenant_import_only_those_below_them() -> None:
    found = {name.split(".")[1] for name in modules() if name.startswith("localtenant.")}
    assert found == TENANT_ROOMS.keys()
    below: set[str] = set()
    for room, allowed in TENANT_ROOMS.items():
        assert allowed & TENANT_ROOMS.keys() <= below, room
        below.add(room)


def test_no_import_cycle_even_inside_functions_and_for_types() -> None:
    graph = {
        module: own_imports(module, for_types=True) - {module} for module in modules() if module
    }
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the modules


@pytest.mark.parametrize(
    ("imported", "allowed"), [("views", {"urls", "contrib.admin"}), ("checks", {"apps"})]
)
def test_only_what_serves_imports_views_and_checks(imported: str, allowed: set[str]) -> None:
    importers = {
        module
        for module in modules()
        if any(is_covered(name, {imported}) for name in own_imports(module))
    }
    assert {name for name in importers if not is_covered(name, {imported, *allowed})} == set()


@pytest.mark.parametrize("library", ["auth0", "localtenant"])
def test_library_knows_no_django(library: str) -> None:
    for module in modules():
        if is_covered(module, {library}):
            assert not [name for name in imported_names(module) if is_covered(name, {"django"})]
