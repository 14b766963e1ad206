"""The Management API as its callers meet it: tokens, scopes, limits, and what it tells."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.management import ENDPOINTS
from django_pwdless.localtenant.python_control.tokens import MANAGEMENT_SCOPES
from tests.localtenant.site import Site

API = "https://api.local.example/"
PATHS = [
    place.replace("<client_id>", "local-client-id")
    .replace("<connection_id>", "con_email")
    .replace("<path:identifier>", "https%3A%2F%2Fapi.local.example%2F")
    for place in ENDPOINTS
]


def ask(site: Site, path: str, token: str | None = None, **params: Any) -> requests.Response:
    token = token or site.tenant.management_token()
    headers = {"Authorization": f"Bearer {token}"}
    return site.get(f"/api/v2/{path}", headers=headers, params=params)


def describe(answer: requests.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("errorCode")


@pytest.fixture(autouse=True)
def no_limit(tenant: LocalTenant) -> None:
    tenant.switches.management_limit = 0


@pytest.mark.parametrize("path", PATHS)
def test_each_endpoint_answers_who_may_read(site: Site, path: str) -> None:
    assert ask(site, path.removeprefix("/api/v2/")).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_each_endpoint_refuses_who_may_not(site: Site, path: str) -> None:
    token = site.tenant.management_token("read:nothing")
    answer = ask(site, path.removeprefix("/api/v2/"), token)
    assert describe(answer) == (403, "insufficient_scope")
    assert "Insufficient scope, expected any of: read:" in answer.json()["message"]


@pytest.mark.parametrize("scope", MANAGEMENT_SCOPES)
def test_no_scope_reads_what_another_is_for(site: Site, scope: str) -> None:
    token = site.tenant.management_token(scope)
    readable = [p for p in PATHS if ask(site, p[8:], token).status_code == 200]
    assert len(readable) < 6


@pytest.mark.parametrize(
    ("token", "message"),
    [
        (lambda tenant: "no-token", "Invalid token."),
        (lambda tenant: tenant.management_token(exp=1), "Expired token"),
        (lambda tenant: tenant.access_token("email|1", audience=API), "Bad audience"),
    ],
    ids=["garbage", "expired", "another API's"],
)
def test_token_that_does_not_fit_is_refused(site: Site, token: Any, message: str) -> None:
    answer = ask(site, "prompts", token(site.tenant))
    assert answer.status_code == 401 and message in answer.json()["message"]


def test_machine_gets_a_token_itself(site: Site) -> None:
    audience = f"{site.tenant.issuer}api/v2/"
    machine = site.tenant.add_machine("read:prompts", audience=audience)
    names = {"client_id": machine.client_id, "client_secret": machine.secret}
    wish = {"grant_type": "client_credentials", "audience": audience}
    answer = site.token(**names, **wish).json()
    assert ask(site, "prompts", answer["access_token"]).status_code == 200


def test_more_than_two_calls_a_second_are_too_many(site: Site) -> None:
    site.tenant.switches.management_limit = 2
    answers = [ask(site, "prompts") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    left = [answer.headers["x-ratelimit-remaining"] for answer in answers]
    assert left == ["1", "0", "0"]
    assert 0 < int(answers[2].headers["x-ratelimit-reset"]) - time.time() < 2


def test_what_is_not_there_is_not_found(site: Site, tenant: LocalTenant) -> None:
    tenant.switches.unknown_audiences = False
    tenant.switches.mail_provider = False
    found = {
        path: describe(ask(site, path))
        for path in (
            *("clients/nobody", "connections/con_none/clients", "emails/provider"),
            "resource-servers/https%3A%2F%2Fnone.example",
        )
    }
    kinds = ("client", "connection", "email_provider", "resource_server")
    assert list(found.values()) == [(404, f"inexistent_{kind}") for kind in kinds]


def test_bot_detection_is_not_on_every_plan(site: Site, tenant: LocalTenant) -> None:
    tenant.switches.plan_features = False
    answer = ask(site, "attack-protection/bot-detection")
    assert describe(answer) == (403, "insufficient_entitlement")


def test_secret_is_told_only_by_its_own_scope(site: Site, tenant: LocalTenant) -> None:
    path = f"clients/{tenant.client_id}"
    assert "client_secret" not in ask(site, path).json()
    token = tenant.management_token("read:clients", "read:client_keys")
    assert ask(site, path, token).json()["client_secret"] == tenant.client_secret


def test_only_the_fields_that_were_asked_for_are_told(site: Site, tenant: LocalTenant) -> None:
    answer = ask(site, f"clients/{tenant.client_id}", fields="app_type,callbacks")
    assert answer.json() == {"app_type": "regular_web"}


def test_options_need_a_scope_of_their_own(site: Site, tenant: LocalTenant) -> None:
    token = tenant.management_token("read:connections")
    (connection,) = ask(site, "connections", token, strategy="email").json()
    assert "options" not in connection
    (connection,) = ask(site, "connections", strategy="email").json()
    assert connection["options"]["totp"] == {"length": 6, "time_step": 180}


def test_applications_of_a_connection_come_in_pages(site: Site, tenant: LocalTenant) -> None:
    tenant.add_client(client_id="second")
    first = ask(site, "connections/con_email/clients", take=1).json()
    assert first == {"clients": [{"client_id": tenant.client_id}], "next": "1"}
    second = ask(site, "connections/con_email/clients", take=1, **{"from": first["next"]}).json()
    assert second == {"clients": [{"client_id": "second"}]}


def test_application_says_how_it_authenticates(site: Site, tenant: LocalTenant) -> None:
    told = {
        kind: ask(site, f"clients/{tenant.add_client(kind).client_id}").json()
        for kind in ("secret", "private_key", "public")
    }
    methods = {kind: body["token_endpoint_auth_method"] for kind, body in told.items()}
    assert methods == {"secret": "client_secret_post", "private_key": None, "public": "none"}
    assert told["private_key"]["client_authentication_methods"]["private_key_jwt"]["credentials"]
