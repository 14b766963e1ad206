"""Parts of a message that mail and text show alike."""

from __future__ import annotations

from markupsafe import Markup

from django_pwdless.localtenant.pages.layout import clock_time
from django_pwdless.localtenant.records.inbox import Message
from django_pwdless.localtenant.state import State

WORDS = {
    "good": "newest",
    "spent": "used or replaced",
    "expired": "expired",
    "exhausted": "too many tries",
}
CODE = Markup(
    '<p class="code"><output>{code}</output>'
    '<button type="button" class="copy" data-copy="{code}">Copy<span class="hidden"> the code'
    "</span></button></p>"
)
BADGE = Markup('<span class="badge {standing}">{words}</span>')
LINK = Markup(
    '<p><a class="button" href="{link}" target="_blank" rel="noopener noreferrer">{words}</a></p>'
)


def code_part(message: Message) -> Markup:
    """Return the code, big and to be copied."""
    return CODE.format(code=message.code) if message.code else Markup("")


def link_part(message: Message) -> Markup:
    """Return a button for the link; only http and https links become one."""
    link = message.link or ""
    if not link.startswith(("https://", "http://")):
        return Markup("")
    return LINK.format(link=link, words="Sign in")


def standing(state: State, message: Message) -> str:
    """Return how a message's code stands: ``good``, ``spent``, ``expired`` or ``exhausted``."""
    if message.purpose == "mfa":
        return state.challenges.standing(message.to, message.digits)
    return state.codes.standing(message.connection, message.to, message.digits)


def badge(state: State, message: Message) -> Markup:
    """Return what has become of the message's code."""
    name = standing(state, message)
    return BADGE.format(standing=name, words=WORDS[name])


def time_part(message: Message) -> Markup:
    """Return when it was sent."""
    return Markup("<time>{}</time>").format(clock_time(message.sent_at))
