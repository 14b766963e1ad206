"""First logins at the same moment, in real threads; run on every database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connections, transaction

from django_pwdless.backends import PasswordlessBackend
from django_pwdless.exceptions import LoginRefused
from django_pwdless.identities.accounts import Claims
from django_pwdless.identities.resolve import add_identity
from django_pwdless.models import AddressLock, Identity
from django_pwdless.signals import identity_linked
from tests.first_logins import claims_of, make_user

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 20
EVE = "eve@example.com"
NOBODY_PROVEN = {"email": ..., "email_verified": ...}


def at_once(work: Callable[[int], Any]) -> Counter[Any]:
    """Count what so many threads got that began together; each is given its number."""
    barrier = Barrier(THREADS)

    def one(number: int) -> Any:
        try:
            connections["default"].ensure_connection()
            barrier.wait(timeout=30)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(pool.map(one, range(THREADS)))


def login(claims: Claims, backend: type[PasswordlessBackend] = PasswordlessBackend) -> Any:
    """Return the primary key of who is signed in, or why nobody is."""
    try:
        return backend().identify(claims).user.pk
    except LoginRefused as refusal:
        return refusal.reason


class LookingBackend(PasswordlessBackend):
    """Reads before it writes, as a site's own ``find_user`` would."""

    def find_user(self, claims: Claims) -> AbstractBaseUser | None:
        return get_user_model().objects.filter(first_name=claims["sub"]).first()


@pytest.fixture
def linked() -> Any:
    """Whether a user was created, for each ``identity_linked`` there was."""
    created: list[bool] = []

    def receiver(user_created: bool, **kwargs: Any) -> None:
        created.append(user_created)

    identity_linked.connect(receiver)
    yield created
    identity_linked.disconnect(receiver)


@pytest.mark.parametrize("claims", [{}, NOBODY_PROVEN], ids=["address", "no-address"])
@pytest.mark.parametrize("backend", [PasswordlessBackend, LookingBackend])
def test_same_first_login_makes_one_user(
    backend: type[PasswordlessBackend], claims: Any, linked: list[bool]
) -> None:
    signed_in = at_once(lambda number: login(claims_of(**claims), backend))
    assert signed_in == {get_user_model().objects.get().pk: THREADS}
    assert Identity.objects.count() == 1
    assert linked == [True]


@pytest.mark.usefixtures("link_by_email")
def test_same_first_login_makes_one_user_where_it_might_join(linked: list[bool]) -> None:
    signed_in = at_once(lambda number: login(claims_of()))
    assert signed_in == {get_user_model().objects.get().pk: THREADS}
    assert linked == [True]


@pytest.mark.usefixtures("link_by_email")
def test_same_first_login_joins_once(linked: list[bool]) -> None:
    ann = make_user()
    assert at_once(lambda number: login(claims_of())) == {ann.pk: THREADS}
    assert get_user_model().objects.count() == Identity.objects.count() == 1
    assert linked == [False]


@pytest.mark.usefixtures("link_by_email")
def test_same_first_login_under_another_address_each(linked: list[bool]) -> None:
    signed_in = at_once(lambda number: login(claims_of(email=f"{number}@example.com")))
    assert signed_in == {get_user_model().objects.get().pk: THREADS}
    assert linked == [True]


def test_same_first_login_beside_a_user_of_that_address(linked: list[bool]) -> None:
    ann = make_user()
    signed_in = at_once(lambda number: login(claims_of()))
    assert signed_in == {get_user_model().objects.exclude(pk=ann.pk).get().pk: THREADS}
    assert linked == [True]


@pytest.mark.usefixtures("link_by_email")
def test_two_subjects_of_one_address_never_join_both(linked: list[bool]) -> None:
    ann = make_user()
    signed_in = at_once(lambda number: login(claims_of(f"email|{number % 2}")))
    assert signed_in == {ann.pk: THREADS // 2, "conflict": THREADS // 2}
    assert Identity.objects.get().user == ann
    assert linked == [False]


@pytest.mark.usefixtures("link_by_email")
def test_many_subjects_of_one_new_address(linked: list[bool]) -> None:
    signed_in = at_once(lambda number: login(claims_of(f"email|{number}")))
    assert signed_in == {get_user_model().objects.get().pk: 1, "conflict": THREADS - 1}
    assert linked == [True]


@pytest.mark.usefixtures("link_by_email")
def test_account_is_joined_or_added_to_but_never_both(linked: list[bool]) -> None:
    """Whoever prepared it adds an identity of theirs while the owner of the address comes."""
    ann = make_user()

    def is_as_it_was(user: Any) -> bool:
        return bool(user.password == ann.password)

    def come(number: int) -> str:
        if number % 2:
            return "joined" if login(claims_of()) == ann.pk else "conflict"
        try:
            add_identity(ann, claims_of("email|eve", email=EVE), "email", is_as_it_was)
        except LoginRefused:
            return "refused"
        return "added"

    assert set(at_once(come)) in ({"joined", "refused"}, {"added", "conflict"})
    assert Identity.objects.count() == 1


def test_strangers_do_not_disturb_each_other(linked: list[bool]) -> None:
    signed_in = at_once(lambda n: login(claims_of(f"email|{n}", email=f"{n}@example.com")))
    assert set(signed_in) == set(get_user_model().objects.values_list("pk", flat=True))
    assert linked == [True] * THREADS


@pytest.mark.parametrize("backend", [PasswordlessBackend, LookingBackend])
def test_refused_at_the_same_moment(settings: Any, backend: type[PasswordlessBackend]) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "CREATE_USERS": False}
    assert at_once(lambda number: login(claims_of(), backend)) == {"unknown": THREADS}


@pytest.mark.usefixtures("link_by_email")
@pytest.mark.parametrize("number_of_subjects", [1, THREADS])
def test_conflict_at_the_same_moment(number_of_subjects: int) -> None:
    make_user(is_staff=True)
    claims = [claims_of(f"email|{number % number_of_subjects}") for number in range(THREADS)]
    assert at_once(lambda number: login(claims[number])) == {"conflict": THREADS}


def test_same_first_login_inside_transactions_of_the_callers(linked: list[bool]) -> None:
    def request(number: int) -> Any:
        # What OPTIONS["transaction_mode"] sets: SQLite lets no transaction wait that read first.
        connections["default"].transaction_mode = "IMMEDIATE"  # type: ignore[attr-defined]
        with transaction.atomic():
            return login(claims_of())

    assert at_once(request) == {get_user_model().objects.get().pk: THREADS}
    assert linked == [True]


@pytest.mark.usefixtures("link_by_email")
def test_two_subjects_of_one_address_without_upsert(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("supports_update_conflicts", "supports_update_conflicts_with_target"):
        monkeypatch.setattr(type(connections["default"].features), name, False)
    ann = make_user()
    signed_in = at_once(lambda number: login(claims_of(f"email|{number % 2}")))
    assert signed_in == {ann.pk: THREADS // 2, "conflict": THREADS // 2}


def test_locks_stay_few() -> None:
    at_once(lambda n: [login(claims_of(f"{n}-{i}", **NOBODY_PROVEN)) for i in range(2)] and None)
    assert AddressLock.objects.count() <= Identity.objects.count() == 2 * THREADS
