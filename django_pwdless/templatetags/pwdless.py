"""``{% load pwdless %}``: what the pages say that no view has to give them."""

from __future__ import annotations

from django import template

from django_pwdless.pages import clock as clocks

register = template.Library()


@register.filter
def clock(seconds: int) -> str:
    """Return minutes and seconds, like ``0:29``."""
    return clocks.clock(seconds)
