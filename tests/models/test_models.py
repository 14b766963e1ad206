from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from django_pwdless.models import AddressLock, Identity, subject_digest

pytestmark = pytest.mark.django_db

ISSUER = "https://tenant.example/"


def make_user(name: str = "ann") -> Any:
    return get_user_model().objects.create_user(name)


def make_identity(subject: str = "email|ann", **fields: Any) -> Identity:
    user = fields.pop("user", None) or make_user(f"user of {subject[-9:]}")
    return Identity.objects.create(user=user, issuer=ISSUER, subject=subject, **fields)


# Pairs that one collation or another takes for the same text.
NEAR_MISSES = [
    ("email|ann", "email|Ann"),
    ("email|ann", "EMAIL|ANN"),
    ("email|ann", "email|ánn"),
    ("email|ann", "email|ann "),
    ("email|ann", " email|ann"),
    ("email|ann", "email|ａnn"),
    ("email|ss", "email|ß"),
    ("email|\u00e9", "email|e\u0301"),
    ("email|ann", "email|ann\u00ad"),
]


@pytest.mark.parametrize(("subject", "other"), NEAR_MISSES)
def test_find_subject_that_only_looks_the_same(subject: str, other: str) -> None:
    make_identity(subject)
    assert Identity.objects.find(ISSUER, other) is None


@pytest.mark.parametrize(("subject", "other"), NEAR_MISSES)
def test_two_subjects_that_look_the_same_are_two_people(subject: str, other: str) -> None:
    ann, other_ann = make_identity(subject, user=make_user("1")), make_identity(other)
    assert Identity.objects.find(ISSUER, subject) == ann
    assert Identity.objects.find(ISSUER, other) == other_ann


@pytest.mark.parametrize("issuer", ["https://tenant.example", "https://Tenant.example/", ""])
def test_find_same_subject_of_another_issuer(issuer: str) -> None:
    make_identity("email|ann")
    assert Identity.objects.find(issuer, "email|ann") is None


def test_find_keeps_issuer_and_subject_apart() -> None:
    make_identity("ab")
    assert Identity.objects.find(f"{ISSUER}a", "b") is None


def test_find_longest_subjects_apart() -> None:
    long = "x" * 254
    first, second = make_identity(long + "a", user=make_user()), make_identity(long + "b")
    assert Identity.objects.find(ISSUER, long + "a") == first
    assert Identity.objects.find(ISSUER, long + "b") == second


def test_find_fetches_the_user_along(django_assert_num_queries: Any) -> None:
    ann = make_identity().user
    with django_assert_num_queries(1):
        found = Identity.objects.find(ISSUER, "email|ann")
        assert found is not None
        assert found.user == ann


def test_same_identity_twice() -> None:
    make_identity(user=make_user("1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_identity(user=make_user("2"))


def test_bulk_create_can_be_found() -> None:
    ann = make_user()
    Identity.objects.bulk_create(
        Identity(user=ann, issuer=ISSUER, subject=f"email|{number}") for number in range(3)
    )
    found = Identity.objects.find(ISSUER, "email|1")
    assert found is not None
    assert (found.user, found.subject) == (ann, "email|1")


def test_historical_model_of_a_data_migration_can_be_found() -> None:
    apps = MigrationLoader(connection).project_state().apps
    historical = apps.get_model("django_pwdless", "Identity")
    historical.objects.create(user_id=make_user().pk, issuer=ISSUER, subject="email|ann")
    assert Identity.objects.find(ISSUER, "email|ann") is not None


@pytest.mark.parametrize("update_fields", [None, ["issuer"], ("issuer", "email")])
def test_save_with_another_issuer(update_fields: Any) -> None:
    identity = make_identity()
    identity.issuer = "https://login.example/"
    identity.save(update_fields=update_fields)
    assert Identity.objects.find("https://login.example/", "email|ann") == identity
    assert Identity.objects.find(ISSUER, "email|ann") is None


def test_save_of_other_fields_alone(django_assert_num_queries: Any) -> None:
    identity = make_identity()
    identity.email = "ann@example.com"
    identity.save(update_fields=["email"])
    assert Identity.objects.find(ISSUER, "email|ann") == identity


def test_identities_end_with_their_user() -> None:
    make_identity().user.delete()
    assert not Identity.objects.exists()


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"email": "ann@example.com", "connection": "email"}, "ann@example.com"),
        ({"phone_number": "+15550100", "connection": "sms"}, "+15550100"),
        ({"connection": "google-oauth2"}, "google-oauth2"),
        ({}, "email|ann"),
    ],
)
def test_label_is_what_its_owner_knows_it_by(fields: dict[str, str], label: str) -> None:
    assert str(make_identity(**fields)) == label


def test_digest_never_changes() -> None:
    known = "822a4d439a11c208ddc40e06424b091b488876c5494256746d3cc8c0775a6248"
    assert subject_digest("https://tenant.example/", "email|ann") == known


def test_address_lock_is_held_again_and_again() -> None:
    for address in ("ann@example.com", "ann@example.com", "Ann@Example.com"):
        with AddressLock.held(address, using="default"):
            assert connection.in_atomic_block
    assert AddressLock.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_address_lock_outlives_a_rollback() -> None:
    with pytest.raises(ZeroDivisionError), AddressLock.held("ann@example.com", using="default"):
        raise ZeroDivisionError
    assert AddressLock.objects.exists()


def test_address_lock_does_not_tell_whose_it_is() -> None:
    with AddressLock.held("ann@example.com", using="default"):
        digest = sha256(b"ann@example.com").hexdigest()
        assert len(AddressLock.objects.get().digest) < len(digest) / 8


@pytest.fixture
def no_upsert(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database such as Oracle or SQL Server."""
    for name in ("supports_update_conflicts", "supports_update_conflicts_with_target"):
        monkeypatch.setattr(connection.features, name, False)


@pytest.mark.usefixtures("no_upsert")
def test_address_lock_without_upsert() -> None:
    for address in ("ann@example.com", "ann@example.com", "Ann@example.com"):
        with AddressLock.held(address, using="default"):
            assert connection.in_atomic_block
    assert AddressLock.objects.count() == 1
