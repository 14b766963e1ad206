"""The parsers of what people type and proxies write: a sound result or a refusal, for any text."""

from __future__ import annotations

import ipaddress
import unicodedata
from contextlib import suppress
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from django_pwdless import forms as our_forms
from django_pwdless.identifiers.identifier import parse_identifier
from django_pwdless.identifiers.phone_numbers import parse_phone_number
from django_pwdless.limits.client_ip import client_address, limit_key, routable

from .effort import examples
from .pages import Page
from .texts import CODES, IDENTIFIERS, MARK, NUMBERS, TEXTS

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large")

EMAIL, SMS = frozenset({"email"}), frozenset({"sms"})


def configure(settings: Any, **keys: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, **keys}


@examples(19)
@given(IDENTIFIERS | st.emails(), st.sampled_from([EMAIL, SMS, EMAIL | SMS]))
def test_identifier_that_is_taken_is_taken_again(text: str, connections: frozenset[str]) -> None:
    try:
        identifier = parse_identifier(text, connections)
    except ValidationError:
        return
    assert identifier.connection in connections
    assert unicodedata.is_normalized("NFC", identifier.value)
    assert parse_identifier(identifier.value, connections) == identifier
    other = identifier.value.upper()
    if other.casefold() == identifier.value.casefold():  # not so for a dotless i
        assert parse_identifier(other, connections).key == identifier.key
    assert identifier.masked != identifier.value
    identifier.value.encode()


@examples(13)
@given(NUMBERS | TEXTS, st.sampled_from([None, "DE", "US"]), st.sampled_from([None, ["DE"]]))
def test_number_that_is_taken_is_e164(
    settings: Any, text: str, region: str | None, regions: list[str] | None
) -> None:
    configure(settings, PHONE_REGION=region, PHONE_REGIONS=regions)
    with suppress(ValidationError):
        number = parse_phone_number(text)
        assert number.startswith("+") and number[1:].isascii() and number[1:].isdigit()
        assert 8 <= len(number) <= 16
        assert parse_phone_number(number) == number
        assert regions is None or number.startswith("+49")


FORMS = st.sampled_from(
    [our_forms.CodeForm, our_forms.FactorCodeForm, our_forms.RecoveryCodeForm, our_forms.LinkForm]
)


@examples(13)
@given(FORMS, CODES, IDENTIFIERS)
def test_code_is_clean_or_refused_and_never_shown(
    form_class: type[forms.Form], code: str, identifier: str
) -> None:
    form = form_class({"code": code, "identifier": identifier})
    if "code" not in form.errors:
        cleaned = form.cleaned_data["code"]
        assert cleaned.isascii() and cleaned.isalnum() and 4 <= len(cleaned) <= 64
    check_page(form)


@examples(19)
@given(
    st.sampled_from([["otp"], ["phone"], ["phone", "otp"]]),
    st.sampled_from(["otp", "phone"]) | TEXTS,
    NUMBERS | TEXTS,
    st.sampled_from(["sms", "voice"]) | TEXTS,
)
def test_enrollment_is_clean_or_refused(
    factors: list[str], factor: str, number: str, channel: str
) -> None:
    fields = {"factor": factor, "phone_number": number, "channel": channel}
    form = our_forms.EnrollForm(fields, factors=factors)
    if form.is_valid():
        assert form.cleaned_data["factor"] in factors
        assert form.cleaned_data.get("channel", "sms") in {"sms", "voice"}
    check_page(form)


def check_page(form: forms.Form) -> None:
    html = form.as_div()
    html.encode()
    page = Page(html)
    assert not page.value_of("code")
    assert not [name for name in page.names if name.startswith(MARK)]


ADDRESSES = (
    st.ip_addresses().map(str)
    | st.builds("[{}]:{}".format, st.ip_addresses(v=6), st.integers(0, 99999))
    | st.builds("{}:{}".format, st.ip_addresses(v=4), TEXTS)
    | st.builds("{}%{}".format, st.ip_addresses(v=6), TEXTS)
    | st.from_regex(r"[0-9a-f.:%\[\]x]{0,45}", fullmatch=True)
    | TEXTS
)


@pytest.fixture
def trusted(settings: Any) -> None:
    configure(settings, TRUSTED_PROXIES=1)


@examples(19)
@given(st.lists(ADDRESSES, max_size=4), ADDRESSES)
def test_client_address_is_one_or_none(trusted: None, entries: list[str], remote: str) -> None:
    headers = {"HTTP_X_FORWARDED_FOR": ",".join(entries)} if entries else {}
    address = client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))
    if address is None:
        assert limit_key(address) is None and routable(address) is None
        return
    key = ipaddress.ip_address(str(limit_key(address)))
    assert key.version == address.version
    assert routable(address) in (None, str(address))
    assert getattr(address, "ipv4_mapped", None) is None


@examples(13)
@given(st.ip_addresses(v=6), st.ip_addresses(v=6))
def test_one_persons_addresses_count_as_one(trusted: None, one: Any, other: Any) -> None:
    """Threat 18: the lower half is theirs to choose."""
    moved = ipaddress.IPv6Address((int(one) >> 64 << 64) | (int(other) & (2**64 - 1)))
    requests = [RequestFactory().get("/", REMOTE_ADDR=f"[{it}]:443") for it in (one, moved)]
    keys = {limit_key(client_address(request)) for request in requests}
    assert len(keys) == 1 or None in keys or any("." in key for key in keys if key)
