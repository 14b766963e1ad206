"""The pages about the JSON say what the table of operations and the schemas say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from django_pwdless.headless.openapi import document
from django_pwdless.headless.openapi.schemas import OUTCOMES, SECRETS
from django_pwdless.headless.operations import OPERATIONS
from django_pwdless.localtenant import LocalTenant

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = (DOCS / "reference" / "json-api.md").read_text(encoding="utf-8")
HOWTO = (DOCS / "howto" / "front-ends.md").read_text(encoding="utf-8")
FRONT = "https://app.example.com"
COMMON = {"step", "user", "methods"}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    section = REFERENCE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = re.findall(r"^\|(.+)\|$", section, re.MULTILINE)
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


def words(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def test_each_operation_is_listed_with_its_members() -> None:
    listed = {(row[0].strip("`"), row[1]): words(row[2]) for row in rows("Paths")}
    assert listed == {
        (each.path, each.method): {member.name for member in each.body} for each in OPERATIONS
    }


def test_each_step_is_listed_with_its_members() -> None:
    listed = {}
    for step, members in rows("The state"):
        listed[step.strip("`")] = words(re.sub(r"\(each [^)]*\)", "", members))
    schemas = document("app")["components"]["schemas"]
    found = {
        schema["properties"]["step"]["const"]: set(schema["properties"]) - COMMON
        for name, schema in schemas.items()
        if name.endswith("Step")
    }
    assert listed == found


def test_secrets_are_named() -> None:
    sentence = re.search(r"^(.+) are in `GET login/` and in the answer", REFERENCE, re.MULTILINE)
    assert sentence and words(sentence[1]) == set(SECRETS)


def test_each_outcome_is_listed_with_its_status() -> None:
    listed = {int(status): words(text) for status, text in rows("Problems")}
    for status, outcomes in OUTCOMES.items():
        assert set(outcomes) <= listed[status]
    assert listed.keys() == OUTCOMES.keys() | {405}


@pytest.mark.django_db
def test_front_end_on_another_origin_works_as_described(
    settings: Any, pwdless_tenant: LocalTenant
) -> None:
    (sample,) = re.findall(r"```python\n(INSTALLED_APPS.*?)```", HOWTO, re.DOTALL)
    names: dict[str, Any] = {}
    exec(sample, names)
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, names["INSTALLED_APPS"][1]]
    settings.MIDDLEWARE = [names["MIDDLEWARE"][0], *settings.MIDDLEWARE]
    for name in names:
        if name.startswith(("CORS_", "CSRF_")):
            setattr(settings, name, names[name])
    client = Client(enforce_csrf_checks=True)
    asked = {"access-control-request-method": "POST"}
    preflight = client.options("/api/login/", headers={"origin": FRONT, **asked})
    assert preflight.headers["Access-Control-Allow-Origin"] == FRONT
    allowed = preflight.headers["Access-Control-Allow-Headers"]
    assert {"content-type", "x-csrftoken"} <= set(allowed.split(", "))
    state = client.get("/api/login/", headers={"origin": FRONT})
    assert state.headers["Access-Control-Allow-Credentials"] == "true"
    response = client.post(
        "/api/login/",
        {"identifier": "ann@example.com"},
        content_type="application/json",
        headers={"origin": FRONT, "x-csrftoken": state.json()["csrf_token"]},
    )
    assert (response.status_code, response.json()["step"]) == (200, "code")
    foreign = client.get("/api/login/", headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert "Access-Control-Allow-Origin" not in foreign.headers
