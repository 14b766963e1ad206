"""``{% load pwdless %}``: what the pages say that no view has to give them."""

from __future__ import annotations

import datetime
import re

from django import template
from django.template import Context
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from django_pwdless.conf import conf
from django_pwdless.pages import clock as clocks
from django_pwdless.pages import site_name as names

register = template.Library()
GROUP = 4
#: Up to here an address fits on a line of every page.
SHORT = 20
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"

# As Auth0 hides what is a factor's name: a number, which we hide by dots, and parts of an address.
_HIDDEN_NUMBER = re.compile(r"(?:X{4,}|•••\s?)(\d+)")
_HIDDEN_LETTERS = re.compile(r"[*]{2,}")
_HYPHEN = re.compile(r"\w-\w")
_FOLDS = re.compile(r"(?=[@.])")


@register.filter
def clock(seconds: int) -> str:
    """Return minutes and seconds, like ``0:29``."""
    return clocks.clock(seconds)


@register.filter
def groups(code: str) -> list[str]:
    """Return a long code in groups of four characters, to be read and typed.

    One that has groups of its own is left alone.
    """
    if not code.isalnum():
        return [code]
    return [code[start : start + GROUP] for start in range(0, len(code), GROUP)]


@register.filter(expects_localtime=True)
def day(moment: datetime.datetime | None) -> str:
    """Return the date in the reader's language; no line ends within it."""
    return date_format(moment, "DATE_FORMAT").replace(" ", NO_BREAK_SPACE) if moment else ""


@register.filter(expects_localtime=True)
def moment(moment: datetime.datetime | None) -> str:
    """Return date and time; a line may end between them.

    Not every language has a format of Django's for both together; those for each they all have.
    """
    if not moment:
        return ""
    date, time = day(moment), time_format(moment, "TIME_FORMAT").replace(" ", NO_BREAK_SPACE)
    comma = next((comma for comma in ",،" if comma in date), "")
    return f"{date}{comma} {time}"


@register.filter
def masked(hint: str) -> str:
    """Return a factor's name, hidden by Auth0, with the dots that hide names elsewhere.

    A number runs from left to right in every language.
    """
    hint = str(hint or "")
    if number := _HIDDEN_NUMBER.fullmatch(hint):
        return format_html('<bdi dir="ltr">•••{}{}</bdi>', NO_BREAK_SPACE, number[1])
    return _HIDDEN_LETTERS.sub("•••", hint)


@register.filter
def foldable(address: str) -> SafeString:
    """Return an address, escaped; a line may end before its ``@`` and dots where it is long."""
    address = str(address or "")
    first, *rest = _FOLDS.split(address) if len(address) > SHORT else [address]
    return format_html("{}{}", first, format_html_join("", "<wbr>{}", ([part] for part in rest)))


@register.filter
def whole_words(text: str) -> SafeString:
    """Return a text, escaped, in which no line ends at a word's hyphen if the word has room.

    One that was escaped before, with tags perhaps, stays as it is where it has any.
    """
    if isinstance(text, SafeString) and "<" in text:
        return text
    kind = SafeString if isinstance(text, SafeString) else str
    return format_html_join(" ", "{}", ([_whole(kind(word))] for word in text.split(" ")))


def _whole(word: str) -> str:
    if not _HYPHEN.search(word):
        return word
    return format_html('<span class="pwdless-whole">{}</span>', word)


@register.simple_tag(takes_context=True)
def site_name(context: Context) -> str:
    """Return ``SITE_NAME``, else what ``django.contrib.sites`` says, else nothing."""
    request = context.get("request")
    return names.site_name(request) if request is not None else conf.SITE_NAME or ""


@register.simple_tag
def support_url() -> str | None:
    """Return ``SUPPORT_URL``."""
    return conf.SUPPORT_URL
