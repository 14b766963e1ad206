"""The steps at which a signed-in person's second factors are listed, added and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from tests.journeys.browser import ASSOCIATE, LIST, NUMBER, TOKEN
from tests.journeys.hosted import log_in_hosted

from .comings import Come
from .steps import Step, come_back, prove_by_app, prove_by_message, resend
from .visitor import Visitor

PAGE = "/accounts/factors/"
# Enrolled already; what is added beside them stands for the rest.
HAS = [{"factor": "email"}, {"factor": "recovery-code"}]
REMOVED = "push|dev_removed"
PHONE = {"factor": "phone", "phone_number": NUMBER, "channel": "sms"}


def signed_in(visitor: Visitor, *factors: Any) -> None:
    """Have signed in at a site that asks for no second factor, and have these."""
    if visitor.user_id is None:
        visitor.sign_in(visitor.identifier)
        visitor.stays, visitor.target = visitor.user_id, PAGE
    visitor.post("factors_done")
    # Two tokens of one second are the same.
    visitor.site.wait(1)
    visitor.has(*HAS, *factors, mfa=None)
    visitor.is_content = lambda: visitor.get("factors").context["authenticators"] is not None


def proving(visitor: Visitor) -> None:
    """Have proven themselves at Auth0, and be on the way back."""
    signed_in(visitor)
    away = visitor.client.get(visitor.get("factors").context["step_up_url"])
    visitor.returns_to = log_in_hosted(visitor.tenant, away["Location"], visitor.identifier)


def proven(visitor: Visitor, *factors: Any) -> None:
    """Have come back from there."""
    signed_in(visitor, *factors)
    assert visitor.prove_themselves().status_code == 302


def adding(**fields: str) -> Come:
    """Have proven themselves, and want one more factor."""

    def come(visitor: Visitor) -> None:
        proven(visitor)
        visitor.enrolls = fields
        visitor.is_content = lambda: has_one_more(visitor)

    return come


def has_one_more(visitor: Visitor) -> bool:
    return bool(sum(item.active for item in visitor.account.factors) > len(HAS))


def begun(**fields: str) -> Come:
    def come(visitor: Visitor) -> None:
        adding(**fields)(visitor)
        assert visitor.add_factor().headers.get("Location") == reverse("pwdless:mfa_challenge")

    return come


def approved(in_json: bool) -> Come:
    """Have scanned the code of a push, and approved what came."""

    def come(visitor: Visitor) -> None:
        begun(factor="push-notification")(visitor)
        visitor.polls_in_json = in_json
        visitor.tenant.approve_push()

    return come


def removing(visitor: Visitor) -> None:
    """Have proven themselves, and want to be rid of a phone."""
    proven(visitor, {"factor": "push-notification", "id": REMOVED})
    visitor.came_for = remove
    visitor.is_content = lambda: visitor.account.factors[-1].id != REMOVED


def remove(visitor: Visitor) -> Any:
    return visitor.client.post(reverse("pwdless:factor_remove", kwargs={"id": REMOVED}))


def post(name: str) -> Callable[[Visitor], Any]:
    return lambda visitor: visitor.post(name)


APP = begun(factor="otp")
OWN_STEPS = [
    Step(
        *("factors_callback", TOKEN, "callback", proving, come_back),
        **{"verifies": True, "nonce": True, "repeats": False, "is_first": True},
    ),
    Step("factors_arrival", LIST, "own_arrival", proving, come_back, repeats=False),
    Step("factors_refresh", LIST, "own_list", proven, post("factors_refresh")),
    Step("factor_add_app", ASSOCIATE, "own_enroll", adding(factor="otp"), Visitor.add_factor),
    Step("factor_add_phone", ASSOCIATE, "own_enroll", adding(**PHONE), Visitor.add_factor),
    Step("factor_add_resend", ASSOCIATE, "own_resend", begun(**PHONE), resend),
    Step("factor_app", TOKEN, "own_code", APP, prove_by_app),
    Step("factor_phone", TOKEN, "own_code", begun(**PHONE), prove_by_message),
    Step("factor_push", TOKEN, "own_poll", approved(in_json=True), Visitor.poll),
    Step("factor_push_by_button", TOKEN, "own_button", approved(in_json=False), Visitor.poll),
    Step("factor_added_list", LIST, "own_afterwards", APP, prove_by_app, repeats=False),
    Step(*("factor_remove", f"{LIST}/{REMOVED}", "own_remove", removing, remove), lists=2),
    Step(*("factor_remove_list", LIST, "own_list", removing, remove), lists=2),
]
