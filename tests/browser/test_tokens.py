"""The site calls an API for somebody, for as long as Auth0 lets them be signed in."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from django_pwdless.localtenant.clients.api import DEFAULT_API
from tests.browser.steps import ANN, log_in_at_the_tenant, see_heading, sign_in
from tests.processes.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.account_urls")]

DAY = 86400


@pytest.fixture
def tokens_kept(configure):
    configure(
        SIGN_INS=True,
        TOKENS=True,
        BACKCHANNEL_LOGOUT=True,
        AUDIENCE=DEFAULT_API,
        API_AUDIENCE=DEFAULT_API,
        SCOPE="openid profile email read:orders offline_access",
    )


def see_account(visitor, good_until):
    """Open the account page, which shows what the API answered."""
    visitor.open("/account/")
    see_heading(visitor, "Your account")
    name = get_user_model().objects.get().get_username()
    expect(visitor.page.get_by_text(f"The API says: {name} has no orders")).to_be_visible()
    expect(visitor.page.get_by_text(f"Good until {good_until}")).to_be_visible()
    visitor.check()


def refreshes(site):
    calls = [call.body["grant_type"] for call in site.calls("/oauth/token")]
    return calls.count("refresh_token")


def test_account_page_calls_the_api(visit, site, clock, tokens_kept):
    visitor = visit()
    sign_in(visitor, site)
    see_account(visitor, "2030-01-16")
    assert refreshes(site) == 0

    clock.shift(DAY)
    see_account(visitor, "2030-01-17")
    see_account(visitor, "2030-01-17")
    assert refreshes(site) == 1


def test_block_and_sign_out_at_the_tenant_ends_it(visit, site, configure, tokens_kept):
    configure(METHODS=["universal"])
    visitor, tenant = visit(), visit()
    site.client.backchannel_logout_url = f"{visitor.origin}/accounts/backchannel-logout/"
    visitor.open("/account/")
    log_in_at_the_tenant(visitor, site)
    see_heading(visitor, "Your account")

    tenant.open(f"{site.base_url}/people")
    person = tenant.page.locator("section", has_text=ANN)
    person.get_by_role("button", name="Block and sign out").click()
    expect(person.get_by_role("button", name="Unblock")).to_be_visible()
    wait_until(lambda: site.logout_deliveries, "a logout token was delivered")
    assert [sent.status for sent in site.logout_deliveries] == [200]

    visitor.open("/account/")
    visitor.page.wait_for_url(f"{site.base_url}/u/login?**")
