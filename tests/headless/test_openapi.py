"""The documents: true to the table of operations, and the files true to them."""

from __future__ import annotations

from importlib.resources import files
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import get_resolver
from jsonschema_rs import meta

from django_pwdless.headless.openapi import document, printed
from django_pwdless.headless.openapi.schemas import OUTCOMES
from django_pwdless.headless.operations import OPERATIONS

from .front_end import PREFIX

front_ends = pytest.mark.parametrize("name", ["browser", "app"])


@front_ends
def test_file_in_the_package_is_what_the_table_makes(name: str) -> None:
    file = files("django_pwdless.headless.openapi") / f"openapi-{name}.json"
    assert file.read_text(encoding="utf-8") == printed(name), (
        f"manage.py pwdless_openapi {name} > django_pwdless/headless/openapi/{file.name}"
    )


@front_ends
def test_command_prints_the_file(name: str) -> None:
    out = StringIO()
    call_command("pwdless_openapi", name, stdout=out)
    assert out.getvalue() == printed(name)


def test_command_knows_no_other_front_end() -> None:
    with pytest.raises(CommandError):
        call_command("pwdless_openapi", "toaster")


@front_ends
def test_schemas_are_schemas_and_lead_somewhere(name: str) -> None:
    whole = document(name)
    for schema in whole["components"]["schemas"].values():
        meta.validate(schema)
    for target in references(whole):
        found: Any = whole
        for part in target.removeprefix("#/").split("/"):
            found = found[part]


def references(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if "$ref" in part else set()
        return own.union(*(references(each) for each in part.values()))
    return set().union(*map(references, part)) if isinstance(part, list) else set()


@front_ends
def test_each_operation_is_served_and_each_path_declared(name: str) -> None:
    patterns: list[Any] = get_resolver().url_patterns
    served = {
        str(pattern.pattern) + str(each.pattern)
        for pattern in patterns
        if f"/{pattern.pattern}" == PREFIX[name]
        for each in pattern.url_patterns
    }
    assert served == {PREFIX[name][1:] + operation.path for operation in OPERATIONS}
    declared = document(name)["paths"]
    assert sum(map(len, declared.values())) == len(OPERATIONS)


def test_operations_have_names_of_their_own() -> None:
    names = [(operation.method, operation.name) for operation in OPERATIONS]
    assert len(set(names)) == len(names)


def test_each_declared_status_has_outcomes() -> None:
    for operation in OPERATIONS:
        assert {*operation.all_statuses} <= OUTCOMES.keys()
