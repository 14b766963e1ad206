"""Where the page of a problem leads: to the step where it happened, with all that was wanted."""

from __future__ import annotations

import pytest
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity

from .browser import ANN, BEN, START, TOKEN, Browser, outcome
from .conftest import Configure, NewBrowser
from .hosted import log_in_hosted

pytestmark = pytest.mark.django_db

ADD = "/accounts/identities/add/"


@pytest.mark.parametrize("next_url", ["", "/in/?a=1"])
def test_before_the_code(next_url: str, browser: Browser, tenant: LocalTenant) -> None:
    tenant.fail(START, "server_error", times=1)
    retry_url = browser.ask(next=next_url).context["retry_url"]
    assert retry_url.startswith(reverse("pwdless:login"))
    page = browser.client.get(retry_url)
    # Nothing is lost: what was typed is there again, and so is the target.
    assert page.context["form"]["identifier"].value() == ANN
    assert page.context["next"] == next_url


def test_at_the_code(half_way: Browser, tenant: LocalTenant) -> None:
    tenant.fail(TOKEN, "server_error", times=1)
    assert half_way.answer().context["retry_url"] == reverse("pwdless:verify")


def test_after_a_refusal(browser: Browser, tenant: LocalTenant) -> None:
    tenant.fail(TOKEN, "access_denied")
    browser.ask(next="/in/")
    retry_url = browser.answer().context["retry_url"]
    assert browser.client.get(retry_url).context["next"] == "/in/"


def test_of_another_target_than_before(half_way: Browser, tenant: LocalTenant) -> None:
    tenant.fail(START, "server_error", times=1)
    retry_url = half_way.ask(BEN, next="/new/").context["retry_url"]
    assert half_way.client.get(retry_url).context["next"] == "/new/"


@pytest.mark.parametrize("fault", ["server_error", "access_denied", "requires_verification"])
def test_on_the_way_back_from_universal_login(
    fault: str, browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(METHODS=["email-code", "universal"])
    path = log_in_hosted(tenant, browser.get("universal", next="/in/")["Location"])
    tenant.fail(TOKEN, fault, times=1)
    links = browser.client.get(path).context
    assert links["retry_url"] == reverse("pwdless:login") + "?next=/in/"
    assert links["universal_url"] in (None, reverse("pwdless:universal") + "?next=/in/")


def test_while_adding_what_is_somebody_elses(signed_in: Browser, new_browser: NewBrowser) -> None:
    new_browser().sign_in(BEN)
    signed_in.identifier = BEN
    signed_in.post("identity_add", identifier=BEN, next="/in/")
    response = signed_in.answer()
    assert outcome(response) == (403, "identity_taken")
    assert response.context["retry_url"] == f"{ADD}?next=/in/"


@pytest.mark.parametrize(("path", "fault"), [(START, "server_error"), (TOKEN, "access_denied")])
def test_while_adding(path: str, fault: str, signed_in: Browser, tenant: LocalTenant) -> None:
    tenant.fail(path, fault, times=1)
    signed_in.identifier = BEN
    response = signed_in.post("identity_add", identifier=BEN)
    if path == TOKEN:
        response = signed_in.answer()
    assert response.context["retry_url"] == f"{ADD}?next=/accounts/identities/"


@pytest.mark.parametrize(("path", "fault"), [(START, "server_error"), (TOKEN, "access_denied")])
def test_while_confirming(path: str, fault: str, signed_in: Browser, tenant: LocalTenant) -> None:
    (own,) = Identity.objects.all()
    tenant.fail(path, fault, times=1)
    response = signed_in.post("login", reconfirm=own.pk, next="/in/")
    if path == TOKEN:
        response = signed_in.answer()
    page = signed_in.client.get(response.context["retry_url"])
    assert page.context["reconfirm"] == [own]
    assert page.context["next"] == "/in/"


@pytest.mark.parametrize("name", ["verify", "link"])
def test_to_another_address(name: str, browser: Browser) -> None:
    browser.ask(next="/in/")
    page = browser.get(name)
    change_url = page.context["change_url"]
    assert f'href="{change_url}"' in page.content.decode()
    assert browser.client.get(change_url).context["next"] == "/in/"
