"""Pages, a page's script and a native app: the same steps, limits, signals and statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from django_pwdless import signals
from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from tests.journeys.browser import ANN, BEN, KEYS, NUMBER
from tests.journeys.conftest import Configure

from .ways import Json, Pages, Seen

pytestmark = pytest.mark.django_db

SIGNALS = {
    "login_started": signals.login_started,
    "identity_linked": signals.identity_linked,
    "mfa_started": signals.mfa_started,
    "mfa_verified": signals.mfa_verified,
    "login_refused": signals.login_refused,
    "user_logged_in": user_logged_in,
    "user_logged_out": user_logged_out,
    "user_login_failed": user_login_failed,
}
TOLD = ("method", "factor", "reason", "user_created", "credentials")
# Each answer says who is signed in, and after a removal which identities are left.
FURTHER = Counter(["SELECT auth_user", "SELECT django_pwdless_identity"])
LIMITS = [
    *("start.ip", "start.pair", "start.identifier", "start.site", "verify.ip"),
    *("verify.pending", "link.ip", "link.pair", "link.identifier", "mfa.ip", "mfa.pending"),
]


class Trip:
    """One journey by one way, and all that it did."""

    def __init__(self, way: Pages | Json, tenant: LocalTenant, clock: Any) -> None:
        self.way, self.tenant, self.clock = way, tenant, clock
        self.seen: list[Seen] = []
        self.told: list[Any] = []
        self.statements: list[Counter[str]] = []

    def go(self, verb: str, *args: Any, **fields: Any) -> None:
        """Take a step."""
        with CaptureQueriesContext(connection) as queries:
            response = getattr(self.way, verb)(*args, **fields)
        self.statements.append(Counter(map(kind_of, queries)))
        self.seen.append(self.way.see(response))

    def hear(self, name: str, **kwargs: Any) -> None:
        self.told.append((name, {key: kwargs[key] for key in TOLD if key in kwargs}))

    def code(self, identifier: str = ANN) -> str:
        return str(self.tenant.inbox.latest(identifier).code)

    def wrong(self, identifier: str = ANN) -> str:
        return f"{(int(self.code(identifier)) + 1) % 1_000_000:06}"

    @property
    def sent_code(self) -> str:
        return str(self.tenant.inbox.latest().code)

    @property
    def calls(self) -> list[str]:
        return [call.path for call in self.tenant.requests if call.path != KEYS]


def kind_of(query: dict[str, str]) -> str:
    words = query["sql"].replace('"', "").replace("`", "").split()
    verb = words[0]
    place = {"SELECT": "FROM", "INSERT": "INTO", "DELETE": "FROM", "UPDATE": "UPDATE"}.get(verb)
    return f"{verb} {words[words.index(place) + 1]}" if place else "transaction"


def by_code(trip: Trip) -> None:
    trip.go("ask", "nonsense")
    trip.go("ask", ANN)
    trip.go("ask", ANN)
    trip.go("answer", "12")
    trip.go("answer", trip.wrong())
    trip.go("resend")
    trip.clock.shift(31)
    trip.go("resend")
    trip.go("answer", trip.code())
    trip.go("answer", "123456")
    trip.go("sign_out")
    trip.go("answer", "123456")


def used_up(trip: Trip) -> None:
    trip.go("ask", ANN)
    for _ in range(4):
        trip.go("answer", trip.wrong())
    trip.go("answer", trip.code())


def anywhere(trip: Trip) -> None:
    trip.go("ask", ANN)
    trip.go("sign_out")
    trip.go("answer_anywhere", ANN, trip.wrong())
    trip.go("answer_anywhere", "nonsense", "1")
    trip.go("answer_anywhere", ANN, trip.code())


def refused(trip: Trip) -> None:
    trip.tenant.add_person(ANN, denied=True)
    trip.go("ask", ANN)
    trip.go("answer", trip.code())
    trip.go("answer", "123456")


def outages(trip: Trip) -> None:
    trip.tenant.fail("/passwordless/start", "server_error", times=1)
    trip.go("ask", ANN)
    trip.go("ask", ANN)
    trip.tenant.fail("/oauth/token", "server_error", times=1)
    trip.go("answer", trip.code())
    trip.go("answer", trip.code())


def second_factor(trip: Trip) -> None:
    person = trip.tenant.add_person(ANN, phone_number=NUMBER, factors=["otp", "email"])
    trip.go("ask", ANN)
    trip.go("answer", trip.code())
    trip.go("choose", "nothing|of-the-kind")
    trip.go("choose", next(each.id for each in person.factors if each.factor == "email"))
    trip.go("prove", "letters")
    trip.go("prove", "000000")
    trip.go("resend")
    trip.clock.shift(31)
    trip.go("resend")
    trip.go("relist")
    trip.go("prove", "123456")
    trip.go("choose", next(each.id for each in person.factors if each.factor == "otp"))
    trip.go("prove", trip.tenant.totp(person))
    trip.go("prove", "123456")


def push(trip: Trip) -> None:
    trip.tenant.add_person(ANN, factors=["push-notification"])
    trip.go("ask", ANN)
    trip.go("answer", trip.code())
    trip.go("poll")
    trip.clock.shift(6)
    trip.go("poll")
    trip.tenant.approve_push()
    trip.clock.shift(6)
    trip.go("poll")


def enrollment(trip: Trip) -> None:
    person = trip.tenant.add_person(ANN, mfa="enroll")
    trip.go("ask", ANN)
    trip.go("answer", trip.code())
    trip.go("enroll", factor="carrier-pigeon")
    trip.go("enroll", factor="phone", phone_number="12")
    trip.go("enroll", factor="phone", phone_number="+4915199999999")
    trip.go("enroll", factor="otp")
    trip.go("prove", "000000")
    has_app = any(each.factor == "otp" for each in person.factors)
    trip.go("prove", trip.tenant.totp(person) if has_app else "123456")
    trip.go("keep_codes")


def identities(trip: Trip) -> None:
    trip.go("add", BEN)
    trip.go("ask", ANN)
    trip.go("answer", trip.code())
    trip.go("add", "nonsense")
    trip.go("add", BEN)
    trip.go("answer", trip.wrong(BEN))
    trip.go("answer", trip.code(BEN))
    first, second = (each.pk for each in Identity.objects.order_by("pk"))
    trip.clock.shift(601)
    trip.go("remove", second)
    trip.go("add", "c@example.com")
    trip.go("confirm", first)
    trip.go("answer", trip.code())
    trip.go("remove", first)


JOURNEYS: list[Callable[[Trip], None]] = [
    *(by_code, used_up, anywhere, refused, outages, second_factor, push, enrollment, identities),
]
each_journey = pytest.mark.parametrize("journey", JOURNEYS, ids=lambda each: each.__name__)


@pytest.fixture
def travel(
    tenant: LocalTenant, clock: Any, settings: Any, configure: Configure
) -> Callable[[Callable[[Trip], None]], dict[str, Trip]]:
    """Take a journey by each way, in a world that knows nothing of the others."""
    configure(CUSTOMIZE_MFA=True)

    def travel(journey: Callable[[Trip], None]) -> dict[str, Trip]:
        trips = {}
        for name in ("pages", "browser", "app"):
            get_user_model().objects.all().delete()
            caches["default"].clear()
            tenant.reset()
            way = Pages(tenant) if name == "pages" else Json(name, tenant)
            trips[name] = trip = Trip(way, tenant, clock)
            with heard_by(trip):
                journey(trip)
            trip.calls_made = trip.calls  # type: ignore[attr-defined]
        return trips

    return travel


class heard_by:
    """Tell a trip of each signal."""

    def __init__(self, trip: Trip) -> None:
        self.receivers = {name: self.receiver(trip, name) for name in SIGNALS}

    @staticmethod
    def receiver(trip: Trip, name: str) -> Any:
        return lambda **kwargs: trip.hear(name, **kwargs)

    def __enter__(self) -> None:
        for name, signal in SIGNALS.items():
            signal.connect(self.receivers[name], weak=False)

    def __exit__(self, *exception: object) -> None:
        for name, signal in SIGNALS.items():
            signal.disconnect(self.receivers[name])


@each_journey
def test_journey_and_what_it_costs_are_the_same(journey: Any, travel: Any) -> None:
    trips = travel(journey)
    pages = trips.pop("pages")
    for name, trip in trips.items():
        assert trip.seen == pages.seen
        assert trip.told == pages.told
        assert trip.calls_made == pages.calls_made
        for seen, wanted, found in zip(pages.seen, pages.statements, trip.statements, strict=True):
            assert not found - wanted - FURTHER, (name, seen)


@pytest.mark.rows(4)
@pytest.mark.parametrize(
    ("limit", "journey"), [*product(LIMITS, [by_code, anywhere, second_factor, enrollment])]
)
def test_limit_stops_at_the_same_step(
    limit: str, journey: Any, travel: Any, configure: Configure
) -> None:
    action, key = limit.split(".")
    configure(RATE_LIMITS={action: {key: "1/d"}})
    stopped = {
        name: [seen.problem == "rate_limited" for seen in trip.seen]
        for name, trip in travel(journey).items()
    }
    assert stopped["browser"] == stopped["app"] == stopped["pages"]
