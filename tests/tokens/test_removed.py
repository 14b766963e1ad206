"""Tokens of an identity that is its user's no more are of use to nobody here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from django_pwdless.exceptions import TokenUnavailable
from django_pwdless.models import Identity, SignIn
from django_pwdless.tokens import get_access_token_for
from tests.journeys.browser import BEN, Browser
from tests.journeys.conftest import NewBrowser

from .conftest import DAY, REVOKE, before, refreshes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def by_both(clock: Any, signed_in: Browser, new_browser: NewBrowser) -> Browser:
    """Somebody with two addresses, signed in by one of them here, and by the other elsewhere."""
    signed_in.post("identity_add", identifier=BEN)
    signed_in.identifier = BEN
    signed_in.answer()
    new_browser().sign_in(BEN)
    assert SignIn.objects.exclude(tokens="").count() == 2
    return signed_in


def remove_on_its_page(browser: Browser) -> None:
    pk = Identity.objects.get(email=BEN).pk
    browser.client.post(reverse("pwdless:identity_remove", kwargs={"pk": pk}))


def delete_as_the_admin_does(browser: Browser) -> None:
    Identity.objects.filter(email=BEN).delete()


WAYS = [remove_on_its_page, delete_as_the_admin_does]


@pytest.mark.parametrize("remove", WAYS)
def test_they_go_with_it(remove: Callable[[Browser], None], by_both: Browser) -> None:
    """Whoever signs in by it next is another user, whose API these would open."""
    remove(by_both)
    assert [row.identity.email for row in SignIn.objects.exclude(tokens="")] == ["ann@example.com"]


def test_those_that_a_confirmation_brought_go_too(clock: Any, signed_in: Browser) -> None:
    """Their row is that of the identity the person signed in by."""
    signed_in.post("identity_add", identifier=BEN)
    signed_in.identifier = BEN
    signed_in.answer()
    clock.shift(60)
    signed_in.post("login", reconfirm=Identity.objects.get(email=BEN).pk)
    signed_in.answer()
    remove_on_its_page(signed_in)
    with pytest.raises(TokenUnavailable):
        get_access_token_for(get_user_model().objects.get())


def test_refresh_under_way_is_used_by_nobody(by_both: Browser, clock: Any) -> None:
    clock.shift(DAY)
    user = get_user_model().objects.get()
    before(by_both.tenant, "find", Identity.objects.get(email=BEN).delete, once=True)
    get_access_token_for(user)
    assert len(refreshes(by_both.tenant)) == 2 and len(by_both.tenant.calls(REVOKE)) == 1
    assert SignIn.objects.exclude(tokens="").count() == 1


def test_identity_that_was_given_to_somebody_else(signed_in: Browser, clock: Any) -> None:
    """By the site, which joins two accounts."""
    before_it = get_user_model().objects.get()
    Identity.objects.update(user=get_user_model().objects.create(username="joined"))
    clock.shift(DAY)
    with pytest.raises(TokenUnavailable) as refusal:
        get_access_token_for(before_it)
    assert refusal.value.reason == "revoked" and refreshes(signed_in.tenant) == []
