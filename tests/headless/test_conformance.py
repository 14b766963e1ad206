"""Made-up requests, fitting and not, to each operation at each step: nothing undeclared comes back.

``FrontEnd`` holds each answer to the document: status, type, headers and schema.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode

from django_pwdless.headless.openapi import document
from django_pwdless.localtenant import LocalTenant
from tests.fuzz.effort import examples
from tests.journeys.browser import ANN, BEN, NUMBER

from .conftest import Configure
from .front_end import PREFIX, FrontEnd

pytestmark = pytest.mark.django_db

FITTING, UNFITTING = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
DECLARED: list[tuple[str, Any]] = [
    (kind, cast(Any, result).ok())
    for kind in PREFIX
    for result in schemathesis.openapi.from_dict(document(kind)).get_all_operations()
]
OPERATIONS = [
    *((*each, FITTING) for each in DECLARED),
    # What has no input has none that does not fit.
    *((*each, UNFITTING) for each in DECLARED if each[1].body or each[1].path_parameters),
]
# What made-up text never hits.
LIKELY: dict[str, list[Any]] = {
    "identifier": [ANN, BEN, NUMBER, "ann@example.com\0", "a@b"],
    "code": ["123456", "000000", "right"],
    "method": ["email-code", "email-link", "sms-code", "universal"],
    "reconfirm": [0, 1, "1", "x", 10**30],
    "authenticator": ["email|1", "first"],
    "factor": ["otp", "phone", "push-notification", "email"],
    "phone_number": [NUMBER, "+1 900 234 5678"],
    "channel": ["sms", "voice"],
}


def name_of(part: Any) -> str:
    return getattr(part, "label", None) or getattr(part, "value", None) or str(part)


@pytest.fixture(autouse=True)
def everything_on(
    configure: Configure, settings: Any, tenant: LocalTenant, clock: Any, with_sign_ins: None
) -> None:
    tenant.switches.brute_force_limit = 0
    tenant.switches.mfa_limits = False
    settings.RATELIMIT_ENABLE = False
    configure(
        METHODS=["email-code", "email-link", "sms-code", "universal"],
        CUSTOMIZE_MFA=True,
        PHONE_REGION="DE",
    )


def at_each_step(kind: str, tenant: LocalTenant) -> list[FrontEnd]:
    """Return front ends that wait at each of the steps."""
    people: list[dict[str, Any]] = [
        {"factors": ["email", "otp"]},
        {"factors": ["push-notification"]},
        {"factors": ["email"]},
        {"mfa": "enroll"},
        {},
    ]
    front_ends = [FrontEnd(kind, tenant) for _ in range(len(people) + 2)]
    front_ends[0].get()
    front_ends[1].ask(BEN)
    for number, (front_end, person) in enumerate(zip(front_ends[2:], people, strict=True)):
        tenant.add_person(f"p{number}@example.com", phone_number=NUMBER, **person)
        front_end.sign_in(f"p{number}@example.com")
    return front_ends


def likely(front_end: FrontEnd, draw: Callable[..., Any], body: Any, names: list[str]) -> Any:
    """Put what could be right in place of some members."""
    if not isinstance(body, dict):
        return body
    chosen = {name: draw(st.sampled_from(LIKELY[name])) for name in names if draw(st.booleans())}
    if chosen.get("code") == "right":
        chosen["code"] = front_end.sent_code
    if chosen.get("authenticator") == "first":
        listed = front_end.get().data.get("authenticators") or [{"id": "none"}]
        chosen["authenticator"] = listed[0]["id"]
    return {**body, **chosen}


@pytest.mark.rows(4)
@pytest.mark.parametrize(("kind", "operation", "mode"), OPERATIONS, ids=name_of)
def test_nothing_undeclared_comes_back(
    kind: str, operation: Any, mode: GenerationMode, tenant: LocalTenant
) -> None:
    front_ends = at_each_step(kind, tenant)
    body_schema = document(kind)["paths"][operation.path][operation.method]
    schema = body_schema.get("requestBody", {}).get("content", {}).get("application/json", {})
    names = list(schema.get("schema", {}).get("properties", {}))

    @examples(8)
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def check(case: Any, data: Any) -> None:
        path = case.formatted_path.strip("/") + "/"
        if "pk" in case.path_parameters and not str(case.path_parameters["pk"]).isdecimal():
            # Django's own 404.
            return
        front_end = data.draw(st.sampled_from(front_ends))
        body = likely(front_end, data.draw, case.body, names)
        sent = json.dumps(body).encode() if isinstance(body, (dict, list, str, int)) else b""
        sent = body if isinstance(body, bytes) else sent
        front_end.send(case.method, path, sent)

    check()
