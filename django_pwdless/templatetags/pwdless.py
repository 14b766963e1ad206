"""``{% load pwdless %}``: what the pages say that no view has to give them."""

from __future__ import annotations

from django import template
from django.template import Context

from django_pwdless.conf import conf
from django_pwdless.pages import clock as clocks
from django_pwdless.pages import site_name as names

register = template.Library()
GROUP = 4


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


@register.simple_tag(takes_context=True)
def site_name(context: Context) -> str:
    """Return ``SITE_NAME``, else what ``django.contrib.sites`` says, else nothing."""
    request = context.get("request")
    return names.site_name(request) if request is not None else conf.SITE_NAME or ""


@register.simple_tag
def support_url() -> str | None:
    """Return ``SUPPORT_URL``."""
    return conf.SUPPORT_URL
