"""What the forms are made of: text that can be stored, codes that are not shown again."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from django_pwdless.identifiers.characters import has_lone_surrogate
from django_pwdless.identifiers.identifier import MAX_LENGTH

TEXT = {"autocapitalize": "off", "spellcheck": "false"}


class TextField(forms.CharField):
    """A line of text that any database can store and any page can show again."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what the page shows again: short, and without what cannot be encoded."""
        return str(data or "")[:MAX_LENGTH].encode(errors="replace").decode()

    def to_python(self, value: Any) -> str:
        """Return stripped text; raises ``ValidationError`` for a lone surrogate."""
        text = super().to_python(value) or ""
        if not text.isascii() and has_lone_surrogate(text):
            raise ValidationError(
                _("We cannot read some of the characters. Enter the text again."), "invalid"
            )
        return text


class CodeInput(forms.TextInput):
    """A one-time code: typed by hand or filled in by the browser, never shown again."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Leave the value out."""
        return super().get_context(name, None, attrs)


class RadioButtons(forms.RadioSelect):
    """Has the focus, if it has it, on one button: the chosen one, else the first."""

    def optgroups(
        self, name: str, value: list[str], attrs: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        """Leave ``autofocus`` out of the other buttons: a page may have it once."""
        groups = super().optgroups(name, value, attrs)
        buttons = [button for _label, group, _index in groups for button in group]
        focused = next((b for b in buttons if b["selected"]), buttons[0] if buttons else None)
        for button in buttons:
            if button is not focused:
                button["attrs"].pop("autofocus", None)
        return groups


class OfferedField(forms.ChoiceField):
    """One of what is offered; anything else is neither named nor shown again."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid_choice": _("That option is not available now. Choose another.")
    }

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what the page shows as chosen."""
        return data if self.valid_value(data) else initial


class FocusedForm(forms.Form):
    """Puts the focus on the first field with an error, else on its first field."""

    def focus(self) -> None:
        """Mark the field; call it when the form is about to be shown."""
        names = [name for name in self.errors if name in self.fields] if self.is_bound else []
        for name in names or list(self.fields):
            if not self.fields[name].widget.is_hidden:
                self.fields[name].widget.attrs["autofocus"] = True
                return
