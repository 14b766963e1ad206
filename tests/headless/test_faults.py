"""Each operation that calls Auth0, with everything that can go wrong there.

The cells and meanings are those of the pages' matrix: the JSON says the same in its own way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from django_pwdless.conf import RATE_LIMITS as DEFAULTS
from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.answers.documented_errors import ERROR_TABLES
from django_pwdless.localtenant.faults.armed import FAULTS
from django_pwdless.localtenant.token_faults import FAULTS as TOKEN_FAULTS
from tests.journeys.browser import ANN, ASSOCIATE, BEN, CHALLENGE, LIST, NUMBER, START, TOKEN
from tests.journeys.conftest import Configure
from tests.journeys.faults.meanings import Meaning, meaning_of, meaning_of_token
from tests.journeys.faults.rules import Gets, expected
from tests.journeys.faults.steps import Step
from tests.journeys.faults.test_matrix import SLOW

from .front_end import FrontEnd, state_in

pytestmark = pytest.mark.django_db

KEYS = ("ip", "pair", "identifier", "pending", "site")
# What the pages say where one chooses or sets up a factor.
CHOICES = {"mfa": "choose_factor", "mfa_enroll": "enroll_factor"}


def has(front_end: FrontEnd, *factors: str, **more: Any) -> None:
    front_end.person = front_end.tenant.add_person(  # type: ignore[attr-defined]
        ANN, phone_number=NUMBER, factors=factors, **more
    )


def nothing(front_end: FrontEnd) -> None:
    """It is the first request."""
    front_end.get()


def ask(front_end: FrontEnd) -> None:
    front_end.ask()


def adding(front_end: FrontEnd) -> None:
    if front_end.user_id is None:
        front_end.sign_in(BEN)
    front_end.identifier = ANN


def added(front_end: FrontEnd) -> None:
    adding(front_end)
    front_end.post("identities/", identifier=ANN)


def elsewhere(front_end: FrontEnd) -> None:
    front_end.get()
    front_end.identifier = ANN
    FrontEnd(front_end.kind, front_end.tenant).ask()


def proven(*factors: str, **more: Any) -> Callable[[FrontEnd], None]:
    def come(front_end: FrontEnd) -> None:
        has(front_end, *factors, **more)
        front_end.sign_in()

    return come


def asked_with(*factors: str) -> Callable[[FrontEnd], None]:
    def come(front_end: FrontEnd) -> None:
        has(front_end, *factors)
        front_end.ask()

    return come


def enrolled(**fields: str) -> Callable[[FrontEnd], None]:
    def come(front_end: FrontEnd) -> None:
        proven(mfa="enroll")(front_end)
        front_end.post("login/factor/enroll/", **fields)

    return come


def polling(front_end: FrontEnd) -> None:
    proven("push-notification")(front_end)
    front_end.tenant.approve_push()
    front_end.clock.shift(6)  # type: ignore[attr-defined]


def post(path: str, **members: Any) -> Callable[[FrontEnd], Any]:
    """Send members, of which some are known only then."""
    return lambda front_end: front_end.post(
        path, **{name: it(front_end) if callable(it) else it for name, it in members.items()}
    )


def newest(front_end: FrontEnd) -> str:
    return front_end.sent_code


def by_app(front_end: FrontEnd) -> str:
    person: Any = front_end.person  # type: ignore[attr-defined]
    return str(front_end.tenant.totp(person))


def text_of(front_end: FrontEnd) -> str:
    person: Any = front_end.person  # type: ignore[attr-defined]
    return str(person.factor("sms").id)


CODE = post("login/code/", code=newest)
PHONE = {"factor": "phone", "phone_number": NUMBER, "channel": "sms"}
STEPS: list[Any] = [
    Step("login", START, "start", nothing, post("login/", identifier=ANN)),
    Step("resend", START, "resend", ask, post("login/resend/")),
    Step("add", START, "start", adding, post("identities/", identifier=ANN)),
    Step("code", TOKEN, "code", ask, CODE, verifies=True),
    Step("code_added", TOKEN, "code", added, CODE),
    Step("link", TOKEN, "code", elsewhere, post("login/link/", identifier=ANN, code=newest)),
    Step("app", TOKEN, "mfa_code", proven("otp"), post("login/factor/answer/", code=by_app)),
    Step("text", TOKEN, "mfa_code", proven("sms"), post("login/factor/answer/", code=newest)),
    Step("poll", TOKEN, "poll", polling, post("login/factor/poll/"), verifies=True),
    Step("list", LIST, "list", asked_with("sms"), CODE, repeats=False),
    Step("list_again", LIST, "list", proven("otp", "sms"), post("login/factor/")),
    Step("challenge", CHALLENGE, "challenge", asked_with("sms"), CODE, repeats=False),
    Step(
        *("choose", CHALLENGE, "choose", proven("otp", "sms")),
        post("login/factor/", authenticator=text_of),
    ),
    Step("again", CHALLENGE, "choose", proven("sms"), post("login/resend/")),
    Step(
        *("enroll", ASSOCIATE, "enroll", proven(mfa="enroll")),
        post("login/factor/enroll/", factor="otp"),
    ),
    Step(
        *("enroll_phone", ASSOCIATE, "enroll", proven(mfa="enroll")),
        post("login/factor/enroll/", **PHONE),
    ),
    Step(
        *("enroll_again", ASSOCIATE, "enroll_resend", enrolled(**PHONE)),
        post("login/resend/"),
    ),
]


def cells(names: Callable[[Step], Any], meaning: Callable[[Step, str], Meaning | None]) -> Any:
    """The cells of each step: one fault of each meaning, and apart from it the others."""
    for step in STEPS:
        seen: Counter[Meaning] = Counter()
        for fault in names(step):
            found = meaning(step, fault)
            if found is None or fault in SLOW:
                continue
            more = (pytest.mark.thorough, pytest.mark.every_step) if seen[found] else ()
            seen[found] += 1
            yield pytest.param(step, fault, found, id=f"{step.name}-{fault}", marks=more)


def faults_of(step: Step) -> Iterator[str]:
    yield from (fault for fault in FAULTS if fault != "refused" or step.is_alone)
    yield from ERROR_TABLES.get(step.endpoint, ())


def token_faults_of(step: Step) -> Any:
    return TOKEN_FAULTS if step.verifies else ()


@pytest.fixture(autouse=True)
def open_to_all(front_end: FrontEnd, clock: Any, tenant: LocalTenant, configure: Configure) -> None:
    configure(
        METHODS=["email-code"],
        CUSTOMIZE_MFA=True,
        RESEND_COOLDOWN=0,
        RATE_LIMITS={action: dict.fromkeys(KEYS) for action in DEFAULTS},
    )
    tenant.switches.mfa_limits, tenant.switches.brute_force_limit = False, 0
    front_end.clock = clock  # type: ignore[attr-defined]


def holds(response: Any, gets: Gets) -> None:
    """Check an answer against what pages get in the same case."""
    data = response.data
    if gets.is_success:
        assert response.status_code == 200
    elif "status" in data and gets.what == data["status"]:
        assert response.status_code == gets.status == 200
    elif gets.status == 200:
        assert (response.status_code, data["outcome"]) == (400, "invalid")
        assert gets.what in data["errors"]
    elif gets.what == "login":
        assert (response.status_code, data["outcome"]) == (409, "step_missing")
    elif gets.what in CHOICES:
        assert state_in(response)["step"] in CHOICES.values()
        assert response.status_code == 200 or "authenticator" in data["errors"]
    else:
        assert (response.status_code, data["outcome"]) == (gets.status, gets.what)


@pytest.mark.parametrize(("step", "fault", "meaning"), [*cells(faults_of, meaning_of)])
def test_fault_is_answered_as_on_pages(
    step: Any, fault: str, meaning: Meaning, front_end: FrontEnd, tenant: LocalTenant
) -> None:
    step.come(front_end)
    who, before = front_end.user_id, len(tenant.requests)
    tenant.fail(step.endpoint, fault)
    response = step.act(front_end)
    tenant.recover()
    gets = expected(step.kind, meaning)
    holds(response, gets)
    calls = Counter(call.path for call in tenant.requests[before:])
    # Nothing is sent or spent twice.
    assert max(calls.values(), default=0) <= 1
    if not gets.is_success:
        assert front_end.user_id == who
    assert front_end.get().status_code == 200
    if gets.keeps and gets.goes_on and step.repeats and gets.status in (429, 503):
        assert step.act(front_end).status_code == 200


@pytest.mark.parametrize(("step", "fault", "meaning"), [*cells(token_faults_of, meaning_of_token)])
def test_bad_token_lets_nobody_in_by_json(
    step: Any, fault: str, meaning: Meaning, front_end: FrontEnd, tenant: LocalTenant
) -> None:
    step.come(front_end)
    tenant.token_fault = fault
    response = step.act(front_end)
    tenant.token_fault = None
    gets = expected(step.kind, meaning)
    holds(response, gets)
    assert gets.is_success or not get_user_model().objects.exists()
