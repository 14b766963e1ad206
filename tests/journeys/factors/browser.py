"""The browser of a signed-in person who looks after their second factors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from tests.journeys.browser import ANN
from tests.journeys.hosted import log_in_hosted
from tests.journeys.mfa.browser import MFABrowser, page, paths

__all__ = ["FACTORS", "FactorsBrowser", "Own", "page", "paths"]

FACTORS = "/accounts/factors/"
Own = Callable[..., "FactorsBrowser"]


class FactorsBrowser(MFABrowser):
    """``person`` is theirs at the tenant."""

    calls_before = 0

    @property
    def calls(self) -> list[str]:
        """What the tenant was asked since the step-up."""
        return paths(self.tenant)[self.calls_before :]

    def prove_now(self, identifier: str = ANN) -> Any:
        """Go through the step-up that the page offers; return the answer to coming back."""
        away = self.client.get(self.get("factors").context["step_up_url"])
        return self.client.get(log_in_hosted(self.tenant, away["Location"], identifier))

    def add(self, factor: str = "otp", **fields: str) -> Any:
        return self.post("factor_add", factor=factor, **fields)

    def ask_to_remove(self, id_: str) -> Any:
        return self.client.get(remove_page(id_))

    def remove(self, id_: str) -> Any:
        return self.client.post(remove_page(id_))

    def id_of(self, factor: str) -> str:
        id_: str = self.person.factor(factor).id
        return id_

    @property
    def shown(self) -> list[str] | None:
        """The factors that the page shows, by what their ids begin with; None before a proof."""
        listed = self.get("factors").context["authenticators"]
        return None if listed is None else prefixes(item.id for item in listed)

    @property
    def enrolled(self) -> list[str]:
        """The factors that are confirmed at the tenant."""
        return [factor.factor for factor in self.person.factors if factor.active]


def remove_page(id_: str) -> str:
    return reverse("pwdless:factor_remove", kwargs={"id": id_})


def prefixes(ids: Iterable[str]) -> list[str]:
    return [id_.partition("|")[0] for id_ in ids]
