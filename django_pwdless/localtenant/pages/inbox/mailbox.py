"""Email as a mailbox shows it: the newest letter open, older ones in rows."""

from __future__ import annotations

from markupsafe import Markup

from django_pwdless.localtenant.pages.layout import join
from django_pwdless.localtenant.records.inbox import Message
from django_pwdless.localtenant.state import State

from .message_parts import badge, code_part, link_part, standing, time_part

SHOWN = 30
BOX = Markup("""
<section class="mail card" aria-labelledby="mail-title">
<header class="window"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
<h2 id="mail-title">Mailbox</h2><span class="count">{count}</span></header>
{letters}
</section>
""")
EMPTY = Markup("""
<div class="empty"><p class="face" aria-hidden="true">✉</p>
<p>No mail yet.</p><p class="quiet">Ask for a code on your site, with any address.</p></div>
""")
LETTER = Markup("""
<article class="letter {standing}">
<header><span class="avatar" aria-hidden="true">{initial}</span>
<div><h3>{subject}</h3><p class="quiet">to <strong>{to}</strong> · {time}{language}</p></div>
{badge}</header>
<p>{greeting}</p>
{code}{link}
<p class="quiet small">{advice}</p>
</article>
""")
ROW = Markup("""
<li class="{standing}">
<span class="row-main"><strong>{to}</strong> <span class="quiet">{what}</span></span>
<span class="row-side">{badge} {time}</span></li>
""")


def mailbox(state: State) -> Markup:
    """Return the mailbox with everything that went out by email."""
    mails = [m for m in reversed(state.inbox.messages()) if m.connection == "email"]
    if not mails:
        return BOX.format(count="", letters=EMPTY)
    letters = _letter(state, mails[0]) + _older(state, mails[1:])
    return BOX.format(count=len(mails), letters=letters)


def _letter(state: State, mail: Message) -> Markup:
    is_link = mail.send == "link"
    kind = "second code" if mail.purpose == "mfa" else "code"
    return LETTER.format(
        initial=mail.to[:1].upper(),
        subject="Your sign-in link" if is_link else f"Your {kind} is {mail.code}",
        to=mail.to,
        time=time_part(mail),
        language=f" · {mail.language}" if mail.language else "",
        badge=badge(state, mail),
        standing=standing(state, mail),
        greeting="Hello! Press the button to sign in."
        if is_link
        else f"Hello! Here is your {kind}.",
        code=code_part(mail),
        link=link_part(mail),
        advice="Good for one use, and only until a newer one is sent.",
    )


def _older(state: State, mails: list[Message]) -> Markup:
    if not mails:
        return Markup("")
    rows = join(_row(state, mail) for mail in mails[:SHOWN])
    return Markup('<ul class="rows">{}</ul>').format(rows)


def _row(state: State, mail: Message) -> Markup:
    what = f"code {mail.code}" if mail.code else "link"
    return ROW.format(
        standing=standing(state, mail),
        to=mail.to,
        what=what,
        badge=badge(state, mail),
        time=time_part(mail),
    )
