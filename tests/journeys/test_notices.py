"""Mail about what happened to an account: threats 50, 59 and 60."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as site
from django.core import mail
from django.db import transaction
from django.utils import timezone, translation

from django_pwdless.events import browsers
from django_pwdless.events.outcome import Outcome
from django_pwdless.events.telling import tell
from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from tests.mailers import mailer
from tests.outages import OUTAGES

from .browser import ANN, BEN, NUMBER, Browser
from .conftest import Configure, NewBrowser

pytestmark = pytest.mark.django_db(transaction=True)

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0 <b>Ann</b>"
COOKIE = "pwdless_browser"
ALL = [
    *("new_sign_in", "identity_added", "identity_removed"),
    *("factor_added", "factor_removed", "recovery_code_used"),
]


@pytest.fixture(autouse=True)
def noticed(configure: Configure) -> None:
    configure(NOTICES=ALL, BASE_URL="https://www.example.com")


def sent() -> list[tuple[str, str]]:
    """The mails so far: to whom, and their subject."""
    return [(*message.to, message.subject) for message in mail.outbox]


def add(browser: Browser, identifier: str) -> None:
    browser.identifier = identifier
    browser.post("identity_add", identifier=identifier)
    browser.answer()


def test_first_login_is_no_news(browser: Browser) -> None:
    browser.sign_in()
    assert sent() == []


def test_new_browser_is(came_in: Browser, new_browser: NewBrowser) -> None:
    other = new_browser(headers={"user-agent": FIREFOX})
    other.sign_in()
    assert sent() == [(ANN, "New sign-in to your account")]
    (message,) = mail.outbox
    text = str(message.body)
    assert text.startswith(
        "There was a sign-in to your account from a browser that we have not seen before.\n\nTime: "
    )
    zone = timezone.localtime().strftime("%Z")
    assert f"({zone})\nBrowser: Firefox\n\nIf this was you, there is nothing to do.\n\n" in text
    assert text.endswith("methods:\nhttps://www.example.com/accounts/identities/\n")
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_same_browser_is_not(came_in: Browser) -> None:
    came_in.post("logout")
    came_in.sign_in()
    assert sent() == []
    cookie = came_in.client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["max-age"], cookie["samesite"]) == (True, 31536000, "Lax")


def test_cookie_of_another_person_is_no_cookie_of_ones_own(
    came_in: Browser, new_browser: NewBrowser
) -> None:
    """A stranger signs in with an account of their own first."""
    stranger = new_browser()
    stranger.sign_in(BEN)
    stranger.post("logout")
    stranger.sign_in(ANN)
    assert sent() == [(ANN, "New sign-in to your account")]
    stranger.post("logout")
    stranger.sign_in(BEN)
    stranger.post("logout")
    stranger.sign_in(ANN)
    assert len(sent()) == 1


@pytest.mark.parametrize("change", [lambda value: value[:-1], lambda value: "x" + value, str.upper])
def test_cookie_that_is_not_ours(change: Callable[[str], str], came_in: Browser) -> None:
    value = came_in.client.cookies[COOKIE].value
    came_in.client.cookies[COOKIE] = change(value)
    came_in.sign_in()
    assert len(sent()) == 1


def test_cookie_under_an_older_key(came_in: Browser, settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    came_in.sign_in()
    assert sent() == []


def test_cookie_names_few_and_tells_nobody(browser: Browser, rf: Any) -> None:
    request = rf.get("/")
    for pk in range(20):
        browsers.remember(request, pk)
        response = browser.get("login")
        browsers.leave_cookie(request, response)
        request.COOKIES[COOKIE] = response.cookies[COOKIE].value
    assert browsers.is_known(request, 19) and not browsers.is_known(request, 1)
    assert len(request.COOKIES[COOKIE]) < 400


def test_off_there_is_no_cookie_and_no_mail(
    came_in: Browser, new_browser: NewBrowser, configure: Configure
) -> None:
    configure(NOTICES=[])
    other = new_browser()
    other.sign_in()
    add(other, BEN)
    assert sent() == [] and COOKIE not in other.client.cookies


def test_confirming_is_no_sign_in(clock: Any, came_in: Browser) -> None:
    clock.shift(700)
    del came_in.client.cookies[COOKIE]
    came_in.post("login", reconfirm=Identity.objects.get().pk)
    came_in.answer()
    assert sent() == [] and came_in.user_id


def test_added_and_removed_go_to_the_addresses_before(came_in: Browser) -> None:
    add(came_in, BEN)
    assert sent() == [(ANN, "Sign-in method added to your account")]
    ann = Identity.objects.get(email=ANN)
    came_in.client.post(f"/accounts/identities/{ann.pk}/remove/")
    subject = "Sign-in method removed from your account"
    assert sorted(sent()[1:]) == [(ANN, subject), (BEN, subject)]
    assert BEN not in str(mail.outbox[0].message())


def test_person_without_an_address(browser: Browser, configure: Configure) -> None:
    configure(METHODS=["sms-code", "email-code"], PHONE_REGIONS=["DE"])
    browser.sign_in(NUMBER)
    add(browser, ANN)
    assert sent() == []


def test_recovery_code(came_in: Browser, tenant: LocalTenant, configure: Configure) -> None:
    configure(CUSTOMIZE_MFA=True)
    person = tenant.add_person(ANN, factors=["recovery-code", "otp"])
    came_in.post("logout")
    came_in.sign_in()
    came_in.choose("recovery-code")
    came_in.post("mfa_challenge", code=person.recovery_code)
    assert (ANN, "Recovery code used to sign in to your account") in sent()


def test_factor_set_up_on_the_way(
    came_in: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(CUSTOMIZE_MFA=True)
    person = tenant.add_person(ANN, mfa="enroll")
    came_in.sign_in()
    came_in.post("mfa_enroll", factor="otp")
    came_in.post("mfa_challenge", code=tenant.totp(person))
    assert (ANN, "Second step added to your account") in sent()


def happen(kind: str, browser: Browser, **more: Any) -> None:
    """Have it happen to who is signed in."""
    method = "recovery-code" if kind == "mfa_verified" else ""
    request = browser.get("identities").wsgi_request
    request.COOKIES.pop(COOKIE, None)
    tell(Outcome(kind, request, method, user_pk=Identity.objects.get().user_id, **more))


KINDS = dict(zip(ALL, ["sign_in", *ALL[1:5], "mfa_verified"], strict=True))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("site_name", [None, "Tom & Ann’s\nshop"])
def test_text_and_html_say_the_same_and_nothing_dangerous(
    name: str, language: str, site_name: str | None, came_in: Browser, configure: Configure
) -> None:
    configure(SITE_NAME=site_name)
    came_in.client.defaults["HTTP_USER_AGENT"] = FIREFOX
    with translation.override(language):
        request = came_in.get("identities").wsgi_request
        request.COOKIES.pop(COOKIE)
        method = "recovery-code" if name == "recovery_code_used" else ""
        user_pk = Identity.objects.get().user_id
        translation.activate(language)
        tell(Outcome(KINDS[name], request, method, user_pk=user_pk))
    sent: list[Any] = mail.outbox
    (message,) = sent
    (page, kind), text = message.alternatives[0], str(message.body)
    body = str(page).partition("<body")[2].partition(">")[2]
    shown = html.unescape(re.sub(r"<[^>]+>", " ", body))
    assert kind == "text/html" and shown.split() == text.split()
    assert message.subject.endswith("Tom & Ann’s shop") is bool(site_name)
    assert f'lang="{language}"' in str(page)
    assert (
        re.findall(r"https?://[^\s\"<]+", str(page))
        == ["https://www.example.com/accounts/identities/"] * 2
    )
    assert not re.search(r"<(img|script|link|form)|url\(", str(page))
    assert "<b>" not in str(page) and "Gecko" not in text and ANN not in text + str(page)


def test_language_of_the_request(came_in: Browser, new_browser: NewBrowser, settings: Any) -> None:
    language = "django.middleware.locale.LocaleMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:2], language, *settings.MIDDLEWARE[2:]]
    new_browser(headers={"accept-language": "de"}).sign_in()
    assert sent() == [(ANN, "Neue Anmeldung im Konto")]
    translation.activate(site.LANGUAGE_CODE)


def test_page_of_sign_ins(came_in: Browser, configure: Configure) -> None:
    configure(SIGN_INS=True)
    happen("sign_in", came_in)
    assert "/accounts/sign-ins/\n" in str(mail.outbox[0].body)


def test_page_of_second_factors_and_help(came_in: Browser, configure: Configure) -> None:
    configure(FACTORS_PAGE=True, SUPPORT_URL="/help/")
    happen("factor_removed", came_in)
    assert str(mail.outbox[0].body).endswith(
        "\n\nIf this was not you, check your second steps:\nhttps://www.example.com/accounts/factors/"
        "\n\nGet help:\nhttps://www.example.com/help/\n"
    )
    happen("identity_removed", came_in)
    assert "/accounts/identities/\n" in str(mail.outbox[1].body)


def test_site_without_our_pages(came_in: Browser, settings: Any) -> None:
    request = came_in.get("identities").wsgi_request
    settings.ROOT_URLCONF = "django.contrib.auth.urls"
    tell(Outcome("factor_added", request, user_pk=Identity.objects.get().user_id))
    text = str(mail.outbox[0].body)
    assert text.endswith("If this was not you, sign in and check your account.\n")


def test_ten_mails_an_hour_and_no_more(clock: Any, came_in: Browser) -> None:
    for _ in range(12):
        happen("factor_added", came_in)
    assert len(sent()) == 10
    clock.shift(3601)
    happen("factor_added", came_in)
    assert len(sent()) == 11


@pytest.mark.parametrize("outage", OUTAGES)
def test_without_the_cache_notices_are_sent(outage: str, settings: Any, came_in: Browser) -> None:
    settings.CACHES = {"default": {"BACKEND": outage}}
    happen("identity_removed", came_in)
    assert len(sent()) == 1


def test_rolled_back_is_not_sent(came_in: Browser) -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        happen("factor_added", came_in)
        raise Undone
    assert sent() == []
    with transaction.atomic():
        happen("factor_added", came_in)
        assert sent() == []
    assert len(sent()) == 1


class BrokenBackend:
    """A mail server that refuses, with the address in what it says."""

    def __init__(self, **options: Any) -> None:
        pass

    def send_messages(self, messages: Any) -> None:
        raise ConnectionRefusedError(f"no mail for {messages[0].to}")


def test_mail_that_fails_is_one_line(
    came_in: Browser, new_browser: NewBrowser, settings: Any, caplog: Any
) -> None:
    for name, value in mailer(f"{__name__}.{BrokenBackend.__name__}").items():
        setattr(settings, name, value)
    other = new_browser()
    assert other.sign_in().status_code == 302 and other.user_id
    (line,) = [it for it in caplog.records if it.levelname == "WARNING"]
    assert line.getMessage() == "The notice new_sign_in was not sent (ConnectionRefusedError)."
    assert line.exc_info is None and ANN not in caplog.text


def test_template_of_a_site_that_is_broken(
    came_in: Browser, settings: Any, tmp_path: Any, caplog: Any
) -> None:
    folder = tmp_path / "django_pwdless" / "mail"
    folder.mkdir(parents=True)
    (folder / "factor_added.txt").write_text("{% no_such_tag %}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    happen("factor_added", came_in)
    assert sent() == []
    assert "The notice factor_added was not sent (TemplateSyntaxError)." in caplog.text
