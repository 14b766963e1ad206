from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib import auth
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import RequestFactory

from django_pwdless import exceptions as exc
from django_pwdless.backends import PasswordlessBackend
from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("permissions")]

ANN = "ann@example.com"


@pytest.fixture
def only_our_backend(settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = ["django_pwdless.backends.PasswordlessBackend"]


def sync_authenticate(**credentials: Any) -> Any:
    return auth.authenticate(RequestFactory().post("/"), **credentials)


def async_authenticate(**credentials: Any) -> Any:
    return async_to_sync(auth.aauthenticate)(RequestFactory().post("/"), **credentials)


EITHER_WAY = pytest.mark.parametrize("authenticate", [sync_authenticate, async_authenticate])


@EITHER_WAY
def test_authenticate_creates_then_knows(authenticate: Any, pwdless_tenant: LocalTenant) -> None:
    ann = authenticate(id_token=pwdless_tenant.id_token())
    assert authenticate(id_token=pwdless_tenant.id_token()) == ann
    assert get_user_model().objects.get() == ann
    assert ann.email == ANN


def test_authenticate_marks_the_backend(pwdless_tenant: LocalTenant) -> None:
    ann = sync_authenticate(id_token=pwdless_tenant.id_token())
    assert ann.backend == "django_pwdless.backends.PasswordlessBackend"


@EITHER_WAY
def test_authenticate_with_a_nonce(authenticate: Any, pwdless_tenant: LocalTenant) -> None:
    assert authenticate(id_token=pwdless_tenant.id_token(nonce="n-1"), nonce="n-1")


@EITHER_WAY
@pytest.mark.parametrize("answered", ["n-2", "", None, 1, ...])
def test_authenticate_with_another_nonce(
    authenticate: Any, pwdless_tenant: LocalTenant, answered: Any
) -> None:
    with pytest.raises(exc.InvalidNonce):
        authenticate(id_token=pwdless_tenant.id_token(nonce=answered), nonce="n-1")


BAD_TOKENS = [
    ("changed_after_signing", exc.InvalidSignature),
    ("alg_none", exc.InvalidSignature),
    ("wrong_iss", exc.InvalidIssuer),
    ("wrong_aud", exc.InvalidAudience),
    ("expired", exc.InvalidTime),
    ("no_sub", exc.InvalidToken),
    ("unknown_kid", exc.UnknownKey),
]


@EITHER_WAY
@pytest.mark.parametrize(("fault", "error"), BAD_TOKENS)
def test_authenticate_with_a_bad_token(
    authenticate: Any, pwdless_tenant: LocalTenant, fault: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        authenticate(id_token=pwdless_tenant.id_token(fault))
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize("id_token", ["", "x", "a.b.c", "\0", "\ud800.\ud800.\ud800", "é" * 10])
def test_authenticate_with_no_token_at_all(pwdless_tenant: LocalTenant, id_token: str) -> None:
    with pytest.raises(exc.InvalidToken):
        sync_authenticate(id_token=id_token)


def test_authenticate_without_the_tenants_keys(pwdless_tenant: LocalTenant) -> None:
    token = pwdless_tenant.id_token()
    pwdless_tenant.fail("/.well-known/jwks.json", "server_error")
    with pytest.raises(exc.Unavailable):
        sync_authenticate(id_token=token)


ODD_CLAIMS = [
    {"email": "ann\0@example.com"},
    {"email": "ann\ud800@example.com"},
    {"email": "a" * 3000 + "@example.com"},
    {"email": ["ann@example.com"]},
    {"email": 7, "email_verified": "true"},
    {"email": None},
    {"phone_number": {"a": 1}, "phone_number_verified": True},
    {"name": "\ud800\0", "nickname": 1e300},
]


@pytest.mark.parametrize("claims", ODD_CLAIMS)
def test_authenticate_with_odd_claims(pwdless_tenant: LocalTenant, claims: dict[str, Any]) -> None:
    user = sync_authenticate(id_token=pwdless_tenant.id_token(**claims))
    assert user.email in ("", ANN)


@EITHER_WAY
@pytest.mark.parametrize("id_token", [None, ...])
@pytest.mark.usefixtures("only_our_backend")
def test_authenticate_never_checks_a_password(authenticate: Any, id_token: Any) -> None:
    get_user_model().objects.create_user("ann", password="pw")
    credentials = {"username": "ann", "password": "pw"}
    assert authenticate(**credentials, **({} if id_token is ... else {"id_token": None})) is None


def test_password_backend_still_checks_passwords() -> None:
    ann = get_user_model().objects.create_user("ann", password="pw")
    assert sync_authenticate(username="ann", password="pw") == ann


@EITHER_WAY
@pytest.mark.parametrize("credentials", [{}, {"id_token": None}, {"nonce": "n-1"}])
def test_authenticate_without_a_token(authenticate: Any, credentials: dict[str, Any]) -> None:
    assert authenticate(**credentials) is None


@EITHER_WAY
def test_authenticate_an_inactive_user(authenticate: Any, pwdless_tenant: LocalTenant) -> None:
    authenticate(id_token=pwdless_tenant.id_token())
    get_user_model().objects.update(is_active=False)
    assert authenticate(id_token=pwdless_tenant.id_token()) is None


@EITHER_WAY
def test_authenticate_an_unknown_person_without_new_users(
    authenticate: Any, pwdless_tenant: LocalTenant, settings: Any
) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "CREATE_USERS": False}
    assert authenticate(id_token=pwdless_tenant.id_token()) is None


@EITHER_WAY
def test_authenticate_a_conflict(
    authenticate: Any, pwdless_tenant: LocalTenant, settings: Any
) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "LINK_BY_VERIFIED_EMAIL": True}
    get_user_model().objects.create_superuser("admin", ANN, "pw")
    assert authenticate(id_token=pwdless_tenant.id_token()) is None
    assert not Identity.objects.exists()


@pytest.mark.parametrize("is_active", [True, False])
def test_get_user_returns_active_users_only(is_active: bool) -> None:
    ann = get_user_model().objects.create_user("ann", is_active=is_active)
    backend = PasswordlessBackend()
    expected = ann if is_active else None
    assert backend.get_user(ann.pk) == async_to_sync(backend.aget_user)(ann.pk) == expected


def test_get_user_unknown() -> None:
    backend = PasswordlessBackend()
    assert backend.get_user(1) is async_to_sync(backend.aget_user)(1) is None


@pytest.mark.usefixtures("only_our_backend")
@pytest.mark.parametrize(("is_active", "allowed"), [(True, True), (False, False)])
def test_permissions_are_those_of_model_backend(is_active: bool, allowed: bool) -> None:
    ann = get_user_model().objects.create_user("ann", is_active=is_active)
    ann.user_permissions.add(Permission.objects.get(codename="view_identity"))
    group = Group.objects.create(name="g")
    group.permissions.add(Permission.objects.get(codename="delete_identity"))
    ann.groups.add(group)
    assert ann.has_perm("django_pwdless.view_identity") is allowed
    assert ann.has_perm("django_pwdless.delete_identity") is allowed
    assert ann.has_module_perms("django_pwdless") is allowed
    assert not ann.has_perm("django_pwdless.add_identity")


@pytest.mark.usefixtures("only_our_backend")
def test_superuser_may_everything() -> None:
    admin = get_user_model().objects.create_superuser("admin")
    assert admin.has_perm("django_pwdless.delete_identity")


def test_known_login_costs_one_query(
    pwdless_tenant: LocalTenant, django_assert_num_queries: Any
) -> None:
    sync_authenticate(id_token=pwdless_tenant.id_token())
    with django_assert_num_queries(1):
        sync_authenticate(id_token=pwdless_tenant.id_token())


def test_identify_keeps_the_connection(pwdless_tenant: LocalTenant) -> None:
    claims = {"iss": pwdless_tenant.issuer, "sub": "sms|1", "phone_number": "+15550100"}
    identity = PasswordlessBackend().identify(claims, connection="sms")
    assert (identity.connection, identity.phone_number) == ("sms", "+15550100")
