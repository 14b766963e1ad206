"""Parts of the forms on the switches and people pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from markupsafe import Markup

FORM = Markup("""
<form method="post" action="/_tenant/{action}" class="{css}">
<input type="hidden" name="page" value="{page}">{hidden}
{fields}
<button type="submit"{css_button}>{button}</button>
</form>
""")
FIELD = Markup('<label class="field"><span>{label}</span>{control}</label>')
CHECKBOXES = Markup(
    '<fieldset class="boxes"><legend>{legend}</legend>'
    '<input type="hidden" name="{name}" value="">{boxes}</fieldset>'
)
FIELDSET = Markup(
    '<details class="group"{is_open}><summary>{legend}{note}</summary>'
    '<fieldset aria-label="{legend}"><div class="grid">{fields}</div></fieldset></details>'
)
CHANGED = Markup(' <span class="badge good">{} changed</span>')
EXPLAINED = Markup('<div class="explained">{field}<p class="quiet small">{meaning}</p></div>')


def form(
    action: str,
    button: str,
    fields: Iterable[Markup] = (),
    page: str = "/switches",
    css: str = "stack",
    hidden: Mapping[str, str] | None = None,
) -> Markup:
    """Return a form that posts to the tenant's control and comes back to ``page``."""
    values = (
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in (hidden or {}).items()
    )
    return FORM.format(
        action=action,
        css=css,
        page=page,
        hidden=Markup("").join(values),
        fields=Markup("\n").join(fields),
        button=button,
        css_button=Markup(' class="minor"') if css == "inline" else "",
    )


def select(label: str, name: str, choices: Iterable[tuple[str, str]], value: str = "") -> Markup:
    """Return a labelled choice of ``(value, words)`` pairs."""
    options = Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(
            key, Markup(" selected") if key == value else "", words
        )
        for key, words in choices
    )
    return _field(label, Markup('<select name="{}">{}</select>').format(name, options))


def checkboxes(
    legend: str, name: str, choices: Iterable[tuple[str, str]], checked: Collection[str]
) -> Markup:
    """Return a group of boxes for ``(value, words)`` pairs; with none checked it is sent empty."""
    box = Markup('<label><input type="checkbox" name="{}" value="{}"{}> {}</label>')
    boxes = Markup("").join(
        box.format(name, value, Markup(" checked") if value in checked else "", words)
        for value, words in choices
    )
    return CHECKBOXES.format(legend=legend, name=name, boxes=boxes)


def fieldset(legend: str, fields: Iterable[Markup], changed: int) -> Markup:
    """Return fields that belong together, folded away unless some of them were ``changed``."""
    return FIELDSET.format(
        legend=legend,
        fields=Markup("\n").join(fields),
        note=CHANGED.format(changed) if changed else "",
        is_open=Markup(" open") if changed else "",
    )


def entry(label: str, name: str, value: str = "", kind: str = "text", hint: str = "") -> Markup:
    """Return a labelled input."""
    control = Markup('<input type="{}" name="{}" value="{}" placeholder="{}"{}>').format(
        kind, name, value, hint, Markup(' step="any"') if kind == "number" else ""
    )
    return _field(label, control)


def explained(field: Markup, meaning: str) -> Markup:
    """Return a labelled control with a line under it that says what it does."""
    return EXPLAINED.format(field=field, meaning=meaning)


def _field(label: str, control: Markup) -> Markup:
    return FIELD.format(label=label, control=control)
