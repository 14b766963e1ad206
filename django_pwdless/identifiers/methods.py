"""The ways to sign in that a login page can offer."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from django_pwdless.conf import conf

EMAIL_CODE = "email-code"
EMAIL_LINK = "email-link"
SMS_CODE = "sms-code"
UNIVERSAL = "universal"


@dataclass(frozen=True)
class Method:
    """One value of ``METHODS``; ``connection`` is empty where nothing is typed on our pages."""

    name: str
    connection: str
    label: str | Promise


_ALL = {
    method.name: method
    for method in (
        Method(EMAIL_CODE, "email", _("Code by email")),
        Method(EMAIL_LINK, "email", _("Link by email")),
        Method(SMS_CODE, "sms", _("Code by text message")),
        Method(UNIVERSAL, "", _("Universal Login")),
    )
}


def offered_methods() -> list[Method]:
    """Return what the settings offer, in their order."""
    return [_ALL[name] for name in conf.METHODS]


def typed_methods(*, links: bool = True) -> list[Method]:
    """Return the offered methods for which an address or number is typed.

    Without ``links`` only those whose code is typed too: not each front end can be led back to.
    """
    typed = [method for method in offered_methods() if method.connection]
    return [method for method in typed if links or method.name != EMAIL_LINK]


def offered_connections(*, links: bool = True) -> frozenset[str]:
    """Return the connections (``email``, ``sms``) of the ``typed_methods``."""
    return frozenset(method.connection for method in typed_methods(links=links))


def connection_of(name: str) -> str:
    """Return the connection of a method, offered here or not; empty for any other word."""
    return _ALL[name].connection if name in _ALL else ""


def code_method(connection: str) -> str:
    """Return the method that sends a code by a connection."""
    return SMS_CODE if connection == "sms" else EMAIL_CODE


def fitting_method(connection: str, wanted: str = "", *, links: bool = True) -> Method:
    """Return the offered method for a connection: the wanted one where it fits, else the first."""
    typed = typed_methods(links=links)
    fitting = [method for method in typed if method.connection == connection]
    return next((method for method in fitting if method.name == wanted), fitting[0])
