"""The form that sets up a second factor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from django_pwdless.flows.second_factor.policy import PHONE
from django_pwdless.identifiers.phone_numbers import parse_phone_number
from django_pwdless.pages.mfa_labels import describe_factor

from .fields import TEXT, FocusedForm, OfferedField, RadioButtons, TextField


class EnrollForm(FocusedForm):
    """Which second factor to enroll, and for a phone where and how to reach it."""

    factor: OfferedField = OfferedField(widget=RadioButtons, label=_("Choose a second step"))
    phone_number: TextField = TextField(
        required=False,
        max_length=64,
        label=_("Phone number"),
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "tel", "inputmode": "tel"}),
    )
    channel: OfferedField = OfferedField(
        required=False,
        widget=RadioButtons,
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

    def refuse_number(self) -> None:
        """Say at the field that Auth0 does not take the number."""
        self.add_error(
            "phone_number", _("We cannot reach this number. Check the number, or use another.")
        )

    def refuse_factor(self) -> None:
        """Say at the field that Auth0 lets nobody set this up."""
        self.add_error("factor", _("That option is not available now. Choose another."))

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
