"""Checks of the page for second factors, and of where people find help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from django.core.checks import CheckMessage, Error

from .settings.values import about

SCHEMES = ("https", "http", "mailto", "tel")


@about("FACTORS_PAGE", "METHODS", "CUSTOMIZE_MFA")
def check_factors_page(
    is_on: bool, methods: Sequence[str], has_mfa: bool
) -> Iterator[CheckMessage]:
    """People can prove themselves for it, and add a factor on our pages."""
    if is_on and "universal" not in methods:
        yield Error(
            'PWDLESS["FACTORS_PAGE"] is on, but "universal" is not in "METHODS". People confirm '
            "who they are on Universal Login before they change a second factor.",
            hint='Add "universal" to "METHODS", or remove "FACTORS_PAGE".',
            id="pwdless.E110",
        )
    if is_on and not has_mfa:
        yield Error(
            'PWDLESS["FACTORS_PAGE"] is on, but "CUSTOMIZE_MFA" is off. It uses the same pages.',
            hint='Write "CUSTOMIZE_MFA": True, or remove "FACTORS_PAGE".',
            id="pwdless.E111",
        )


@about("SUPPORT_URL")
def check_support_url(address: str | None) -> Iterator[CheckMessage]:
    """It is what a link can lead to."""
    if address is None or _is_link(address):
        return
    yield Error(
        'PWDLESS["SUPPORT_URL"] must be an address: https, http, mailto or tel, or a path of this '
        "site.",
        hint='Write for example "SUPPORT_URL": "https://www.example.com/help/".',
        id="pwdless.E112",
    )


def _is_link(address: str) -> bool:
    if address.startswith("/"):
        return True
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    rest = parts.netloc if parts.scheme in ("https", "http") else parts.path
    return parts.scheme in SCHEMES and bool(rest)
