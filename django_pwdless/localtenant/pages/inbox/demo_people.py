"""The list of people to try, on the inbox page."""

from __future__ import annotations

from markupsafe import Markup

from django_pwdless.localtenant.pages.layout import join
from django_pwdless.localtenant.people.people import Person
from django_pwdless.localtenant.state import State

SECTION = Markup("""
<section class="card try" aria-labelledby="try-title"><h2 id="try-title">People to try</h2>
<p class="quiet">Any other address signs up on the spot.</p>
<ul class="tiles">{tiles}</ul></section>
""")
TILE = Markup("""
<li><strong>{name}</strong>{more}<span class="quiet">{note}</span></li>
""")


def demo_people(state: State) -> Markup:
    """Return the people with a note, or nothing where there are none."""
    tiles = [
        TILE.format(name=person.identifier, more=_more(person), note=person.note)
        for person in state.people
        if person.note
    ]
    return SECTION.format(tiles=join(tiles)) if tiles else Markup("")


def _more(person: Person) -> Markup:
    """Return the number and the recovery code, which nothing else on the page tells."""
    codes = [f.secret for f in person.factors if f.factor == "recovery-code"]
    shown = [person.phone_number if person.email else None, *codes]
    return Markup("").join(Markup("<code>{}</code>").format(each) for each in shown if each)
