"""Refresh tokens end at Auth0 when their person signs out, or an operator says so."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import transaction

from django_pwdless import sign_ins
from django_pwdless.models import SignIn
from django_pwdless.tokens.revoking import _take_out
from tests.journeys.browser import Browser
from tests.journeys.conftest import Configure, NewBrowser
from tests.journeys.sign_ins.conftest import about, statements
from tests.meanwhile import at_once, meanwhile

from .conftest import DAY, REVOKE, before, refreshes, row, value
from .test_refreshing import get

pytestmark = pytest.mark.django_db(transaction=True)


def families(browser: Browser) -> list[Any]:
    known = browser.tenant.state.refresh_tokens._families
    return list(dict.fromkeys(known.values()))


def test_logout_revokes_the_refresh_token(signed_in: Browser, clock: Any) -> None:
    clock.shift(DAY)
    value(signed_in)
    signed_in.post("logout")
    (call,) = signed_in.tenant.calls(REVOKE)
    (family,) = families(signed_in)
    assert call.body["token"] == family.newest and family.is_over
    assert not SignIn.objects.exists()
    signed_in.post("logout")
    assert len(signed_in.tenant.calls(REVOKE)) == 1


@pytest.mark.parametrize("how", ["logout", "command"])
def test_nothing_is_left_here_while_auth0_is_told(how: str, signed_in: Browser) -> None:
    """A refresh that ends meanwhile finds no row, and revokes what it got."""
    left: list[int] = []
    before(signed_in.tenant, "revoke", lambda: left.append(SignIn.objects.count()))
    if how == "logout":
        signed_in.post("logout")
    else:
        call_command("pwdless_sign_out", "--all", "--no-input", "--revoke")
    assert left == [0]


def test_own_sign_in_that_is_ended_on_its_page_is_a_logout(signed_in: Browser) -> None:
    signed_in.client.post(f"/accounts/sign-ins/{row().pk}/end/")
    assert families(signed_in)[0].is_over


def test_logout_by_djangos_own_view_counts_too(signed_in: Browser) -> None:
    signed_in.client.logout()
    assert len(signed_in.tenant.calls(REVOKE)) == 1


def test_two_logouts_at_once_revoke_once(signed_in: Browser, clock: Any) -> None:
    """Both have read the row; one of them takes the token out."""
    pk = row().pk
    tokens = at_once(lambda: _take_out(pk), lambda: _take_out(pk))
    assert [bool(token) for token in tokens].count(True) == 1
    signed_in.post("logout")


def test_logout_without_refresh_token_calls_nobody(browser: Browser, configure: Configure) -> None:
    configure(SCOPE="openid email")
    browser.sign_in()
    browser.post("logout")
    assert not browser.tenant.calls(REVOKE)


def test_logout_costs_two_statements_more(new_browser: NewBrowser, configure: Configure) -> None:
    table = SignIn._meta.db_table

    def cost() -> list[str]:
        browser = new_browser()
        browser.sign_in()
        return about(table, statements(lambda: browser.post("logout")))

    on = cost()
    configure(TOKENS=False)
    assert len(on) == len(cost()) + 2


@pytest.mark.parametrize(
    "fault", ["refused", "closed", "server_error", "invalid_client", "garbage"]
)
def test_failure_is_one_warning_and_never_in_the_way(
    fault: str, signed_in: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    signed_in.tenant.fail(REVOKE, fault)
    assert signed_in.post("logout").status_code == 302
    (line,) = [record for record in caplog.records if record.name == "django_pwdless"]
    assert line.levelname == "WARNING" and "revoke" in line.getMessage()
    assert "v1." not in caplog.text and not SignIn.objects.exists()
    assert signed_in.client.get("/token/").status_code == 401


@pytest.mark.thorough
def test_slow_answer_is_not_waited_for(signed_in: Browser, configure: Configure) -> None:
    signed_in.tenant.fail(REVOKE, "timeout")
    assert signed_in.post("logout").status_code == 302
    signed_in.tenant.recover()
    assert len(signed_in.tenant.calls(REVOKE)) == 1


def test_nothing_is_revoked_before_it_is_committed(signed_in: Browser) -> None:
    with transaction.atomic():
        signed_in.client.logout()
        assert not signed_in.tenant.calls(REVOKE)
        transaction.set_rollback(True)
    assert not signed_in.tenant.calls(REVOKE) and row().tokens


ENDINGS = {
    "function": lambda: sign_ins.end(get_user_model().objects.get()),
    "admin": lambda: SignIn.objects.all().delete(),
    "user": lambda: get_user_model().objects.get().delete(),
    "command": lambda: call_command("pwdless_sign_out", "--all", "--no-input"),
}


@pytest.mark.parametrize("how", ENDINGS)
def test_other_endings_delete_our_only_copy(how: str, signed_in: Browser) -> None:
    ENDINGS[how]()
    assert not SignIn.objects.exists() and not signed_in.tenant.calls(REVOKE)


def test_logout_during_a_refresh(signed_in: Browser, clock: Any) -> None:
    clock.shift(DAY)
    with pytest.raises(Exception, match="anonymous"):
        meanwhile(signed_in.tenant, get, signed_in.client.logout)
    sent = [call.body["token"] for call in signed_in.tenant.calls(REVOKE)]
    (family,) = families(signed_in)
    assert family.newest in sent and family.is_over and len(refreshes(signed_in.tenant)) == 1


# The command


def test_command_revokes_where_it_is_told_to(
    new_browser: NewBrowser, capsys: pytest.CaptureFixture[str]
) -> None:
    browsers = [new_browser() for _ in range(3)]
    for browser in browsers:
        browser.sign_in()
    (user,) = get_user_model().objects.all()
    call_command("pwdless_sign_out", user.get_username(), "--revoke")
    assert all(family.is_over for family in families(browsers[0]))
    assert len(browsers[0].tenant.calls(REVOKE)) == 3 and not SignIn.objects.exists()
    assert "Sign-ins ended: 3." in capsys.readouterr().out


def test_command_ends_sign_ins_without_tokens_too(signed_in: Browser) -> None:
    SignIn.objects.update(tokens="")
    call_command("pwdless_sign_out", "--all", "--no-input", "--revoke")
    assert not SignIn.objects.exists() and not signed_in.tenant.calls(REVOKE)


def test_command_has_nothing_to_revoke_without_tokens(configure: Configure) -> None:
    configure(TOKENS=False)
    with pytest.raises(CommandError, match="TOKENS"):
        call_command("pwdless_sign_out", "--all", "--no-input", "--revoke")
