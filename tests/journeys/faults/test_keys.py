"""Calls that need the tenant's keys and nothing else of it: a bearer token, a logout token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from django_pwdless.api import bearer_required
from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.faults.armed import FAULTS
from django_pwdless.models import Identity
from tests.journeys.browser import FORM, KEYS
from tests.journeys.conftest import Configure

from .visitor import Site

pytestmark = pytest.mark.django_db

API = "https://api.example.com"
SUBJECT = "email|1"
Call = Callable[[], Any]


@bearer_required()
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


urlpatterns = [
    path("guarded/", guarded),
    path("accounts/", include("django_pwdless.urls")),
]


@pytest.fixture(autouse=True)
def known(site: Site, configure: Configure, settings: Any, tenant: LocalTenant) -> None:
    """A person with an identity, at a site with an API; it waits half a second for Auth0."""
    keys = {"SIGN_INS": True, "BACKCHANNEL_LOGOUT": True, "API_AUDIENCE": API}
    configure(**keys, TIMEOUT=(3, 0.5))
    settings.ROOT_URLCONF = __name__
    user = get_user_model().objects.create(username="ann")
    Identity.objects.create(user=user, issuer=tenant.issuer, subject=SUBJECT)


@pytest.fixture(params=["bearer", "logout"])
def call(request: pytest.FixtureRequest, tenant: LocalTenant) -> Call:
    """Send a good token to the site."""

    def bearer() -> Any:
        headers = {"Authorization": f"Bearer {tenant.access_token(SUBJECT)}"}
        return Client().get("/guarded/", headers=headers)

    def logout() -> Any:
        body = f"logout_token={tenant.logout_token(SUBJECT)}"
        url, kind = reverse("pwdless:backchannel_logout"), FORM
        return Client().post(url, body, kind)

    return {"bearer": bearer, "logout": logout}[request.param]


def is_refused(answer: Any) -> None:
    """There is no answer yet, and when to ask again; nothing of Auth0's is in it."""
    assert answer.status_code == 503
    assert answer.json()["error"] == "temporarily_unavailable"
    assert 1 <= int(answer["Retry-After"]) <= 3600
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.rows(2)
@pytest.mark.parametrize("fault", FAULTS)
def test_without_keys(fault: str, call: Call, tenant: LocalTenant, clock: Any) -> None:
    tenant.fail(KEYS, fault)
    is_refused(call())
    assert len(tenant.calls(KEYS)) <= 1
    tenant.recover()
    clock.shift(31)
    assert call().status_code == 200


@pytest.mark.rows(2)
@pytest.mark.parametrize("fault", FAULTS)
def test_with_keys_that_are_due(fault: str, call: Call, tenant: LocalTenant, site: Site) -> None:
    """The old ones serve for a day."""
    assert call().status_code == 200
    site.wait(3601)
    site.restart()
    tenant.fail(KEYS, fault)
    assert call().status_code == 200
    assert len(tenant.calls(KEYS)) <= 2


@pytest.mark.rows(2)
@pytest.mark.parametrize("fault", FAULTS)
def test_with_a_key_that_nobody_has_seen(
    fault: str, call: Call, tenant: LocalTenant, site: Site
) -> None:
    assert call().status_code == 200
    tenant.rotate_keys()
    site.wait(31)
    tenant.fail(KEYS, fault)
    is_refused(call())
    assert len(tenant.calls(KEYS)) <= 2
    tenant.recover()
    # A process counts by a clock of its own that it stopped looking for this key.
    site.wait(31)
    site.restart()
    assert call().status_code == 200
