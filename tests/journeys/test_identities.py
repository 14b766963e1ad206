"""Several ways to sign in for one person: see, add, confirm, remove."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from tests.meanwhile import at_once

from .browser import ANN, BEN, NUMBER, Browser, outcome, sent, tried
from .conftest import Configure, NewBrowser

pytestmark = pytest.mark.django_db

LIST = "/accounts/identities/"
ADD = "/accounts/identities/add/"


@pytest.fixture(autouse=True)
def ways(configure: Configure) -> None:
    configure(METHODS=["email-code", "sms-code"])


def add(browser: Browser, identifier: str) -> Any:
    """Add an address or number, with the code that was sent there."""
    browser.identifier = identifier
    browser.post("identity_add", identifier=identifier)
    return browser.answer()


def said(browser: Browser) -> list[str]:
    """The messages that the list shows."""
    return [str(message) for message in browser.get("identities").context["messages"]]


def remove(browser: Browser, identity: Identity) -> Any:
    return browser.client.post(reverse("pwdless:identity_remove", kwargs={"pk": identity.pk}))


def test_list_shows_ones_own(signed_in: Browser, new_browser: NewBrowser) -> None:
    new_browser().sign_in(BEN)
    page = signed_in.get("identities")
    assert [identity.email for identity in page.context["identities"]] == [ANN]
    assert BEN not in page.content.decode()


@pytest.mark.parametrize("name", ["identities", "identity_add"])
def test_pages_are_for_signed_in_people(name: str, browser: Browser) -> None:
    target = reverse(f"pwdless:{name}")
    assert outcome(browser.get(name)) == (302, f"{reverse('pwdless:login')}?next={target}")


def test_added_identity_opens_the_same_account(signed_in: Browser) -> None:
    key, user_id = signed_in.session_key, signed_in.user_id
    assert outcome(add(signed_in, NUMBER)) == (302, LIST)
    assert signed_in.user_id == user_id and signed_in.session_key != key
    assert set(Identity.objects.values_list("user_id", "connection")) == {
        (int(str(user_id)), "email"),
        (int(str(user_id)), "sms"),
    }


def test_added_identity_signs_in_the_same_person(
    signed_in: Browser, new_browser: NewBrowser
) -> None:
    add(signed_in, NUMBER)
    other = new_browser()
    other.sign_in(NUMBER)
    assert other.user_id == signed_in.user_id


def test_add_what_is_somebody_elses(signed_in: Browser, new_browser: NewBrowser) -> None:
    """Threat 8."""
    other = new_browser()
    other.sign_in(BEN)
    assert outcome(add(signed_in, BEN)) == (403, "identity_taken")
    assert Identity.objects.get(email=BEN).user_id == int(str(other.user_id))
    assert signed_in.user_id is not None


def test_add_says_the_same_of_everybodys_address(
    signed_in: Browser, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    """Threat 21."""
    new_browser().sign_in(BEN)
    tenant.add_person(email="blocked@example.com", blocked=True)
    answers = [
        outcome(signed_in.post("identity_add", identifier=who))
        for who in (BEN, "nobody@example.com", "blocked@example.com")
    ]
    assert answers == [(302, reverse("pwdless:verify"))] * 3


def test_add_ones_own_again(signed_in: Browser) -> None:
    add(signed_in, NUMBER)
    assert said(signed_in) == ["Sign-in method added."]
    assert outcome(add(signed_in, NUMBER)) == (302, LIST)
    assert said(signed_in) == ["You already have this sign-in method."]
    assert Identity.objects.count() == 2


def test_add_in_a_session_that_is_somebody_elses_by_now(signed_in: Browser) -> None:
    signed_in.post("identity_add", identifier=NUMBER)
    signed_in.identifier = NUMBER
    code = signed_in.code
    signed_in.client.force_login(get_user_model().objects.create(username="eve"))
    assert outcome(signed_in.answer(code)) == (302, reverse("pwdless:login"))
    assert not Identity.objects.filter(connection="sms").exists()


def test_add_by_somebody_who_is_not_let_in_any_more(signed_in: Browser) -> None:
    """Threat 6: Django signs them out without a word; what they had begun goes to nobody."""
    signed_in.post("identity_add", identifier=NUMBER)
    signed_in.identifier = NUMBER
    get_user_model().objects.update(is_active=False)
    assert outcome(signed_in.answer()) == (403, "refused")
    assert not Identity.objects.filter(connection="sms").exists()


def test_pending_login_does_not_end_as_an_added_identity(
    browser: Browser, new_browser: NewBrowser
) -> None:
    """A code asked for to sign in signs in, whoever was signed in before."""
    browser.sign_in(ANN)
    browser.ask(BEN)
    browser.answer()
    assert get_user_model().objects.get(pk=browser.user_id).email == BEN
    assert Identity.objects.values("user").distinct().count() == 2


@pytest.mark.parametrize("identifier", ["", "x", "a@b", "\x00", "a" * 100_000])
def test_add_a_malformed_address(identifier: str, signed_in: Browser, tenant: LocalTenant) -> None:
    before = sent(tenant)
    response = signed_in.post("identity_add", identifier=identifier)
    assert response.status_code == 200 and "identifier" in response.context["form"].errors
    assert sent(tenant) == before


def test_add_needs_a_fresh_login(clock: Any, signed_in: Browser) -> None:
    login = reverse("pwdless:login")
    clock.shift(601)
    assert outcome(signed_in.get("identity_add")) == (302, f"{login}?next={ADD}")
    response = signed_in.post("identity_add", identifier=NUMBER)
    assert outcome(response) == (302, f"{login}?next={LIST}")


def test_addition_is_not_stretched_beyond_its_login(
    clock: Any, signed_in: Browser, tenant: LocalTenant
) -> None:
    """Each new code gives it time, but not more than ten minutes from the login on."""
    clock.shift(400)
    signed_in.identifier = NUMBER
    signed_in.post("identity_add", identifier=NUMBER)
    clock.shift(150)
    assert signed_in.post("resend")["Location"] == reverse("pwdless:verify")
    clock.shift(51)
    before = tried(tenant)
    to_login = (302, f"{reverse('pwdless:login')}?next={LIST}")
    assert outcome(signed_in.answer()) == to_login
    assert outcome(signed_in.post("resend")) == to_login
    assert tried(tenant) == before
    assert not Identity.objects.filter(connection="sms").exists()


def test_addition_ends_with_the_login_that_it_rests_on(
    clock: Any, signed_in: Browser, tenant: LocalTenant
) -> None:
    """Also where no message could be sent, and with a second step in between."""
    clock.shift(550)
    tenant.fail("/passwordless/start", "server_error", times=1)
    signed_in.post("identity_add", identifier=NUMBER)
    clock.shift(51)
    assert not signed_in.is_asked_for_code


def test_password_login_is_fresh_too(browser: Browser) -> None:
    """Somebody with a password adds their first identity, as the conflict page tells them."""
    user = get_user_model().objects.create(username="old")
    browser.client.force_login(user)
    assert outcome(add(browser, ANN)) == (302, LIST)
    assert Identity.objects.get().user == user


def test_confirm_by_a_fresh_code(clock: Any, signed_in: Browser) -> None:
    clock.shift(601)
    page = signed_in.get("login", next=ADD)
    (own,) = page.context["reconfirm"]
    key, user_id = signed_in.session_key, signed_in.user_id
    assert signed_in.post("login", reconfirm=own.pk, next=ADD).status_code == 302
    assert outcome(signed_in.answer()) == (302, ADD)
    assert signed_in.user_id == user_id and signed_in.session_key != key
    assert signed_in.get("identity_add").status_code == 200


def test_confirming_keeps_the_session(signed_in: Browser) -> None:
    session = signed_in.client.session
    session["cart"] = ["tea"]
    session.save()
    signed_in.post("login", reconfirm=Identity.objects.get().pk)
    signed_in.answer()
    assert signed_in.client.session["cart"] == ["tea"]


def test_confirm_where_no_message_can_be_sent(signed_in: Browser, tenant: LocalTenant) -> None:
    (own,) = Identity.objects.all()
    tenant.fail("/passwordless/start", "bad_email", times=1)
    response = signed_in.post("login", reconfirm=own.pk, next=ADD)
    page = signed_in.client.get(response["Location"])
    assert [str(message) for message in page.context["messages"]] == [
        "We cannot send messages there. Check the address or number, or use another."
    ]
    assert (page.context["reconfirm"], page.context["next"]) == ([own], ADD)


def test_confirm_only_by_what_the_site_still_offers(
    signed_in: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    add(signed_in, NUMBER)
    configure(METHODS=["email-code"])
    before, number = sent(tenant), Identity.objects.get(connection="sms")
    offered = signed_in.get("login", next=ADD, confirm="1").context["reconfirm"]
    assert [identity.connection for identity in offered] == ["email"]
    assert signed_in.post("login", reconfirm=number.pk).status_code == 404
    assert sent(tenant) == before


@pytest.mark.parametrize("pk", ["0", "-1", "x", "", "9" * 50, "1\x00"])
def test_confirm_by_no_identity(pk: str, signed_in: Browser, tenant: LocalTenant) -> None:
    before = sent(tenant)
    assert signed_in.post("login", reconfirm=pk).status_code == 404
    assert sent(tenant) == before


def test_confirm_by_somebody_elses(
    signed_in: Browser, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    new_browser().sign_in(BEN)
    before, other = sent(tenant), Identity.objects.get(email=BEN)
    assert signed_in.post("login", reconfirm=other.pk).status_code == 404
    assert sent(tenant) == before


def test_confirming_ends_at_the_same_person(
    signed_in: Browser, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    """The address has another owner at Auth0 by now."""
    own = Identity.objects.get()
    Identity.objects.filter(pk=own.pk).update(email=BEN)
    signed_in.identifier = BEN
    signed_in.post("login", reconfirm=own.pk)
    assert outcome(signed_in.answer()) == (403, "refused")
    assert get_user_model().objects.count() == 1


def test_removed_identity_is_gone(signed_in: Browser) -> None:
    add(signed_in, NUMBER)
    assert outcome(remove(signed_in, Identity.objects.get(connection="email"))) == (302, LIST)
    assert [identity.connection for identity in Identity.objects.all()] == ["sms"]


def test_remove_the_last_one(signed_in: Browser) -> None:
    assert outcome(remove(signed_in, Identity.objects.get())) == (302, LIST)
    assert Identity.objects.count() == 1


def test_remove_somebody_elses(signed_in: Browser, new_browser: NewBrowser) -> None:
    new_browser().sign_in(BEN)
    add(signed_in, NUMBER)
    assert remove(signed_in, Identity.objects.get(email=BEN)).status_code == 404
    assert Identity.objects.count() == 3


def test_what_may_be_removed_is_not_asked_of_a_replica(signed_in: Browser, settings: Any) -> None:
    """It lags behind: of two removals at once, each would still see the other's identity."""
    add(signed_in, NUMBER)
    reads: list[type] = []

    class Router:
        def db_for_read(self, model: type, **hints: Any) -> None:
            reads.append(model)

    identity = Identity.objects.get(connection="sms")
    settings.DATABASE_ROUTERS = [Router()]
    remove(signed_in, identity)
    assert reads and Identity not in reads


def test_remove_asks_first(signed_in: Browser) -> None:
    add(signed_in, NUMBER)
    mail = Identity.objects.get(connection="email")
    action = reverse("pwdless:identity_remove", kwargs={"pk": mail.pk})
    text = signed_in.get("identities").content.decode()
    assert f'href="?remove={mail.pk}"' in text and action not in text
    page = signed_in.get("identities", remove=mail.pk)
    assert page.context["removing"] == mail
    text = page.content.decode()
    assert ANN in text and NUMBER not in text and f'action="{action}"' in text
    assert Identity.objects.count() == 2


@pytest.mark.parametrize("pk", ["", "0", "x", "1\0", "9" * 50, "other"])
def test_remove_asks_nothing_about_what_is_not_ones_own(
    pk: str, signed_in: Browser, new_browser: NewBrowser
) -> None:
    new_browser().sign_in(BEN)
    add(signed_in, NUMBER)
    other = str(Identity.objects.get(email=BEN).pk)
    page = signed_in.get("identities", remove=other if pk == "other" else pk)
    assert page.status_code == 200 and page.context["removing"] is None
    assert BEN not in page.content.decode()


def test_remove_asks_nothing_about_the_last_one(signed_in: Browser) -> None:
    page = signed_in.get("identities", remove=Identity.objects.get().pk)
    assert page.context["removing"] is None


def test_remove_is_confirmed_before_it_asks(clock: Any, signed_in: Browser) -> None:
    add(signed_in, NUMBER)
    clock.shift(601)
    pk = Identity.objects.get(connection="sms").pk
    login = signed_in.get("identities", remove=pk)["Location"]
    page = signed_in.client.get(login)
    assert page.context["next"] == f"{LIST}?remove={pk}"
    assert len(page.context["reconfirm"]) == 2


def test_remove_says_what_was_removed(signed_in: Browser) -> None:
    """By half its name: a message may wait in a cookie for whoever comes next."""
    add(signed_in, NUMBER)
    said(signed_in)
    remove(signed_in, Identity.objects.get(connection="email"))
    assert said(signed_in) == ["Sign-in method removed: a•••@example.com"]


def test_remove_says_which_number_was_removed(signed_in: Browser) -> None:
    add(signed_in, NUMBER)
    said(signed_in)
    number = Identity.objects.get(connection="sms")
    remove(signed_in, number)
    (text,) = said(signed_in)
    assert text.startswith("Sign-in method removed: +")
    assert NUMBER[-2:] in text and NUMBER not in text


OTHER = "other@example.com"


@pytest.mark.parametrize(
    ("name", "address", "others", "left"),
    [
        ("", ANN, [NUMBER], ""),
        ("", ANN, [NUMBER, OTHER], OTHER),
        ("", "own@example.com", [NUMBER], "own@example.com"),
        ("", "", [OTHER], ""),
        ("ann", ANN, [NUMBER], ANN),
    ],
)
def test_address_of_a_removed_identity(
    name: str, address: str, others: list[str], left: str, browser: Browser
) -> None:
    """It goes from an account of our making; what the site or the person put there stays."""
    browser.sign_in()
    user = get_user_model().objects.get()
    user.username, user.email = name or user.username, address
    user.save()
    for other in others:
        add(browser, other)
    remove(browser, Identity.objects.get(email=ANN))
    assert get_user_model().objects.get().email == left


@pytest.mark.usefixtures("link_by_email")
def test_removed_address_joins_nobody_and_is_no_conflict(
    signed_in: Browser, new_browser: NewBrowser
) -> None:
    add(signed_in, NUMBER)
    remove(signed_in, Identity.objects.get(email=ANN))
    other = new_browser()
    assert outcome(other.sign_in()) == (302, reverse("home"))
    assert other.user_id not in (None, signed_in.user_id)


def test_remove_by_get(signed_in: Browser) -> None:
    url = reverse("pwdless:identity_remove", kwargs={"pk": Identity.objects.get().pk})
    assert signed_in.client.get(url).status_code == 405


def test_remove_needs_a_fresh_login(clock: Any, signed_in: Browser) -> None:
    add(signed_in, NUMBER)
    clock.shift(601)
    assert "login" in remove(signed_in, Identity.objects.get(connection="sms"))["Location"]
    assert Identity.objects.count() == 2


def test_identity_removed_while_its_login_is_under_way(
    signed_in: Browser, new_browser: NewBrowser
) -> None:
    """It is a stranger's then, and gets an account of its own."""
    add(signed_in, NUMBER)
    other = new_browser()
    other.ask(NUMBER)
    remove(signed_in, Identity.objects.get(connection="sms"))
    other.answer()
    assert other.user_id is not None and other.user_id != signed_in.user_id


@pytest.mark.parametrize(("first", "second"), [(ANN, NUMBER), (NUMBER, ANN)])
def test_removed_identity_signs_in_to_a_new_account(
    first: str, second: str, browser: Browser, new_browser: NewBrowser
) -> None:
    """The account that was made for it keeps its user name, which no longer is in the way."""
    browser.sign_in(first)
    add(browser, second)
    remove(browser, Identity.objects.earliest("pk"))
    other = new_browser()
    assert outcome(other.sign_in(first)) == (302, reverse("home"))
    assert other.user_id not in (None, browser.user_id)


@pytest.mark.django_db(transaction=True)
def test_remove_the_last_two_at_once(signed_in: Browser) -> None:
    add(signed_in, NUMBER)
    cookies = signed_in.client.cookies

    def removal(identity: Identity) -> Any:
        other = Browser(signed_in.tenant)
        other.client.cookies = cookies
        return remove(other, identity)

    answers = at_once(*(partial(removal, identity) for identity in Identity.objects.all()))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Identity.objects.count() == 1
