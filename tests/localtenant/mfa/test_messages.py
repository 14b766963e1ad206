"""Codes that are sent: by text, call and mail."""

from __future__ import annotations

import pytest

from tests.localtenant.site import ANN, NUMBER, refusal, wrong

from .second import Second, claims


@pytest.mark.parametrize(
    ("factor", "connection", "send"),
    [("sms", "sms", "code"), ("voice", "voice", "call"), ("email", "email", "code")],
)
def test_code_that_was_sent_is_exchanged_for_tokens(begin, site, factor, connection, send):
    second, _ = begin(factor)
    body = second.challenge(factor, challenge_type="oob").json()
    assert (body["challenge_type"], body["binding_method"]) == ("oob", "prompt")
    sent = second.sent()
    assert (sent.connection, sent.send, sent.purpose) == (connection, send, "mfa")
    assert sent.to == (ANN if factor == "email" else NUMBER)
    answer = second.grant("oob", oob_code=body["oob_code"], binding_code=sent.code)
    assert claims(site, answer)["email"] == ANN


def test_wrong_code_is_refused_and_the_right_one_still_works(begin):
    second, _ = begin("sms")
    code = second.challenge("sms").json()["oob_code"]
    answer = second.grant("oob", oob_code=code, binding_code=wrong(second.sent().code))
    assert refusal(answer) == (403, "invalid_grant", "Invalid binding_code.")
    good = second.grant("oob", oob_code=code, binding_code=second.sent().code)
    assert good.status_code == 200


def test_oob_expires_before_the_token(begin, tenant):
    second, _ = begin("sms")
    code = second.challenge("sms").json()["oob_code"]
    tenant.clock.advance(301)
    answer = second.grant("oob", oob_code=code, binding_code=second.sent().code)
    assert refusal(answer)[2] == "Invalid binding_code."


def test_oob_code_of_another_factor(begin):
    second, _ = begin("sms", "email")
    oob_code = second.challenge("sms").json()["oob_code"]
    sms = second.sent().code
    second.challenge("email")
    assert second.sent().connection == "email"
    if second.sent().code != sms:
        answer = second.grant("oob", oob_code=oob_code, binding_code=second.sent().code)
        assert refusal(answer)[2] == "Invalid binding_code."
    assert second.grant("oob", oob_code=oob_code, binding_code=sms).status_code == 200


def test_oob_newest_only(begin):
    second, _ = begin("sms")
    old = second.challenge("sms").json()["oob_code"]
    second.challenge("sms")
    answer = second.grant("oob", oob_code=old, binding_code=second.sent().code)
    assert refusal(answer) == (403, "invalid_grant", "Malformed oob_code")


def test_oob_of_another_login(begin, site):
    second, _ = begin("sms")
    code = second.challenge("sms").json()["oob_code"]
    other = Second(site, site.exchange(site.code()).json())
    sent = site.tenant.inbox.messages(NUMBER)[-1].code
    assert refusal(other.grant("oob", oob_code=code, binding_code=sent))[2] == "Malformed oob_code"


def test_oob_exchanges_are_limited(begin):
    second, _ = begin("sms")
    code = second.challenge("sms").json()["oob_code"]
    for _ in range(12):
        assert second.grant("oob", oob_code=code, binding_code="x").status_code == 403
    answer = second.grant("oob", oob_code=code, binding_code="x")
    assert refusal(answer)[:2] == (429, "too_many_requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_messages_are_limited(begin):
    second, _ = begin("sms", "voice")
    assert {second.challenge("sms").status_code for _ in range(10)} == {200}
    assert refusal(second.challenge("voice"))[:2] == (429, "too_many_requests")


def test_message_that_cannot_be_delivered_is_the_row_of_its_switch(begin, tenant):
    second, _ = begin("sms")
    tenant.switches.mfa_delivery_error = "error_sending_sms"
    assert refusal(second.challenge("sms"))[:2] == (400, "error_sending_sms")


def test_mfa_messages_in_the_inbox(begin, site):
    second, _ = begin("sms", "voice", "email", "push-notification", "otp")
    for factor in ("sms", "voice", "email", "push-notification"):
        second.challenge(factor)
    html = site.get("/").text
    assert "A voice says" in html and "Your second code" in html
    assert "Is it you who is signing in?" in html and "Authenticator</h3>" in html


def test_code_of_a_second_factor_used_in_the_inbox(begin, site):
    second, _ = begin("email")
    code = second.challenge("email").json()["oob_code"]
    assert ">newest<" in site.get("/").text
    second.grant("oob", oob_code=code, binding_code=second.sent().code)
    assert ">newest<" not in site.get("/").text
