"""Forms that take an address or a number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from django_pwdless.identifiers.identifier import MAX_LENGTH, Identifier, parse_identifier
from django_pwdless.identifiers.methods import offered_connections, typed_methods
from django_pwdless.pages.problems import UNDELIVERABLE

from .fields import TEXT, FocusedForm, OfferedField, RadioButtons, TextField

_LABELS: dict[frozenset[str], Any] = {
    frozenset(): _("Email address"),
    frozenset({"email"}): _("Email address"),
    frozenset({"sms"}): _("Phone number"),
    frozenset({"email", "sms"}): _("Email address or phone number"),
}

_ATTRIBUTES: dict[frozenset[str], dict[str, str]] = {
    frozenset(): TEXT,
    frozenset({"email"}): {**TEXT, "autocomplete": "email", "inputmode": "email"},
    frozenset({"sms"}): {**TEXT, "autocomplete": "tel", "inputmode": "tel"},
    frozenset({"email", "sms"}): {**TEXT, "autocomplete": "username"},
}


class IdentifierForm(FocusedForm):
    """An address or number, of a kind that the site uses."""

    identifier: TextField = TextField(max_length=MAX_LENGTH)

    def __init__(self, *args: Any, links: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: frozenset[str] = offered_connections(links=links)
        field = self.fields["identifier"]
        field.label = _LABELS[self.connections]
        field.widget.attrs.update(_ATTRIBUTES[self.connections])

    def clean_identifier(self) -> Identifier:
        """Return the address or number as it is sent to Auth0."""
        return parse_identifier(self.cleaned_data["identifier"], self.connections)

    def refuse_identifier(self) -> None:
        """Say at the field that Auth0 does not take what was typed."""
        self.add_error("identifier", UNDELIVERABLE)


class LoginForm(IdentifierForm):
    """Who wants to sign in, and how where there is a choice."""

    method: OfferedField = OfferedField(
        required=False,
        label=_("Choose a sign-in method"),
        error_messages={"invalid_choice": _("Choose one of the sign-in methods.")},
    )

    def __init__(self, *args: Any, links: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, links=links, **kwargs)
        offered = typed_methods(links=links)
        field: Any = self.fields["method"]
        field.choices = [(method.name, method.label) for method in offered]
        # What is typed tells an address from a number; only two ways to one need a choice.
        connections = [method.connection for method in offered]
        shared = [method for method in offered if connections.count(method.connection) > 1]
        if not shared:
            field.widget = forms.HiddenInput()
            return
        field.widget = RadioButtons(choices=[(way.name, way.label) for way in shared])
        field.initial = shared[0].name
        if len(shared) < len(offered):
            field.label = _("What should we email you?")

    def clean(self) -> None:
        """Say of the whole form what nobody would see at a hidden field."""
        if self.fields["method"].widget.is_hidden and "method" in self.errors:
            self.add_error(None, self.errors["method"].as_data())
