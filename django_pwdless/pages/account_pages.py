"""The pages of a signed-in person's own account, as their navigation shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from django_pwdless.conf import conf


@dataclass(frozen=True)
class AccountPage:
    """One page: the address, what it is called, and whether it is the one that is shown."""

    url: str
    label: str | Promise
    is_current: bool


def account_pages(current: str) -> list[AccountPage]:
    """Return those that the site has; ``current`` is the URL name of the one that is shown."""
    named: list[tuple[str, str | Promise, bool]] = [
        ("identities", _("Sign-in methods"), True),
        ("factors", _("Second steps"), conf.FACTORS_PAGE),
        ("sign_ins", _("Devices"), conf.SIGN_INS),
    ]
    return [
        AccountPage(reverse(f"pwdless:{name}"), label, name == current)
        for name, label, is_on in named
        if is_on
    ]
