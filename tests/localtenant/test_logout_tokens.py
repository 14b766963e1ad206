"""Logout tokens: made, sent, sent again, and wrong in every way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.token_faults.logout_tokens import EVENT, LOGOUT_TOKEN_FAULTS

from .site import ANN, Site


class Receiver(HTTPServer):
    """A site that takes logout tokens; ``ask`` is called before it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.tokens: list[str] = []
        self.status = 200
        self.ask: Any = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/backchannel-logout/"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.tokens += parse_qs(body)["logout_token"]
        self.server.ask()
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def receiver(tenant: LocalTenant) -> Iterator[Receiver]:
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        tenant.client.backchannel_logout_url = receiver.url
        yield receiver
        receiver.shutdown()
        thread.join()


def claims_of(token: str, tenant: LocalTenant) -> dict[str, Any]:
    key = jwt.PyJWK(tenant.keys.current.jwk)
    claims: dict[str, Any] = jwt.decode(
        token, key, algorithms=["RS256"], audience=tenant.client_id, issuer=tenant.issuer
    )
    return claims


def id_claims(site: Site) -> dict[str, Any]:
    return site.sign_in()


def test_token_is_as_auth0_makes_it(tenant: LocalTenant) -> None:
    claims = claims_of(tenant.logout_token("email|x", "s", extra=1, trace_id=...), tenant)
    assert claims["events"] == {EVENT: {}}
    assert (claims["sub"], claims["sid"], claims["extra"]) == ("email|x", "s", 1)
    assert claims["exp"] == claims["iat"] + 120 and claims["jti"]
    assert not {"nonce", "trace_id"} & claims.keys()


def test_application_is_told_of_the_session_that_its_id_token_named(
    site: Site, tenant: LocalTenant, receiver: Receiver
) -> None:
    signed_in = id_claims(site)
    receiver.ask = lambda: site.get("/.well-known/jwks.json")  # as a site does, meanwhile
    (sent,) = tenant.sign_out(signed_in["sub"])
    assert (sent.status, sent.sid, sent.sub) == (200, signed_in["sid"], signed_in["sub"])
    assert claims_of(receiver.tokens[0], tenant)["sid"] == signed_in["sid"]
    assert tenant.logout_deliveries == [sent]
    assert tenant.sign_out(signed_in["sub"]) == []


def test_without_a_sid_the_subject_is_told(
    site: Site, tenant: LocalTenant, receiver: Receiver
) -> None:
    tenant.switches.embedded_sid = False
    signed_in = id_claims(site)
    assert "sid" not in signed_in
    tenant.sign_out(signed_in["sub"])
    claims = claims_of(receiver.tokens[0], tenant)
    assert claims["sub"] == signed_in["sub"] and "sid" not in claims


def test_person_can_be_blocked_too(site: Site, tenant: LocalTenant, receiver: Receiver) -> None:
    person = tenant.add_person(ANN)
    site.sign_in()
    tenant.sign_out(person, block=True)
    assert person.blocked and len(receiver.tokens) == 1


def test_token_is_sent_again(site: Site, tenant: LocalTenant, receiver: Receiver) -> None:
    (sent,) = tenant.sign_out(id_claims(site)["sub"])
    receiver.status = 400
    assert tenant.replay(sent).status == 400
    assert receiver.tokens == [sent.token, sent.token]


def test_nobody_listens(site: Site, tenant: LocalTenant) -> None:
    sub = id_claims(site)["sub"]
    assert tenant.sign_out(sub) == []
    sub = id_claims(site)["sub"]
    tenant.client.backchannel_logout_url = "http://127.0.0.1:1/"
    (sent,) = tenant.sign_out(sub)
    assert (sent.status, sent.body) == (0, "ConnectionRefusedError")


@pytest.mark.parametrize("fault", LOGOUT_TOKEN_FAULTS)
def test_each_fault_makes_another_token(fault: str, tenant: LocalTenant) -> None:
    token = tenant.logout_token("email|x", "s", fault=fault)
    assert token.count(".") == 2


def test_unknown_fault_is_refused(tenant: LocalTenant) -> None:
    with pytest.raises(ValueError, match="no fault 'x'"):
        tenant.logout_token("email|x", fault="x")


def test_control_over_http(site: Site, tenant: LocalTenant, receiver: Receiver) -> None:
    sub = id_claims(site)["sub"]
    asked = threading.Event()
    receiver.ask = asked.set
    body = {"sub": sub, "block": True, "fault": "with_nonce"}
    assert site.call("POST", "/_tenant/people/sign-out", json=body).json() == {"sent": 1}
    assert asked.wait(5)
    assert claims_of(receiver.tokens[0], tenant)["nonce"] == "n"
    names = site.get("/_tenant/").json()["names"]["logout_token_faults"]
    assert names == list(LOGOUT_TOKEN_FAULTS)


def test_control_refuses(site: Site, tenant: LocalTenant) -> None:
    sub = id_claims(site)["sub"]
    for body in ({"sub": "email|nobody"}, {}):
        assert site.call("POST", "/_tenant/people/sign-out", json=body).status_code in (400, 404)
    elsewhere = {"client_id": tenant.client_id, "backchannel_logout_url": "https://site.example/"}
    assert site.call("POST", "/_tenant/clients/change", json=elsewhere).status_code == 400
    here = {**elsewhere, "backchannel_logout_url": "http://127.0.0.1:1/x/"}
    assert site.call("POST", "/_tenant/clients/change", json=here).status_code == 200
    assert tenant.client.backchannel_logout_url == "http://127.0.0.1:1/x/"
    tenant.sign_out(sub)
    logouts = site.get("/_tenant/logouts").json()["logouts"]
    assert [sent["status"] for sent in logouts] == [0]
    assert "token" not in logouts[0]


def test_page_has_the_button_and_the_answers(site: Site, tenant: LocalTenant) -> None:
    sub = id_claims(site)["sub"]
    tenant.client.backchannel_logout_url = "http://127.0.0.1:1/"
    tenant.sign_out(sub)
    page = site.get("/people").text
    assert "Block and sign out" in page and "Logout tokens sent" in page and "no answer" in page


def test_site_session_at_the_tenant_ends_too(tenant: LocalTenant) -> None:
    person = tenant.add_person(ANN)
    session = tenant.state.browser_sessions.begin(person, False)
    tenant.sign_out(person)
    assert tenant.state.browser_sessions.find(session.key) is None
