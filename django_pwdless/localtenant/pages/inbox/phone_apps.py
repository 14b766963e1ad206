"""What apps show on the phone: pushes waiting for an answer, codes of an authenticator."""

from __future__ import annotations

from markupsafe import Markup

from django_pwdless.localtenant.logins.challenges import APPROVED, DENIED, Challenge
from django_pwdless.localtenant.pages.forms import form
from django_pwdless.localtenant.pages.layout import clock_time, join
from django_pwdless.localtenant.people.totp import PERIOD, code_of, step_at
from django_pwdless.localtenant.state import State

PUSH = Markup("""
<article class="bubble push">
<header><h3>{who}</h3></header>
<p>{words}</p>
<div class="buttons">{buttons}</div>
</article>
""")
APP = Markup("""
<section class="bubble app" aria-labelledby="app-title">
<header><h3 id="app-title">Authenticator</h3><span class="quiet">until {until}</span></header>
<ul>{rows}</ul>
</section>
""")
ROW = Markup("""
<li><span>{who}</span><output>{code}</output>
<button type="button" class="copy" data-copy="{code}">Copy<span class="hidden"> the code of {who}
</span></button></li>
""")


def pushes(state: State) -> Markup:
    """Return the pushes that wait for an answer, newest first."""
    return join(_push(challenge) for challenge in state.challenges.pushes())


def _push(challenge: Challenge) -> Markup:
    who = challenge.transaction.login.person.identifier
    if challenge.is_enrollment:
        words, buttons = (
            "The site shows a QR code. Scan it?",
            [_button(challenge, "Scan", APPROVED)],
        )
    else:
        words = "Is it you who is signing in?"
        buttons = [_button(challenge, "Approve", APPROVED), _button(challenge, "Deny", DENIED)]
    return PUSH.format(who=who, words=words, buttons=join(buttons))


def _button(challenge: Challenge, words: str, answer: str) -> Markup:
    css = "inline" if answer == DENIED else "stack"
    hidden = {"number": str(challenge.number), "answer": answer}
    return form("push", words, page="/", css=css, hidden=hidden)


def authenticator_app(state: State) -> Markup:
    """Return the codes of everybody's authenticator app, or nothing where nobody has one."""
    step = step_at(state.clock.now())
    rows = [
        ROW.format(who=person.identifier, code=code_of(factor.secret, step))
        for person in state.people
        for factor in person.factors
        if factor.factor == "otp" and factor.secret
    ]
    until = clock_time((step + 1) * PERIOD)
    return APP.format(rows=join(rows), until=until) if rows else Markup("")
