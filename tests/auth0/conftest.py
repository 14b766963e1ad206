from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import responses

from django_pwdless.auth0 import Auth0Client

from .keys import BASE_URL, CLIENT_ID, JWKS_URL, MISSING, SECRET, jwk
from .server import Script, ScriptedServer

Verify = Callable[..., dict[str, Any]]

ENVIRONMENT = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "NETRC")
LEEWAY = 30
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the proxies and bundles of whoever runs the tests."""
    for name in (*ENVIRONMENT, *map(str.lower, ENVIRONMENT), *BUNDLES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def tenant() -> Iterator[responses.RequestsMock]:
    """Answers in place of Auth0, by address; every other address refuses the connection."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def with_keys(client: Auth0Client) -> Auth0Client:
    """Have the client fetch the tenant's keys, unseen by the test."""
    with responses.RequestsMock() as before:
        before.get(JWKS_URL, json={"keys": [jwk(alg=MISSING)]})
        client.prepare_keys()
    return client


@pytest.fixture
def client() -> Auth0Client:
    return with_keys(Auth0Client(BASE_URL, CLIENT_ID, client_secret=SECRET))


@pytest.fixture
def serve() -> Iterator[Callable[..., ScriptedServer]]:
    """Start a server on loopback that follows a script."""
    with ExitStack() as stack:

        def start(script: Script, **options: Any) -> ScriptedServer:
            return stack.enter_context(ScriptedServer(script, **options))

        yield start


@pytest.fixture
def verify(tenant: responses.RequestsMock) -> Verify:
    """Verify with a client whose tenant publishes one key, for whatever algorithm."""
    tenant.get(JWKS_URL, json={"keys": [jwk(alg=MISSING)]})
    return Auth0Client(BASE_URL, CLIENT_ID, leeway=LEEWAY).verify_id_token


def client_of(server: ScriptedServer, **options: Any) -> Auth0Client:
    """A client whose tenant is this server."""
    return Auth0Client(server.url, CLIENT_ID, **{"client_secret": SECRET, **options})
