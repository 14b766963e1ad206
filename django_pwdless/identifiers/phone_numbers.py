"""Phone numbers: from what was typed to E.164, and which may be texted or called.

With the ``phone`` extra numbers are read as people write them, and kinds and regions are told
apart; without it only E.164 is taken.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from django_pwdless.conf import conf

from .characters import ascii_digits, without_invisible

MAX_LENGTH = 64
# How phonenumbers calls what lies between the countries: +870, +882, +979 and others.
NO_COUNTRY = "001"
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
# A country code (ITU-T E.164, list of assigned codes), and zeros that are dialled after it.
_COUNTRY = re.compile(
    r"(?P<code>\+(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[0-9]{3}))0*"
)


def parse_phone_number(text: str) -> str:
    """Return an E.164 number.

    Raises ``ValidationError`` for one that is malformed, of a kind whose owner earns by each call
    or message, or of a region that ``PHONE_REGIONS`` leaves out.
    """
    if len(text) > MAX_LENGTH:
        raise _malformed()
    text = "".join(map(_plain, without_invisible(text)))
    try:
        number = _as_people_write(text)
    except ImportError:
        number = ascii_digits(text.replace(" ", ""))
    if not E164.fullmatch(number):
        raise _malformed()
    return number


def phone_key(number: str) -> str:
    """Return one text for all spellings of an E.164 number: with the zero of its country or not."""
    return _COUNTRY.sub(r"\g<code>", number, count=1)


def country_code(number: str) -> str:
    """Return what an E.164 number begins with, the plus sign and one to three digits."""
    found = _COUNTRY.match(number)
    return found["code"] if found else ""


def _plain(char: str) -> str:
    """Return a space for any space or dash."""
    return " " if unicodedata.category(char) in ("Zs", "Pd") else char


def _as_people_write(text: str) -> str:
    """Read a number by its country code, or as one of ``PHONE_REGION``."""
    # A large library, loaded by the first number that is typed; absent without the extra.
    import phonenumbers

    # The library reads letters as digits of a keypad; people here mean what they type.
    if any(char.isalpha() for char in text):
        raise _malformed()
    try:
        number = phonenumbers.parse(ascii_digits(text), conf.PHONE_REGION)
    except phonenumbers.NumberParseException:
        raise _malformed() from None
    # A part of a number is possible too, for those of one town: nobody else reaches it.
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE or number.extension:
        raise _malformed()
    if _earns(number):
        raise _refused()
    regions = conf.PHONE_REGIONS
    if regions is not None and phonenumbers.region_code_for_number(number) not in regions:
        raise _refused()
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _earns(number: Any) -> bool:
    """Whether somebody may earn by calls to it: its kind, or a network that is of no country."""
    import phonenumbers

    kinds = phonenumbers.PhoneNumberType
    earning = (kinds.PREMIUM_RATE, kinds.SHARED_COST, kinds.PERSONAL_NUMBER, kinds.PAGER)
    region = phonenumbers.region_code_for_country_code(number.country_code)
    return phonenumbers.number_type(number) in earning or region == NO_COUNTRY


def _malformed() -> ValidationError:
    message = _("Enter a phone number with its country code, like +49 151 23456789.")
    return ValidationError(message, "invalid")


def _refused() -> ValidationError:
    return ValidationError(
        _("We cannot send messages to this number. Use another number."), "refused"
    )
