"""The phone: pushes to answer, calls and texts, and an authenticator app."""

from __future__ import annotations

import time

from markupsafe import Markup

from django_pwdless.localtenant.pages.layout import join
from django_pwdless.localtenant.records.inbox import Message
from django_pwdless.localtenant.state import State

from .message_parts import badge, code_part, standing, time_part
from .phone_apps import authenticator_app, pushes

SHOWN = 5
PHONE = Markup("""
<section class="phone" aria-labelledby="phone-title">
<div class="screen">
<header class="status"><h2 id="phone-title">Phone</h2><span>{time}</span></header>
{pushes}
{messages}
{app}
</div>
</section>
""")
EMPTY = Markup("""
<div class="empty"><p class="face" aria-hidden="true">☎</p>
<p>No texts yet.</p><p class="quiet">Any number will do, such as +12025550123.</p></div>
""")
MESSAGE = Markup("""
<article class="bubble {css}">
<header><h3>{to}</h3><span class="quiet">{time}{language}</span></header>
<p>{words}</p>
{code}
{badge}
</article>
""")


def phone(state: State) -> Markup:
    """Return the phone with everything on it."""
    messages = [m for m in reversed(state.inbox.messages()) if m.connection in ("sms", "voice")]
    waiting, app = pushes(state), authenticator_app(state)
    shown = join(_message(state, message) for message in messages[:SHOWN])
    return PHONE.format(
        time=time.strftime("%H:%M", time.localtime(state.clock.now())),
        pushes=waiting,
        messages=shown if shown or waiting or app else EMPTY,
        app=app,
    )


def _message(state: State, message: Message) -> Markup:
    is_good = standing(state, message) == "good"
    return MESSAGE.format(
        css="call" if message.send == "call" else "text",
        to=message.to,
        time=time_part(message),
        language=f" · {message.language}" if message.language else "",
        words=_words(message) if is_good else f"The code was {message.code}.",
        code=code_part(message) if is_good else "",
        badge=badge(state, message),
    )


def _words(message: Message) -> str:
    if message.send == "call":
        return "☎ A voice says: your code is"
    return "Your second code:" if message.purpose == "mfa" else "Your code to sign in:"
