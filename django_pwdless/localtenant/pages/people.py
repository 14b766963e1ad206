"""The people page: who has an account, and what is the matter with them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from markupsafe import Markup
from werkzeug.wrappers import Response

from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.people.people import MFA, Person
from django_pwdless.localtenant.state import State

from .forms import entry, form, select
from .layout import join, page, saved

PAGE = Markup("""
<h1>People</h1>{saved}
<p class="lead">Everybody with an account here. Who signs in for the first time gets one.</p>
<div class="cards">
{people}
<section class="card wide"><h2>Add somebody</h2>{add}</section>
{deliveries}
</div>
""")
PERSON = Markup("""
<section class="card person">
<header><span class="avatar" aria-hidden="true">{initial}</span>
<div><h2>{name}</h2><p class="quiet"><code>{sub}</code></p></div></header>
{note}<ul class="facts">{facts}</ul>
<div class="buttons">{buttons}</div>
</section>
""")
NOBODY = Markup('<section class="card wide"><p class="quiet">Nobody yet.</p></section>')
DELIVERIES = Markup(
    '<section class="card wide"><h2>Logout tokens sent</h2><ul class="rows">{}</ul></section>'
)
LATEST = 10
NO_YES = [("", "no"), ("true", "yes")]


def people(call: Call) -> Response:
    """GET /people: everybody."""
    everybody = join(_person(person) for person in call.state.people) or NOBODY
    sent = _deliveries(call.state)
    content = PAGE.format(people=everybody, add=_add(), deliveries=sent, saved=saved(call))
    return page(call.state, "People", content, "/people")


def _person(person: Person) -> Markup:
    return PERSON.format(
        initial=person.identifier[:1].upper(),
        name=person.identifier,
        sub=person.sub,
        note=Markup("<p>{}</p>").format(person.note) if person.note else "",
        facts=join(Markup("<li>{}</li>").format(fact) for fact in _facts(person)),
        buttons=join(
            [
                _toggle(person, "blocked", "Block", "Unblock"),
                _toggle(person, "denied", "Deny by an Action", "Allow again"),
                _sign_out(person),
            ]
        ),
    )


def _facts(person: Person) -> Iterator[str]:
    if person.email:
        yield "Address verified" if person.email_verified is True else "Address not verified"
        if person.phone_number:
            yield person.phone_number
    yield from (name.capitalize() for name in ("blocked", "denied") if getattr(person, name))
    if factors := [factor.factor for factor in person.factors if factor.active]:
        yield f"Factors: {', '.join(factors)}"
    yield from (f"Recovery code: {f.secret}" for f in person.factors if f.factor == "recovery-code")
    if isinstance(person.mfa, str):
        yield f"mfa_requirements: {person.mfa}"


def _toggle(person: Person, name: str, on: str, off: str) -> Markup:
    is_on = getattr(person, name)
    values = {"sub": person.sub, name: "false" if is_on else "true"}
    words = off if is_on else on
    return form("people/change", words, page="/people", css="inline", hidden=values)


def _sign_out(person: Person) -> Markup:
    values = {"sub": person.sub, "block": "true"}
    words = "Block and sign out"
    return form("people/sign-out", words, page="/people", css="inline", hidden=values)


def _deliveries(state: State) -> Markup:
    """Return the logout tokens that were sent last, with their answers."""
    latest = list(islice(reversed(state.logout_deliveries), LATEST))
    if not latest:
        return Markup("")
    row = Markup('<li><code>{}</code> <strong>{}</strong> <span class="quiet">{}</span></li>')
    rows = join(row.format(sent.url, sent.status or "no answer", sent.body) for sent in latest)
    return DELIVERIES.format(rows)


def _add() -> Markup:
    fields = [
        entry("Email address", "email", kind="email"),
        entry("Phone number", "phone_number", kind="tel", hint="+49…"),
        select("Blocked", "blocked", NO_YES),
        select("Denied", "denied", NO_YES),
        entry("Factors", "factors", hint="otp sms recovery-code"),
        select("Second factor", "mfa", [("", "as enrolled"), *((name, name) for name in MFA)]),
    ]
    return form("people", "Add", fields, page="/people", css="grid")


VIEWS: dict[str, View] = {"/people": people}
