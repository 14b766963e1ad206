"""The Management API as the doctor reads it: fields it knows, and why one cannot be had."""

from __future__ import annotations

import os
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django_pwdless.auth0.http.credentials import Credentials
from django_pwdless.auth0.http.errors import Answer
from django_pwdless.conf import conf
from django_pwdless.doctor.line import CannotTell

from .pace import MANAGEMENT
from .wire import Wire

TOKEN = "AUTH0_MANAGEMENT_TOKEN"  # noqa: S105 (the name of a variable)
DOMAIN = "AUTH0_MANAGEMENT_DOMAIN"
#: Calls of the Management API in one run.
CALLS = 26


class Management:
    """Reads once what several lines ask for; holds the token, and never shows it."""

    def __init__(self) -> None:
        self._token = os.environ.get(TOKEN, "").strip()
        self._known: dict[str, Answer] = {}
        #: Whether the token may be sent: it fits the tenant, and the tenant is who it should be.
        self.is_trusted: bool = False

    @property
    def token(self) -> str:
        """The token, or an empty string."""
        return self._token

    @property
    def domain(self) -> str:
        """The tenant's own domain, never a custom one: the Management API has no other."""
        return os.environ.get(DOMAIN, "").strip() or conf.DOMAIN

    @property
    def base_url(self) -> str:
        """The origin that is asked."""
        domain = self.domain
        return domain if domain.startswith("http://") else f"https://{domain}"

    @property
    def audience(self) -> str:
        """The ``aud`` of tokens for it."""
        return f"{self.base_url}/api/v2/"

    @cached_property
    def wire(self) -> Wire:
        """Calls that carry the token, and none of the site's own credentials."""
        nobody = Credentials(conf.CLIENT_ID, self.audience)
        return Wire(self.base_url, nobody, CALLS, MANAGEMENT)

    def read(self, path: str, scope: str, **query: str) -> Any:
        """Return the JSON at a path of ``/api/v2``, ``None`` for a 404; raise ``CannotTell``."""
        answer = self._ask(path, scope, query)
        if answer.status == 404:
            return None
        if answer.status == 403:
            raise CannotTell(_refusal(answer, scope))
        if answer.status == 401:
            raise CannotTell(f"{TOKEN} is not accepted.")
        if answer.status != 200 or answer.data is None:
            raise _unheard(answer)
        return answer.data

    def takes_token(self) -> bool:
        """Whether the token is good, whatever its scopes; raise ``CannotTell`` where none says."""
        answer = self._ask("/prompts", "read:prompts", {})
        if answer.status == 401:
            return False
        if answer.status not in (200, 403, 404) or answer.data is None:
            raise _unheard(answer)
        return True

    def _ask(self, path: str, scope: str, query: dict[str, str]) -> Answer:
        if not self._token:
            raise CannotTell(f"Needs {TOKEN} with {scope}.")
        if not self.is_trusted:
            raise CannotTell("Needs management.token.")
        place = f"/api/v2{path}?{urlencode(query)}" if query else f"/api/v2{path}"
        if place not in self._known:
            self._known[place] = self.wire.ask("GET", place, bearer=self._token)
        return self._known[place]


def _unheard(answer: Answer) -> CannotTell:
    """Return why an answer says nothing of what was asked."""
    if answer.status == 429:
        return CannotTell("The Management API takes no more calls at the moment: run it again.")
    return CannotTell(f"The Management API answered {answer.status}.")


def _refusal(answer: Answer, scope: str) -> str:
    """Return why a 403 came, by its code and text: a scope, or the plan."""
    body = answer.data if isinstance(answer.data, dict) else {}
    code, message = str(body.get("errorCode")), str(body.get("message")).lower()
    if code == "insufficient_entitlement" or "upgrade your subscription" in message:
        return "This is not on the tenant's plan."
    if code in ("feature_not_enabled", "operation_not_supported"):
        return "This is not on for the tenant."
    if code == "legacy_mfa_phone_provider_not_allowed":
        return "The tenant has one provider for all of its texts and calls."
    return f"Needs the scope {scope} in {TOKEN}."


def member(document: Any, *names: str) -> Any:
    """Return a member of nested objects; raise ``CannotTell`` where it is missing.

    A missing key is nothing but that: old tenants leave keys out.
    """
    value = document
    for name in names:
        if not isinstance(value, dict) or name not in value:
            raise CannotTell(f"The Management API says nothing of {'.'.join(names)}.")
        value = value[name]
    return value


def objects(found: Any, what: str) -> list[dict[str, Any]]:
    """Return a list of objects; raise ``CannotTell`` for anything else."""
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise CannotTell(f"The Management API says nothing of {what}.")
    return found
