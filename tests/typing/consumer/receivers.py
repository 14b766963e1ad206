"""Receivers, settings of one's own and the client of Auth0's API."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.http import HttpRequest
from typing_extensions import assert_type

from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.types import TokenSet
from django_pwdless.exceptions import MFARequired, PwdlessError
from django_pwdless.models import Identity
from django_pwdless.signals import identity_linked, login_refused


@receiver(identity_linked)
def welcome(sender: type, identity: Identity, user_created: bool, **kwargs: Any) -> None:
    if user_created:
        assert_type(identity.connection, str)


@receiver(login_refused)
def count(sender: type, request: HttpRequest, reason: str, **kwargs: Any) -> None: ...


def client_ip(request: HttpRequest) -> str | None:
    return request.META.get("HTTP_CF_CONNECTING_IP")


def sign_in(code: str) -> TokenSet | None:
    client = Auth0Client("https://example.eu.auth0.com", "client")
    try:
        client.passwordless.start("email", "ann@example.com")
        return client.passwordless.exchange_code("email", "ann@example.com", code, scope="openid")
    except MFARequired as required:
        assert_type(required.mfa_token, str)
        return None
    except PwdlessError:
        return None
