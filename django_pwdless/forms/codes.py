"""Forms that take a code."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from django_pwdless.conf import conf
from django_pwdless.flows.second_factor.policy import RECOVERY_CODE
from django_pwdless.identifiers.characters import without_invisible
from django_pwdless.identifiers.identifier import MAX_LENGTH, Identifier, parse_identifier
from django_pwdless.pages.code_lengths import other_length_typed

from .fields import TEXT, CodeInput, FocusedForm, TextField

# Digits that a tenant can be set to.
LENGTHS = range(4, 13)


def _code_field(**more: str) -> TextField:
    one_time = {"autocomplete": "one-time-code", "inputmode": "numeric"}
    return TextField(
        label=pgettext_lazy("field", "Code"),
        widget=CodeInput(attrs={**TEXT, **one_time, **more}),
        max_length=100,
        error_messages={"required": _("Enter the code.")},
    )


class CodeForm(FocusedForm):
    """A one-time code."""

    code: TextField = _code_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.length: int = conf.CODE_LENGTH
        # The field looks like its digits.
        self.fields["code"].widget.attrs["data-pwdless-length"] = str(self.length)

    def clean_code(self) -> str:
        """Return the digits, of any script, without the spaces and dashes between them.

        Raises ``ValidationError`` unless there are ``CODE_LENGTH`` of them.
        """
        code, length = _digits(self.cleaned_data["code"]), self.length
        if len(code) != length or not code.isdigit():
            if code.isdigit() and len(code) in LENGTHS:
                other_length_typed(len(code))
            message = ngettext_lazy(
                "The code must be %(length)d digit.", "The code must be %(length)d digits.", length
            )
            raise ValidationError(message % {"length": length}, "invalid")
        return code


class LinkForm(CodeForm):
    """A code with the address it was sent to, on a device that did not ask for it."""

    identifier: TextField = TextField(
        label=_("Email address"),
        max_length=MAX_LENGTH,
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "email", "inputmode": "email"}),
    )
    field_order: tuple[str, ...] = ("identifier", "code")

    def clean_identifier(self) -> Identifier:
        """Return the address as it was sent to Auth0."""
        return parse_identifier(self.cleaned_data["identifier"], frozenset({"email"}))


class FactorCodeForm(FocusedForm):
    """The code of a second factor: digits, however they are written."""

    # Auth0's have six digits; the field only looks like that many, and takes others.
    code: TextField = _code_field(**{"data-pwdless-length": "6"})

    def clean_code(self) -> str:
        """Return 4 to 10 digits, of any script, without the spaces and dashes between them.

        Raises ``ValidationError`` for anything else.
        """
        code = _digits(self.cleaned_data["code"])
        if not 4 <= len(code) <= 10 or not code.isdigit():
            raise ValidationError(_("The code must be 4 to 10 digits."), "invalid")
        return code


class RecoveryCodeForm(FactorCodeForm):
    """A recovery code: letters and digits, forgiving in case, spaces and dashes."""

    code: TextField = TextField(
        label=_("Recovery code"),
        widget=CodeInput(attrs={**TEXT, "autocomplete": "off", "autocapitalize": "characters"}),
        max_length=200,
        error_messages={"required": _("Enter the recovery code.")},
    )

    def clean_code(self) -> str:
        """Return 8 to 64 upper-case letters and digits; raises ``ValidationError`` otherwise."""
        text = unicodedata.normalize("NFKC", self.cleaned_data["code"]).upper()
        code = "".join(char for char in text if char.isalnum())
        if not 8 <= len(code) <= 64 or not code.isascii():
            raise ValidationError(
                _("Enter the whole recovery code, with letters and digits only."), "invalid"
            )
        return code


def factor_form(factor: str) -> type[FactorCodeForm]:
    """Return the form that reads the codes of a second factor."""
    return RecoveryCodeForm if factor == RECOVERY_CODE else FactorCodeForm


def _digits(text: str) -> str:
    """Return what was typed with its digits as ASCII, and without what only sets them apart."""
    if text.isascii() and text.isdigit():
        return text
    return "".join(map(_digit, without_invisible(text)))


def _digit(char: str) -> str:
    """Return a decimal digit as ASCII, nothing for a space or dash, and ``x`` for the rest."""
    if unicodedata.category(char) in ("Zs", "Pd", "Cc"):
        return ""
    return str(unicodedata.decimal(char, "x"))
