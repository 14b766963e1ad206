"""Push notifications."""

from __future__ import annotations

import pytest

from tests.localtenant.site import ANN, refusal

from .second import PENDING, claims


def test_push_is_pending_until_it_is_approved(begin, tenant, site):
    second, _ = begin("push-notification")
    body = second.challenge("push-notification").json()
    assert body.keys() == {"challenge_type", "oob_code"}
    assert second.sent().send == "push"
    assert refusal(second.grant("oob", oob_code=body["oob_code"])) == PENDING
    tenant.approve_push()
    assert claims(site, second.grant("oob", oob_code=body["oob_code"]))["email"] == ANN


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("push_denied", (400, "access_denied")),
        ("push_denied_as_invalid_grant", (403, "invalid_grant")),
    ],
)
def test_denied_push_stays_denied(begin, tenant, form, expected):
    tenant.switches.push_denial = form
    second, _ = begin("push-notification")
    code = second.challenge("push-notification").json()["oob_code"]
    tenant.deny_push()
    for _ in range(2):
        answer = refusal(second.grant("oob", oob_code=code))
        assert answer == (*expected, "MFA Authorization rejected.")


def test_push_answered_by_itself(begin, tenant):
    tenant.switches.push_pending, tenant.switches.push_answer = 2, "approve"
    second, _ = begin("push-notification")
    code = second.challenge("push-notification").json()["oob_code"]
    polls = [second.grant("oob", oob_code=code).status_code for _ in range(3)]
    assert polls == [400, 400, 200]


def test_push_polled_too_fast(begin, tenant):
    second, _ = begin("push-notification")
    code = second.challenge("push-notification").json()["oob_code"]
    for _ in range(12):
        assert refusal(second.grant("oob", oob_code=code)) == PENDING
    assert refusal(second.grant("oob", oob_code=code))[:2] == (400, "slow_down")
    tenant.clock.advance(61)
    assert refusal(second.grant("oob", oob_code=code)) == PENDING


def test_push_expires_after_five_minutes(begin, tenant):
    second, _ = begin("push-notification")
    code = second.challenge("push-notification").json()["oob_code"]
    tenant.clock.advance(301)
    assert refusal(second.grant("oob", oob_code=code))[:2] == (403, "invalid_grant")
    with pytest.raises(LookupError):
        tenant.approve_push()


def test_push_over_http(begin, site):
    second, _ = begin("push-notification")
    code = second.challenge("push-notification").json()["oob_code"]
    (push,) = site.get("/_tenant/push").json()["pushes"]
    assert push["to"] == ANN
    body = {"number": push["number"], "answer": "approved"}
    assert site.call("POST", "/_tenant/push", json=body).json()["answer"] == "approved"
    assert second.grant("oob", oob_code=code).status_code == 200
    assert site.call("POST", "/_tenant/push", json=body).status_code == 400
