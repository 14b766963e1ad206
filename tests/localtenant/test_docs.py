"""The documentation names everything there is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from django_pwdless.localtenant import control
from django_pwdless.localtenant.faults.armed import FAULTS
from django_pwdless.localtenant.people.authenticators import KINDS
from django_pwdless.localtenant.people.people import MFA
from django_pwdless.localtenant.switches import CALLBACK_FAULTS, Switches
from django_pwdless.localtenant.token_faults import ACCESS_TOKEN_FAULTS
from django_pwdless.localtenant.token_faults import FAULTS as TOKEN_FAULTS

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXT = (DOCS / "reference" / "local-tenant.md").read_text()
NAMED = set(re.findall(r"`([\w-]+)`", TEXT + (DOCS / "howto" / "test.md").read_text()))


@pytest.mark.parametrize(
    "names",
    [
        *(FAULTS, TOKEN_FAULTS, ACCESS_TOKEN_FAULTS, KINDS, MFA, CALLBACK_FAULTS),
        [field.name for field in fields(Switches)],
    ],
    ids=[
        *("faults", "token faults", "access token faults", "factors", "mfa", "callback faults"),
        "switches",
    ],
)
def test_page_names_everything_there_is(names):
    assert set(names) <= NAMED, set(names) - NAMED


@pytest.mark.parametrize("field", fields(Switches), ids=lambda field: field.name)
def test_page_tells_the_default_of_each_switch(field):
    (row,) = [line for line in TEXT.splitlines() if re.match(rf"\|[^|]*`{field.name}`", line)][-1:]
    default = f'"{field.default}"' if isinstance(field.default, str) else str(field.default)
    assert f"`{default}`" in row.split("|")[2]


def test_page_names_each_path_of_the_control():
    paths = {place.rpartition(" ")[2] for place in control.VIEWS} - {"/_tenant/inbox"}
    assert all(path in TEXT for path in paths)
