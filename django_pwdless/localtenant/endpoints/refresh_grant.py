"""The refresh token grant (RFC 6749 6), which no token of this tenant fits yet."""

from __future__ import annotations

from typing import NoReturn

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.endpoint_call import Call


def exchange(call: Call, client: Client) -> NoReturn:
    """Refuse the token as unknown."""
    call.require("refresh_token")
    raise Refusal(TOKEN["unknown_refresh_token"])
