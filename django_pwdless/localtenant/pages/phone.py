"""Text messages as a phone shows them."""

from __future__ import annotations

import time

from markupsafe import Markup

from django_pwdless.localtenant.inbox import Message
from django_pwdless.localtenant.state import State

from .layout import join
from .message_parts import badge, code_part, standing, time_part

SHOWN = 12
PHONE = Markup("""
<section class="phone" aria-labelledby="phone-title">
<div class="screen">
<header class="status"><h2 id="phone-title">Phone</h2><span>{time}</span></header>
{content}
</div>
</section>
""")
EMPTY = Markup("""
<div class="empty"><p class="face" aria-hidden="true">☎</p>
<p>No texts yet.</p><p class="quiet">Any number will do, such as +4915112345678.</p></div>
""")
TEXT = Markup("""
<article class="bubble">
<header><h3>{to}</h3><span class="quiet">{time}{language}</span></header>
<p>{words}</p>
{code}
{badge}
</article>
""")


def phone(state: State) -> Markup:
    """Return the phone with every text message."""
    texts = [m for m in reversed(state.inbox.messages()) if m.connection == "sms"]
    content = join(_text(state, text) for text in texts[:SHOWN]) or EMPTY
    now = time.localtime(state.clock.now())
    return PHONE.format(time=time.strftime("%H:%M", now), content=content)


def _text(state: State, text: Message) -> Markup:
    is_good = standing(state, text) == "good"
    return TEXT.format(
        to=text.to,
        time=time_part(text),
        language=f" · {text.language}" if text.language else "",
        words="Your code to sign in:" if is_good else f"Your code was {text.code}.",
        code=code_part(text) if is_good else "",
        badge=badge(state, text),
    )
