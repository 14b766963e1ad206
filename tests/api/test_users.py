"""Whose token it is, and first calls that make a user: threat 53."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from django_pwdless.backends import PasswordlessBackend
from django_pwdless.models import Identity
from django_pwdless.signals import identity_linked

from .conftest import Caller, check_refused

NEW = "email|2"
PROVEN = {"email": "bea@example.com", "email_verified": True}


@pytest.fixture
def creating(call_plainly: Caller, settings: Any) -> Caller:
    settings.PWDLESS = {**settings.PWDLESS, "API_CREATE_USERS": True}
    return call_plainly


def users() -> list[Any]:
    return list(get_user_model().objects.exclude(username="ann"))


def test_identity_is_found_exactly(call_plainly: Caller) -> None:
    for subject in ("EMAIL|1", "email|1 ", "email|11", "email|"):
        check_refused(call_plainly.call(sub=subject), 403, "access_denied")


def test_identity_of_another_tenant_is_nobodys(call_plainly: Caller) -> None:
    identity = Identity.objects.get()
    identity.issuer = "https://another.example/"
    identity.save()
    check_refused(call_plainly.call(), 403, "access_denied")


def test_forgotten_backend_is_no_500(call_plainly: Caller, settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    check_refused(call_plainly.call(), 503, "temporarily_unavailable")


def test_first_call_creates_a_user(creating: Caller) -> None:
    seen: list[dict[str, Any]] = []

    def note(sender: Any, **kwargs: Any) -> None:
        seen.append(kwargs)

    identity_linked.connect(note)
    try:
        assert creating.call(sub=NEW).status_code == 200
        assert creating.call(sub=NEW).status_code == 200
    finally:
        identity_linked.disconnect(note)
    (user,) = users()
    assert user.email == "" and not user.has_usable_password()
    (identity,) = user.pwdless_identities.all()
    assert (identity.issuer, identity.subject) == (creating.tenant.issuer, NEW)
    assert [each["user_created"] for each in seen] == [True]


def test_user_of_a_first_call_is_the_one_of_the_website(creating: Caller) -> None:
    creating.call(sub=NEW)
    (user,) = users()
    claims = {"iss": creating.tenant.issuer, "sub": NEW}
    assert PasswordlessBackend().identify(claims).user == user


def test_no_user_is_created_unless_the_setting_says_so(call_plainly: Caller) -> None:
    check_refused(call_plainly.call(sub=NEW, **PROVEN), 403, "access_denied")
    assert users() == []


def test_no_machine_becomes_a_user(creating: Caller) -> None:
    creating.call(sub="native@clients")
    assert creating.call("machines", sub="native@clients").status_code == 200
    assert creating.call("machines", gty="client-credentials").status_code == 200
    assert users() == [] and Identity.objects.count() == 1


@pytest.mark.parametrize("links", [True, False])
def test_existing_user_is_never_joined_by_an_address(
    creating: Caller, settings: Any, links: bool
) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "LINK_BY_VERIFIED_EMAIL": links}
    bea = get_user_model().objects.create_user("bea", PROVEN["email"], "secret")
    check_refused(creating.call(sub=NEW, **PROVEN), 403, "access_denied")
    assert users() == [bea]
    assert not bea.pwdless_identities.exists()
    bea.refresh_from_db()
    assert bea.check_password("secret")


class FindingBackend(PasswordlessBackend):
    """Finds people by a claim of the site's own."""

    def find_user(self, claims: Any) -> Any:
        return get_user_model().objects.filter(username=claims.get("https://x/name")).first()

    def create_user(self, claims: Any) -> Any:
        return get_user_model().objects.create(username=claims["https://x/name"])


def test_user_that_the_backend_finds_is_not_joined_either(creating: Caller, settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.FindingBackend"]
    check_refused(creating.call(sub=NEW, **{"https://x/name": "ann"}), 403, "access_denied")
    assert creating.call(sub=NEW, **{"https://x/name": "bea"}).status_code == 200
    assert [user.username for user in users()] == ["bea"]


class RefusingBackend(PasswordlessBackend):
    def create_user(self, claims: Any) -> None:
        return None


def test_backend_that_makes_nobody(creating: Caller, settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.RefusingBackend"]
    check_refused(creating.call(sub=NEW), 403, "access_denied")
    assert users() == []


class OpenBackend(PasswordlessBackend):
    def user_can_authenticate(self, user: Any) -> bool:
        return True


def test_backend_decides_who_is_active(call_plainly: Caller, ann: Any, settings: Any) -> None:
    get_user_model().objects.update(is_active=False)
    check_refused(call_plainly.call(), 403, "access_denied")
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.OpenBackend"]
    assert call_plainly.call().status_code == 200


def test_existing_identity_costs_no_more_with_creation_on(
    creating: Caller, django_assert_num_queries: Any
) -> None:
    creating.call()
    with django_assert_num_queries(1):
        assert creating.call().status_code == 200
