"""The reference page names every public method with its arguments, and every exception."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from django_pwdless import exceptions
from django_pwdless.auth0 import Auth0Client, Caller, types
from django_pwdless.auth0.verification.access_token import BearerToken

from .keys import BASE_URL, CLIENT_ID

PAGE = Path(__file__).parents[2].joinpath("docs/reference/client.md").read_text(encoding="utf-8")
CLIENT = Auth0Client(BASE_URL, CLIENT_ID)
HEADINGS = dict(re.findall(r"^### `([\w.]+)\((.*)\)`$", PAGE, re.MULTILINE))


def public_methods() -> dict[str, Any]:
    methods = {
        "Auth0Client": Auth0Client,
        "verify_id_token": CLIENT.verify_id_token,
        "verify_access_token": CLIENT.verify_access_token,
        "prepare_keys": CLIENT.prepare_keys,
    }
    for part in ("passwordless", "authorize", "mfa", "refresh_tokens"):
        for name, method in inspect.getmembers(getattr(CLIENT, part), inspect.ismethod):
            if not name.startswith("_"):
                methods[f"{part}.{name}"] = method
    return methods


METHODS = public_methods()


def arguments_of(function: Any) -> str:
    """The names, as the page writes them: a star before those that are named."""
    names: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in names:
            names.append("*")
        names.append(parameter.name)
    return ", ".join(names)


def test_page_names_every_method_and_no_other() -> None:
    assert {*HEADINGS} == {*METHODS, Caller.__name__}


@pytest.mark.parametrize("name", METHODS)
def test_page_names_the_arguments(name: str) -> None:
    assert HEADINGS[name] == arguments_of(METHODS[name])


SHAPES = [types.TokenSet, types.Challenge, types.Enrollment, types.Authenticator, BearerToken]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_page_names_every_field(shape: Any) -> None:
    section = PAGE.partition(f"### `{shape.__name__}`\n")[2].partition("\n#")[0]
    assert {*re.findall(r"`(\w+)`", section)} >= {*shape.__dataclass_fields__}


RAISED_BY_THE_CLIENT = [
    name
    for name, kind in vars(exceptions).items()
    if inspect.isclass(kind) and issubclass(kind, (exceptions.Auth0Error, exceptions.InvalidToken))
]


@pytest.mark.parametrize("name", RAISED_BY_THE_CLIENT)
def test_page_names_every_exception(name: str) -> None:
    assert f"`{name}`" in PAGE
