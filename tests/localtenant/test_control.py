"""Control over HTTP, and who may."""

from __future__ import annotations

import time

import pytest
import requests

from .site import ANN, wrong


def post(site, path, body=None, **options):
    return site.call("POST", f"/_tenant/{path}", json=body or {}, **options)


def test_overview_tells_settings_switches_and_names(site, tenant):
    body = site.get("/_tenant/").json()
    assert body["settings"] == tenant.settings
    assert body["switches"]["sign_ups"] is True
    assert "timeout" in body["names"]["faults"] and "wrong_iss" in body["names"]["token_faults"]


def test_messages_of_one_person_are_listed(site):
    code = site.code()
    site.start("bo@example.com")
    assert len(site.get("/_tenant/messages").json()["messages"]) == 2
    (message,) = site.get("/_tenant/messages", params={"to": ANN}).json()["messages"]
    assert (message["to"], message["code"]) == (ANN, code)


def test_last_messages_are_listed_alone(site):
    codes = [site.code() for _ in range(3)]
    body = site.get("/_tenant/messages", params={"to": ANN, "last": 1}).json()
    assert [message["code"] for message in body["messages"]] == codes[-1:]


def test_requests_of_one_path_are_listed(site):
    site.sign_in()
    body = site.get("/_tenant/requests", params={"path": "/oauth/token"}).json()
    assert body["connections"] == 1
    (call,) = body["requests"]
    assert call["body"]["username"] == ANN
    assert call["headers"]["content-type"] == "application/x-www-form-urlencoded"


def test_fault_is_armed_for_so_many_calls(site, tenant):
    post(site, "faults", {"path": "/oauth/token", "fault": "server_error", "times": 1})
    assert site.get("/_tenant/").json()["faults"][0]["name"] == "server_error"
    code = site.code()
    assert [site.exchange(code).status_code for _ in range(2)] == [500, 200]


def test_faults_end_by_themselves(site):
    post(site, "faults", {"path": "*", "fault": "refused", "seconds": 0.3})
    with pytest.raises(requests.ConnectionError):
        site.start()
    deadline = time.monotonic() + 5
    while True:
        try:
            assert site.start().status_code == 200
            break
        except requests.ConnectionError:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_recover_ends_every_fault(site):
    post(site, "faults", {"path": "*", "fault": "server_error"})
    assert site.start().status_code == 500
    post(site, "recover")
    assert site.start().status_code == 200


def test_answer_of_ones_own_is_given(site):
    body = {"path": "/oauth/token", "status": 418, "error": "teapot", "extra": {"a": 1}}
    post(site, "answer", body)
    answer = site.exchange("123456")
    assert (answer.status_code, answer.json()) == (418, {"error": "teapot", "a": 1})


def test_clock_moves_codes_along(site, tenant):
    code = site.code()
    assert post(site, "clock", {"advance": 200}).json() == {"clock_ahead": 200}
    assert "expired" in site.exchange(code).text


def test_rotation_may_keep_the_old_key(site, tenant):
    old = tenant.id_token()
    kid = post(site, "rotate", {"keep_old": True}).json()["kid"]
    assert kid == tenant.keys.current.kid and site.claims(old)


def test_people_are_added_and_changed(site, tenant):
    answer = post(site, "people", {"email": ANN, "blocked": True})
    assert answer.status_code == 201
    person = answer.json()
    assert site.get("/_tenant/people").json() == {"people": [person]}
    post(site, "people/change", {"sub": person["sub"], "blocked": False})
    assert site.sign_in()["sub"] == person["sub"]


def test_applications_are_added_and_listed(site, tenant):
    added = post(site, "clients", {"kind": "private_key", "client_id": "signer"})
    assert (added.status_code, added.json()["client_id"]) == (201, "signer")
    assert added.json()["private_key"] == tenant.state.clients.known["signer"].private_key
    names = [each["client_id"] for each in site.get("/_tenant/clients").json()["clients"]]
    assert names == [tenant.client_id, "signer"]


def test_application_is_changed(site, tenant):
    changes = {
        "secret": "another",
        "grants": ["authorization_code"],
        "connections": ["sms"],
        "callbacks": ["https://site.example/cb"],
        "logout_urls": [],
    }
    answer = post(site, "clients/change", {"client_id": tenant.client_id, **changes})
    assert answer.json()["secret"] == "another"
    client = tenant.client
    assert (client.grants, client.connections) == ({"authorization_code"}, {"sms"})
    assert (client.callbacks, client.logout_urls) == (["https://site.example/cb"], None)
    assert "unauthorized_client" in site.exchange("123456").text


def test_application_is_changed_by_a_form(site, tenant):
    fields = [
        ("client_id", tenant.client_id),
        ("grants", ""),
        ("grants", "authorization_code"),
        ("connections", ""),
        ("callbacks", "http://localhost/a  http://localhost/b"),
        ("secret", ""),
    ]
    answer = site.call("POST", "/_tenant/clients/change", data=fields)
    assert answer.status_code == 303
    client = tenant.client
    assert (client.grants, client.connections) == ({"authorization_code"}, set())
    assert client.callbacks == ["http://localhost/a", "http://localhost/b"]
    assert client.secret == tenant.settings["CLIENT_SECRET"] != ""


def test_switches_are_set_by_name(site, tenant):
    body = post(site, "switches", {"sign_ups": False, "token_fault": "wrong_iss"}).json()
    assert body["sign_ups"] is False
    assert (tenant.sign_ups, tenant.token_fault) == (False, "wrong_iss")


def test_reset_forgets_everything(site, tenant):
    site.start()
    tenant.sign_ups = False
    post(site, "reset")
    assert tenant.sign_ups and tenant.inbox.messages() == [] and tenant.requests == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("switches", {"gravity": False}),
        ("switches", {"sign_ups": "maybe"}),
        ("switches", {"code_length": "six"}),
        ("switches", {"latency": True}),
        ("switches", {"token_fault": "odd"}),
        ("faults", {"path": "*", "fault": "gremlins"}),
        ("faults", {"path": 5, "fault": "timeout"}),
        ("clock", {"advance": "soon"}),
        ("people", {}),
        ("people", {"email": ANN, "shoe_size": 42}),
        ("people/change", {"sub": "nobody"}),
        ("clients", {"kind": "mtls"}),
        ("clients/change", {"client_id": "nobody"}),
        ("clients/change", {"client_id": "local-client-id", "grants": ["magic"]}),
        ("clients/change", {"client_id": "local-client-id", "connections": "sms"}),
        ("clients/change", {"client_id": "local-client-id", "callbacks": [5]}),
    ],
)
def test_what_does_not_fit_is_a_bad_request(site, path, body):
    answer = post(site, path, body)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_page_of_another_site_may_not_control(site, tenant, headers):
    tenant.add_person(ANN)
    answer = post(site, "reset", headers=headers)
    assert (answer.status_code, answer.json()) == (403, {"error": "cross_origin"})
    assert len(tenant.state.people) == 1


def test_page_of_the_tenants_own_may_control(site, tenant):
    headers = {"Origin": tenant.base_url, "Sec-Fetch-Site": "same-origin"}
    assert post(site, "reset", headers=headers).status_code == 200


def test_get_changes_nothing(site):
    assert site.get("/_tenant/reset").status_code == 405


def test_forms_lead_back(site, tenant):
    fields = {"page": "/people", "email": ANN, "blocked": "true", "phone_number": ""}
    answer = site.call("POST", "/_tenant/people", data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/people?saved")
    assert tenant.state.people.find("email", ANN).blocked is True


def test_forms_do_not_lead_away(site):
    answer = site.call("POST", "/_tenant/reset", data={"page": "//evil.example"})
    assert answer.headers["Location"] == "/switches?saved"


def test_form_of_switches(site, tenant):
    fields = {"sign_ups": "false", "latency": "0.5", "code_length": "8", "token_fault": ""}
    site.call("POST", "/_tenant/switches", data={**fields, "mail_link": "", "page": "/switches"})
    switches = tenant.switches
    assert (switches.sign_ups, switches.latency, switches.code_length) == (False, 0.5, 8)
    assert (switches.token_fault, switches.mail_link) == (None, None)


def test_wrong_codes_from_another_process(site):
    code = site.code()
    assert site.exchange(wrong(code)).status_code == 403
