"""POST /passwordless/start: the table of the reference, row by row."""

from __future__ import annotations

import pytest

from django_pwdless.localtenant.answers.documented_errors import START
from tests.localtenant.site import ANN, NUMBER, refusal

CAUSES = {
    "missing_client_id": {"client_id": ...},
    "missing_connection": {"connection": ...},
    "unknown_connection": {"connection": "carrier-pigeon"},
    "wrong_strategy": {"connection": "Username-Password-Authentication"},
    "missing_email": {"email": ...},
    "bad_email": {"email": "not an address"},
    "missing_phone_number": {"connection": "sms"},
    "bad_phone_number": {"connection": "sms", "phone_number": "0151 1234"},
    "bad_auth_params": {"authParams": "scope=openid"},
    "unknown_property": {"nonce": "n"},
    "bad_send": {"send": "pigeon"},
    "invalid_client": {"client_secret": "wrong"},
    "unauthorized_client": {"client_secret": ...},
}


def test_start_sends_a_code_by_mail(site, tenant):
    answer = site.start("Ann@Example.com")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["email"], body["email_verified"], len(body["_id"])) == (ANN, False, 24)
    message = tenant.inbox.latest(ANN)
    assert (message.connection, message.send, message.link) == ("email", "code", None)
    assert len(message.code) == 6


def test_start_sends_a_code_by_text(site, tenant):
    body = site.start_sms().json()
    assert body["phone_number"] == NUMBER
    assert (len(body["_id"]), body["phone_verified"]) == (24, False)
    message = tenant.inbox.latest(NUMBER)
    assert (message.connection, message.send) == ("sms", "code")


def test_start_sms_sends_codes_only(site, tenant):
    site.start_sms(send="link")
    assert tenant.inbox.latest(NUMBER).code


@pytest.mark.parametrize("send", [..., None, "link"])
def test_start_sends_a_link_unless_told_otherwise(site, tenant, send):
    site.start(send=send, authParams={"redirect_uri": "http://testserver/cb", "state": "s"})
    message = tenant.inbox.latest(ANN)
    assert message.code is None
    assert message.link.startswith(tenant.base_url + "/passwordless/verify_redirect?")
    assert "state=s" in message.link


def test_start_known_person(site, tenant):
    tenant.add_person(ANN)
    assert site.start().json()["email_verified"] is True


@pytest.mark.parametrize("name", CAUSES)
def test_start_refuses_with_the_row_of_the_cause(site, tenant, name):
    row = START[name]
    assert refusal(site.start(**CAUSES[name])) == (row.status, row.error, row.description)
    assert tenant.inbox.messages() == []


@pytest.mark.parametrize("name", START)
def test_each_row_of_the_table_can_be_answered(site, tenant, name):
    row = START[name]
    tenant.fail("/passwordless/start", name, times=1)
    answer = site.start()
    assert answer.status_code == row.status
    assert answer.json() == {
        "error": row.error,
        "error_description": row.description,
        **row.extra,
    }
    assert site.start().status_code == 200


def test_start_as_a_form_is_refused(site):
    answer = site.call("POST", "/passwordless/start", data={**site.credentials, "email": ANN})
    assert refusal(answer) == (400, "server_error", "server_error")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_start_with_a_malformed_body_is_refused(site, body):
    headers = {"Content-Type": "application/json"}
    answer = site.call("POST", "/passwordless/start", data=body, headers=headers)
    assert refusal(answer) == (400, "server_error", "server_error")


@pytest.mark.parametrize(
    "email",
    ["", "@", "a@b", "a b@example.com", "a@@example.com", "a\0@example.com", "\ud800@example.com"]
    + [5, ["ann@example.com"], {}, "x" * 300 + "@example.com", "ann@example..com"],
)
def test_start_bad_email(site, email):
    assert refusal(site.start(email))[:2] == (400, "bad.email")


@pytest.mark.parametrize("number", ["", "+", "49", "+49x", "+" + "1" * 16, "+49\n", "+٤٩", 49, []])
def test_start_bad_number(site, number):
    assert refusal(site.start_sms(number))[:2] == (400, "bad.phone_number")


@pytest.mark.parametrize("value", [None, [], 5, True, 1.5])
def test_start_auth_params_of_other_types(site, value):
    assert refusal(site.start(authParams=value))[1] == "bad.authParams"


def test_start_connection_disabled(site, tenant):
    tenant.client.connections.discard("email")
    assert refusal(site.start()) == (400, "bad.connection", "Connection is disabled")


def test_start_connection_missing(site, tenant):
    tenant.switches.connections = "sms"
    assert refusal(site.start()) == (400, "bad.connection", "Connection does not exist")


def test_start_sign_ups_disabled(site, tenant):
    tenant.sign_ups = False
    tenant.add_person("known@example.com")
    assert refusal(site.start()) == (400, "bad.connection", "Public signup is disabled")
    assert site.start("known@example.com").status_code == 200


def test_start_sends_nothing_to_a_blocked_person(site, tenant):
    tenant.add_person(ANN, blocked=True)
    assert site.start().status_code == 200
    assert tenant.inbox.messages() == []


@pytest.mark.parametrize("name", ["invalid_captcha", "invalid_recaptcha", "requires_verification"])
def test_start_bot_detection(site, tenant, name):
    tenant.switches.bot_detection = name
    assert refusal(site.start())[:2] == (START[name].status, START[name].error)
    assert site.start(captcha="solved").status_code == 200


@pytest.mark.parametrize("name", [name for name in START if name.startswith("sms_")])
def test_start_sms_error(site, tenant, name):
    tenant.switches.sms_error = name
    assert refusal(site.start_sms()) == (400, "sms_provider_error", START[name].description)
    assert tenant.inbox.messages() == []
    assert site.start().status_code == 200


def test_start_unknown_client(site):
    assert refusal(site.start(client_id="somebody"))[:2] == (401, "invalid_client")


def test_start_basic_is_not_accepted(site, tenant):
    body = {"connection": "email", "email": ANN, "client_id": tenant.client_id}
    auth = (tenant.client_id, tenant.client_secret)
    answer = site.call("POST", "/passwordless/start", json=body, auth=auth)
    assert refusal(answer)[1] == "unauthorized_client"


def test_start_rate_headers(site):
    first, second = (int(site.start().headers["x-ratelimit-remaining"]) for _ in range(2))
    assert second == first - 1


def test_start_rate_limit_without_client_authentication(site, tenant):
    client = tenant.add_client("public")
    tenant.switches.start_limit = 2
    body = {"client_id": client.client_id, "client_secret": ...}
    assert [site.start(**body).status_code for _ in range(3)] == [200, 200, 429]
    answer = site.start(**body)
    assert answer.json()["error"] == "too_many_requests"
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert answer.headers["x-ratelimit-remaining"] == "0"
    tenant.clock.advance(3601)
    assert site.start(**body).status_code == 200


def test_start_records_language_and_address(site, tenant):
    headers = {"x-request-language": "de", "auth0-forwarded-for": "203.0.113.7"}
    site.post_start({"connection": "email", "email": ANN}, headers=headers)
    (call,) = tenant.calls("/passwordless/start")
    assert (call.language, call.forwarded_for) == ("de", "203.0.113.7")
    assert call.body["email"] == ANN
    assert tenant.inbox.latest(ANN).language == "de"


def test_start_mail_link(site, tenant):
    tenant.switches.mail_link = "https://site.example/link/#code={{ code }}"
    code = site.code()
    assert tenant.inbox.latest(ANN).link == f"https://site.example/link/#code={code}"


def test_start_other_method(site):
    assert site.get("/passwordless/start").status_code == 405


def test_unknown_path_is_not_found(site):
    assert site.get("/oauth/ro").status_code == 404
