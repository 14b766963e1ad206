"""The shape of what people type; nothing here counts, sends or verifies."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from .conf import conf
from .factors import describe_factor
from .identifiers import MAX_LENGTH, Identifier, parse_identifier
from .methods import offered_connections, typed_methods
from .phone_numbers import parse_phone_number
from .policy import PHONE

_TEXT = {"autocapitalize": "off", "spellcheck": "false"}


class TextField(forms.CharField):
    """A line of text that any database can store and any page can show again."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what the page shows again: short, and without what cannot be encoded."""
        return str(data or "")[:MAX_LENGTH].encode(errors="replace").decode()

    def to_python(self, value: Any) -> str:
        """Return stripped text; raises ``ValidationError`` for a lone surrogate."""
        text = super().to_python(value) or ""
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise ValidationError(_("This text has characters that cannot be read."), "invalid")
        return text


class CodeInput(forms.TextInput):
    """A one-time code: typed by hand or filled in by the browser, never shown again."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Leave the value out."""
        return super().get_context(name, None, attrs)


class FocusedForm(forms.Form):
    """Puts the focus on the first field with an error, else on its first field."""

    def focus(self) -> None:
        """Mark the field; call it when the form is about to be shown."""
        names = [name for name in self.errors if name in self.fields] if self.is_bound else []
        for name in names or list(self.fields):
            if not self.fields[name].widget.is_hidden:
                self.fields[name].widget.attrs["autofocus"] = True
                return


class IdentifierForm(FocusedForm):
    """An address or number, of a kind that the site uses."""

    identifier = TextField(max_length=MAX_LENGTH)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections = offered_connections()
        field = self.fields["identifier"]
        field.label = _LABELS[self.connections]
        field.widget.attrs.update(_ATTRIBUTES[self.connections])

    def clean_identifier(self) -> Identifier:
        """Return the address or number as it is sent to Auth0."""
        return parse_identifier(self.cleaned_data["identifier"], self.connections)


class MethodField(forms.ChoiceField):
    """One of the offered ways to sign in; anything else is neither named nor shown again."""

    default_error_messages = {"invalid_choice": _("This way to sign in is not offered here.")}

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what the page shows as chosen."""
        return data if self.valid_value(data) else initial


class LoginForm(IdentifierForm):
    """Who wants to sign in, and how where there is a choice."""

    method = MethodField(required=False, label=_("How do you want to sign in?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = typed_methods()
        field: Any = self.fields["method"]
        field.choices = [(method.name, method.label) for method in offered]
        # What is typed tells an address from a number; only two ways to one need a choice.
        connections = [method.connection for method in offered]
        shared = [method for method in offered if connections.count(method.connection) > 1]
        if not shared:
            field.widget = forms.HiddenInput()
            return
        field.widget = forms.RadioSelect(choices=[(way.name, way.label) for way in shared])
        field.initial = shared[0].name
        if len(shared) < len(offered):
            field.label = _("What should we send to an e-mail address?")

    def clean(self) -> None:
        """Say of the whole form what nobody would see at a hidden field."""
        if self.fields["method"].widget.is_hidden and "method" in self.errors:
            self.add_error(None, self.errors["method"].as_data())


class CodeForm(FocusedForm):
    """A one-time code."""

    code = TextField(
        label=_("Code"),
        widget=CodeInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autocapitalize": "off",
                "spellcheck": "false",
            }
        ),
        max_length=100,
        error_messages={"required": _("Enter the code.")},
    )

    def clean_code(self) -> str:
        """Return the digits, of any script, without the spaces and dashes between them."""
        code = "".join(_digit(char) for char in self.cleaned_data["code"])
        length = conf.CODE_LENGTH
        if len(code) != length or not code.isdigit():
            message = ngettext_lazy(
                "The code has %(length)d digit.", "The code has %(length)d digits.", length
            )
            raise ValidationError(message % {"length": length}, "invalid")
        return code


class FactorCodeForm(FocusedForm):
    """The code of a second factor: digits, however they are written."""

    code = CodeForm.base_fields["code"]

    def clean_code(self) -> str:
        """Return 4 to 10 digits, of any script, without the spaces and dashes between them."""
        code = "".join(_digit(char) for char in self.cleaned_data["code"])
        if not 4 <= len(code) <= 10 or not code.isdigit():
            raise ValidationError(_("The code has digits only."), "invalid")
        return code


class RecoveryCodeForm(FactorCodeForm):
    """A recovery code: letters and digits, forgiving in case, spaces and dashes."""

    code = TextField(
        label=_("Recovery code"),
        widget=CodeInput(attrs={**_TEXT, "autocomplete": "off", "autocapitalize": "characters"}),
        max_length=200,
        error_messages={"required": _("Enter the recovery code.")},
    )

    def clean_code(self) -> str:
        """Return upper-case letters and digits."""
        text = unicodedata.normalize("NFKC", self.cleaned_data["code"]).upper()
        code = "".join(char for char in text if char.isalnum())
        if not 8 <= len(code) <= 64 or not code.isascii():
            raise ValidationError(_("A recovery code has letters and digits only."), "invalid")
        return code


class EnrollForm(FocusedForm):
    """Which second factor to enroll, and for a phone where and how to reach it."""

    factor = forms.ChoiceField(widget=forms.RadioSelect, label=_("Second step"))
    phone_number = TextField(
        required=False,
        max_length=64,
        label=_("Phone number"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    channel = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        label=_("How should we reach you?"),
        choices=[("sms", _("Text message")), ("voice", _("Phone call"))],
        initial="sms",
    )

    def __init__(self, *args: Any, factors: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["factor"]
        field.choices = [(name, describe_factor(name).label) for name in factors]
        field.initial = factors[0]
        if len(factors) == 1:
            field.widget = forms.HiddenInput()
        if PHONE not in factors:
            del self.fields["phone_number"], self.fields["channel"]

    def clean(self) -> dict[str, Any]:
        """Read the number where a phone is enrolled, and leave it out where none is."""
        data = super().clean() or {}
        if data.get("factor") != PHONE:
            self.errors.pop("phone_number", None)
            self.errors.pop("channel", None)
            return {"factor": data["factor"]} if "factor" in data else {}
        try:
            data["phone_number"] = parse_phone_number(data.get("phone_number", ""))
        except ValidationError as error:
            if "phone_number" not in self.errors:
                self.add_error("phone_number", error)
        data["channel"] = data.get("channel") or "sms"
        return data


class LinkForm(CodeForm):
    """A code with the address it was sent to, on a device that did not ask for it."""

    identifier = TextField(
        label=_("E-mail address"),
        max_length=MAX_LENGTH,
        widget=forms.TextInput(attrs={**_TEXT, "autocomplete": "email", "inputmode": "email"}),
    )
    field_order = ("identifier", "code")

    def clean_identifier(self) -> Identifier:
        """Return the address as it was sent to Auth0."""
        return parse_identifier(self.cleaned_data["identifier"], frozenset({"email"}))


def _digit(char: str) -> str:
    """Return a decimal digit as ASCII, nothing for a space or dash, and ``x`` for the rest."""
    if unicodedata.category(char) in ("Zs", "Pd", "Cf", "Cc"):
        return ""
    return str(unicodedata.decimal(char, "x"))


_LABELS: dict[frozenset[str], Any] = {
    frozenset(): _("E-mail address"),
    frozenset({"email"}): _("E-mail address"),
    frozenset({"sms"}): _("Phone number"),
    frozenset({"email", "sms"}): _("E-mail address or phone number"),
}
_ATTRIBUTES: dict[frozenset[str], dict[str, str]] = {
    frozenset(): _TEXT,
    frozenset({"email"}): {**_TEXT, "autocomplete": "email", "inputmode": "email"},
    frozenset({"sms"}): {**_TEXT, "autocomplete": "tel", "inputmode": "tel"},
    frozenset({"email", "sms"}): {**_TEXT, "autocomplete": "username"},
}
