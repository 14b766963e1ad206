"""The requests that the documentation shows get an access token from the local tenant."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import requests

from django_pwdless.localtenant import LocalTenant

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "protect-an-api.md"
TENANT = "http://127.0.0.1:3000"
REQUEST = re.compile(rf"^ask {TENANT}(/\S+) -d '([^']+)'$", re.MULTILINE)


def test_requests_of_the_page_get_an_access_token_with_the_scope() -> None:
    start, exchange = REQUEST.findall(PAGE.read_text(encoding="utf-8"))
    with LocalTenant(demo=True, apis=["https://api.example.com"]) as tenant:
        send(tenant, *start)
        code = tenant.inbox.latest("ann@example.com").code
        assert code is not None
        path, body = exchange
        token = send(tenant, path, body.replace("087533", code))
    assert "access_token" in token
    assert token["scope"].split() == ["openid", "read:orders"]


def send(tenant: LocalTenant, path: str, body: str) -> Any:
    response = requests.post(f"{tenant.domain}{path}", json=json.loads(body), timeout=5)
    response.raise_for_status()
    return response.json()
