"""Checks of what may be texted and called, which costs money."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from importlib import import_module
from typing import Any

from django.core.checks import CheckMessage, Error, Warning

from django_pwdless.conf import conf

from .settings.values import about

CODE = re.compile(r"[A-Z]{2}")


def known_regions() -> Collection[str] | None:
    """Return every region that has telephone numbers; None without the ``phone`` extra."""
    try:
        regions: Collection[str] = import_module("phonenumbers").SUPPORTED_REGIONS
    except ImportError:
        return None
    return regions


def is_region(text: str) -> bool:
    """Whether this is a two-letter region, and one with telephone numbers where we can tell."""
    known = known_regions()
    return CODE.fullmatch(text) is not None and (known is None or text in known)


@about("PHONE_REGION", "PHONE_REGIONS")
def check_regions(region: str | None, regions: Sequence[str] | None) -> Iterator[CheckMessage]:
    """Each region is one: another name would allow no number at all."""
    named = [("PHONE_REGION", region)] if region is not None else []
    for name, value in [*named, *(("PHONE_REGIONS", value) for value in regions or ())]:
        if not is_region(value):
            yield Error(
                f'PWDLESS["{name}"] does not know the region {value!r}.',
                hint='Write two-letter ISO regions in upper case, such as "DE" or "GB".',
                id="pwdless.E040",
            )


@about("PHONE_REGION", "PHONE_REGIONS")
def check_extra(region: str | None, regions: Sequence[str] | None) -> Iterator[CheckMessage]:
    """What reads telephone numbers is installed where it is needed."""
    if (region is not None or regions is not None) and known_regions() is None:
        yield Error(
            'PWDLESS["PHONE_REGION"] and PWDLESS["PHONE_REGIONS"] need the package phonenumbers.',
            hint="Install it: python -m pip install phonenumberslite (it comes with the extra "
            '"phone").',
            id="pwdless.E041",
        )


@about(
    *("METHODS", "PHONE_REGIONS", "RATE_LIMITS"),
    *("CUSTOMIZE_MFA", "MFA_FACTORS", "MFA_ENROLL_FACTORS"),
)
def check_pumping(
    methods: Sequence[str],
    regions: Any,
    limits: Any,
    has_mfa: bool,
    factors: Sequence[str],
    enrolled: Sequence[str],
) -> Iterator[CheckMessage]:
    """Strangers cannot make the site text and call numbers of their choice without end."""
    by_enrollment = has_mfa and "phone" in factors and "phone" in enrolled
    is_bounded = regions is not None or conf.rate_limits("start").get("site") is not None
    if ("sms-code" in methods or by_enrollment) and not is_bounded:
        yield Warning(
            f"{'Second factors' if by_enrollment else 'Codes'} are texted to numbers of any "
            "region, and nothing limits how many the site sends. Strangers can run up the bill.",
            hint='Write "PHONE_REGIONS": ["DE", "AT"] with the regions you serve, or '
            '"RATE_LIMITS": {"start": {"site": "500/d"}}; or leave "phone" out of '
            '"MFA_ENROLL_FACTORS".',
            id="pwdless.W040",
        )
