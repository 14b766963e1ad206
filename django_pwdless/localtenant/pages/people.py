"""The people page: who has an account, and what is the matter with them."""

from __future__ import annotations

from markupsafe import Markup
from werkzeug.wrappers import Response

from django_pwdless.localtenant.call import Call, View
from django_pwdless.localtenant.people import MFA, Person

from .forms import entry, form, select
from .layout import join, page

PAGE = Markup("""
<h1>People</h1>
<p class="lead">Everybody with an account here. Who signs in for the first time gets one.</p>
<div class="cards">
{people}
<section class="card wide"><h2>Add somebody</h2>{add}</section>
</div>
""")
PERSON = Markup("""
<section class="card person">
<header><span class="avatar" aria-hidden="true">{initial}</span>
<div><h2>{name}</h2><p class="quiet"><code>{sub}</code></p></div></header>
<p>{facts}</p>
<div class="buttons">{buttons}</div>
</section>
""")
NOBODY = Markup('<section class="card wide"><p class="quiet">Nobody yet.</p></section>')
NO_YES = [("", "no"), ("true", "yes")]


def people(call: Call) -> Response:
    """GET /people: everybody."""
    everybody = join(_person(person) for person in call.state.people) or NOBODY
    return page(call.state, "People", PAGE.format(people=everybody, add=_add()), "/people")


def _person(person: Person) -> Markup:
    return PERSON.format(
        initial=person.identifier[:1].upper(),
        name=person.identifier,
        sub=person.sub,
        facts=_facts(person),
        buttons=join(
            [
                _toggle(person, "blocked", "Block", "Unblock"),
                _toggle(person, "denied", "Deny by an Action", "Allow again"),
            ]
        ),
    )


def _facts(person: Person) -> str:
    facts: list[str | None] = [person.note or None, person.phone_number if person.email else None]
    facts += ["address verified" if person.email_verified is True else "address not verified"]
    facts += [name for name in ("blocked", "denied") if getattr(person, name)]
    factors = ", ".join(factor.factor for factor in person.factors if factor.active)
    facts += [f"factors: {factors}" if factors else None]
    facts += [f"recovery code {f.secret}" for f in person.factors if f.factor == "recovery-code"]
    facts += [f"second factor: {person.mfa}" if isinstance(person.mfa, str) else None]
    return " · ".join(fact for fact in facts if fact)


def _toggle(person: Person, name: str, on: str, off: str) -> Markup:
    is_on = getattr(person, name)
    values = {"sub": person.sub, name: "false" if is_on else "true"}
    words = off if is_on else on
    return form("people/change", words, page="/people", css="inline", hidden=values)


def _add() -> Markup:
    fields = [
        entry("E-mail address", "email", kind="email"),
        entry("Phone number", "phone_number", kind="tel", hint="+49…"),
        select("Blocked", "blocked", NO_YES),
        select("Denied", "denied", NO_YES),
        entry("Factors", "factors", hint="otp sms recovery-code"),
        select("Second factor", "mfa", [("", "as enrolled"), *((name, name) for name in MFA)]),
    ]
    return form("people", "Add", fields, page="/people", css="grid")


VIEWS: dict[str, View] = {"/people": people}
