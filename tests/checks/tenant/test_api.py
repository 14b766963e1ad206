"""The API that access tokens are for is the site's own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks import MINIMAL, ids

API = "https://api.example.com"


@pytest.mark.parametrize(
    "audience", [None, API, [API, "orders"], (API,), "https://example.com/me/"]
)
def test_identifier_of_an_api(audience: Any) -> None:
    assert ids({**MINIMAL, "API_AUDIENCE": audience}) == []


@pytest.mark.parametrize("shape", [str, lambda name: [API, name]])
def test_client_id_is_no_api(shape: Any) -> None:
    assert ids({**MINIMAL, "API_AUDIENCE": shape(MINIMAL["CLIENT_ID"])}) == ["pwdless.E090"]


@pytest.mark.parametrize(
    "audience",
    [
        "https://example.eu.auth0.com/userinfo",
        "https://example.eu.auth0.com/mfa/",
        "https://example.eu.auth0.com/me/",
        "https://example.eu.auth0.com/api/v2/",
        "https://EXAMPLE.eu.auth0.com/api/v2",
        "https://another.us.auth0.com/api/v2/",
        "https://login.example.com/userinfo",
    ],
)
def test_auth0s_own_api_is_not_the_sites(audience: str) -> None:
    settings = {**MINIMAL, "DOMAIN": "login.example.com"}
    assert ids({**settings, "API_AUDIENCE": audience}) == ["pwdless.E091"]
    assert ids({**settings, "API_AUDIENCE": [API, audience]}) == ["pwdless.E091"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"API_AUDIENCE": 1}, "pwdless.E004"),
    ({"API_AUDIENCE": [1]}, "pwdless.E004"),
    ({"API_AUDIENCE": ""}, "pwdless.E008"),
    ({"API_AUDIENCE": []}, "pwdless.E008"),
    ({"API_AUDIENCE": [API, API]}, "pwdless.E007"),
    ({"API_ALGORITHM": "HS256"}, "pwdless.E006"),
    ({"API_ALGORITHM": "none"}, "pwdless.E006"),
    ({"API_CLIENTS": "one"}, "pwdless.E004"),
    ({"API_CLIENTS": []}, "pwdless.E008"),
    ({"API_CLIENTS": ["one", "one"]}, "pwdless.E007"),
    ({"API_CREATE_USERS": 1}, "pwdless.E004"),
]


@pytest.mark.parametrize(("keys", "expected"), WRONG)
def test_wrong_value(keys: dict[str, Any], expected: str) -> None:
    assert ids({**MINIMAL, **keys}) == [expected]


def test_first_calls_that_can_make_nobody() -> None:
    link = {"LINK_BY_VERIFIED_EMAIL": True, "CREATE_USERS": False}
    keys = {**MINIMAL, **link, "API_AUDIENCE": API, "API_CREATE_USERS": True}
    assert ids(keys) == ["pwdless.W090"]
    assert ids({**keys, "CREATE_USERS": True}) == []
    assert ids({**keys, "API_CREATE_USERS": False}) == []
