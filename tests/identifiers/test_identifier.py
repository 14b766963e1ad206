"""What people type to say who they are: threats 3 (look-alikes) and 36 (odd characters)."""

from __future__ import annotations

import sys

import pytest
from django.core.exceptions import ValidationError

from django_pwdless.identifiers.identifier import MAX_LENGTH, Identifier, parse_identifier

EMAIL = frozenset({"email"})
SMS = frozenset({"sms"})
BOTH = EMAIL | SMS
NUMBER = "+4915123456789"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("ann@example.com", "ann@example.com"),
        ("  ann@example.com\n", "ann@example.com"),
        ("\u00a0ann@example.com\u2003", "ann@example.com"),
        # Only the domain is sure to be the same in lower case.
        ("Ann@EXAMPLE.Com", "Ann@example.com"),
        ("ann+shop@example.com", "ann+shop@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("ann@bücher.example", "ann@bücher.example"),
        ("ann@BÜCHER.example", "ann@bücher.example"),
        ("ann@bu\u0308cher.example", "ann@bücher.example"),
        ("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("ann@[192.0.2.1]", "ann@[192.0.2.1]"),
    ],
)
def test_address_as_it_is_sent(text: str, sent: str) -> None:
    assert parse_identifier(text, EMAIL) == Identifier("email", sent)


# Default-ignorable, or a mark of direction: nobody sees it, and it comes along when text is copied.
INVISIBLE = [
    *("\u00ad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200d", "\u200e", "\u200f"),
    *("\u202a", "\u202c", "\u202e", "\u2060", "\u2066", "\u2069", "\u3164", "\ufe00", "\ufe0f"),
    *("\ufeff", "\uffa0", "\ufffb", "\U000e0020", "\U000e0100", "\u200b \ufeff\n"),
]


@pytest.mark.parametrize("mark", INVISIBLE, ids=ascii)
@pytest.mark.parametrize("text", ["{}ann@example.com", "ann@example.com{}"])
def test_invisible_character_beside_an_address_is_not_sent(text: str, mark: str) -> None:
    assert parse_identifier(text.format(mark), BOTH).value == "ann@example.com"


@pytest.mark.parametrize("mark", [mark for mark in INVISIBLE if len(mark) == 1], ids=ascii)
@pytest.mark.parametrize(
    "text", ["a{}nn@example.com", "ann@exam{}ple.com", "ann{0}@{0}example.com"]
)
def test_invisible_character_within_an_address_is_not_sent(text: str, mark: str) -> None:
    assert parse_identifier(text.format(mark), EMAIL).value == "ann@example.com"


@pytest.mark.parametrize(
    "text",
    [
        *("ann＠example.com", "ann﹫example.com", "ann@example。com", "ann@example．com"),
        *("ann@example｡com", "ann＠example。com"),
    ],
)
def test_signs_of_another_keyboard_are_read_as_what_they_mean(text: str) -> None:
    assert parse_identifier(text, BOTH) == Identifier("email", "ann@example.com")


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "ann", "ann@", "@example.com", "ann@example", "ann@@example.com", "@", "a@b@c"),
        *("ann@example..com", "ann@-example.com", ".ann@example.com", "ann..a@example.com"),
        *("ann smith@example.com", "ann@exam ple.com", "ann@example.com, ben@example.com"),
        *("Ann <ann@example.com>", "mailto:ann@example.com", "ann@example.com\0", "\0"),
        *("ann@example.com\r\nBcc: ben@example.com", "ann\n@example.com", "ann@example.com/../x"),
        *("ádmin@example.com", "ａnn@example.com", "ﬁn@example.com", "аnn@example.com"),
        # The validator's pattern, which knows no case, takes these for i and s.
        *("ıda@example.com", "İda@example.com", "ſam@example.com", '"ſ"@example.com'),
        *("x" * MAX_LENGTH + "@example.com", "ann@" + "x" * 100_000, NUMBER),
    ],
)
def test_malformed_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        parse_identifier(text, EMAIL)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (NUMBER, NUMBER),
        (f" {NUMBER} ", NUMBER),
        ("+49 151 234-567-89", NUMBER),
        ("+49\u00a0151\u00a023456789", NUMBER),
        ("+٤٩١٥١٢٣٤٥٦٧٨٩", NUMBER),
        ("+４９１５１２３４５６７８９", NUMBER),
    ],
)
def test_number_as_it_is_sent(text: str, sent: str) -> None:
    assert parse_identifier(text, SMS) == Identifier("sms", sent)


@pytest.mark.parametrize("has_extra", [True, False])
@pytest.mark.parametrize("space", list("\u00a0\u2007\u2009\u202f\u2011\u2013\u200e\u202c"))
def test_number_with_spaces_and_dashes_of_other_programs(
    space: str, has_extra: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thin spaces, and marks of direction, come along when a number is copied."""
    if not has_extra:
        monkeypatch.setitem(sys.modules, "phonenumbers", None)
    text = f"{space}+49{space}151{space}23456789{space}"
    assert parse_identifier(text, SMS).value == NUMBER


@pytest.mark.parametrize(
    "text",
    [
        *("", "+", "15123456789", "+0151234567", "+49", "+4915x23456789", "+49151234567890123"),
        *("+49 151\0", "ann@example.com", "+" + "1" * 100_000, "+²³²³²³²³"),
    ],
)
def test_malformed_number_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        parse_identifier(text, SMS)


@pytest.mark.parametrize(
    ("text", "connection"),
    [("ann@example.com", "email"), ("007@example.com", "email"), (NUMBER, "sms")],
)
def test_kind_is_told_from_what_was_typed(text: str, connection: str) -> None:
    assert parse_identifier(text, BOTH).connection == connection


@pytest.mark.parametrize("text", ["ann@example.com", NUMBER])
def test_nothing_is_typed_for_universal_login(text: str) -> None:
    with pytest.raises(ValidationError):
        parse_identifier(text, frozenset())


@pytest.mark.parametrize("text", ["", "ann", "ann@", "+49", "@1", "1@"])
def test_neither_address_nor_number(text: str) -> None:
    with pytest.raises(ValidationError):
        parse_identifier(text, BOTH)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ann@example.com", "ANN@EXAMPLE.COM"),
        ("ann@example.com", "ann@ｅｘａｍｐｌｅ.com"),
        ("ann@fin.example", "ann@ﬁn.example"),
        ("ann@strasse.example", "ann@STRAßE.example"),
        ("ann@bücher.example", "ann@bu\u0308cher.example"),
        ("ann@shop24.example", "ann@shop٢٤.example"),
        # A sign of its own, and the same letter.
        ("kim@example.com", "\u212aim@example.com"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@bücher.example", "ann@XN--BCHER-KVA.example"),
        ("ann@straße.example", "ann@xn--strae-oqa.example"),
        ("ann@☃.example", "ann@xn--n3h.example"),
        ("ann@例え.テスト", "ann@xn--r8jz45g。xn--zckzah"),
        ("ann@example.com", '"ann"@example.com'),
        ("ann@example.com", '"Ann"@example.com'),
        ("ann@example.com", '"\\a\\n\\n"@example.com'),
        ("ann@[2001:db8::1]", "ann@[2001:DB8:0:0:0:0:0:1]"),
    ],
)
def test_spellings_with_one_key(one: str, other: str) -> None:
    assert parse_identifier(one, EMAIL).key == parse_identifier(other, EMAIL).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ann@example.com", "anne@example.com"),
        ("ann@example.com", "ann@example.org"),
        ("ann@example.com", "ann+1@example.com"),
        # A Cyrillic letter is another letter.
        ("ann@example.com", "ann@ехample.com"),
        ("ann@example.com", '"an.n"@example.com'),
        ("ann@example.com", "ann@[192.0.2.1]"),
    ],
)
def test_addresses_with_keys_of_their_own(one: str, other: str) -> None:
    assert parse_identifier(one, EMAIL).key != parse_identifier(other, EMAIL).key


@pytest.mark.parametrize("has_extra", [True, False])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NUMBER, "+49 0151 23456789"),
        (NUMBER, "+49 00151 23456789"),
        ("+44 20 7946 0958", "+44 020 7946 0958"),
        ("+353 1 234 5678", "+353 01 234 5678"),
        ("+39 06 1234 5678", "+39 06 1234 5678"),
    ],
)
def test_numbers_with_one_key(
    one: str, other: str, has_extra: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The zero that is dialled within a country reaches the same phone from without."""
    if not has_extra:
        monkeypatch.setitem(sys.modules, "phonenumbers", None)
    assert parse_identifier(one, SMS).key == parse_identifier(other, SMS).key


@pytest.mark.parametrize(
    ("one", "other"),
    [(NUMBER, "+4915123456788"), ("+12025550100", "+20255501000"), (NUMBER, "+49301234567")],
)
def test_numbers_with_keys_of_their_own(one: str, other: str) -> None:
    assert parse_identifier(one, SMS).key != parse_identifier(other, SMS).key


@pytest.mark.parametrize(
    ("identifier", "masked"),
    [
        (Identifier("email", "ann@example.com"), "a•••@example.com"),
        (Identifier("email", "a@example.com"), "a•••@example.com"),
        (Identifier("email", "ann.of.green.gables@example.com"), "a•••@example.com"),
        (Identifier("sms", NUMBER), "+49\xa0•••\xa089"),
        (Identifier("sms", "+12025550123"), "+1\xa0•••\xa023"),
        (Identifier("sms", "+79161234567"), "+7\xa0•••\xa067"),
        (Identifier("sms", "+4232345678"), "+423\xa0•••\xa078"),
        (Identifier("sms", "+353851234567"), "+353\xa0•••\xa067"),
    ],
)
def test_masked_identifier_shows_little(identifier: Identifier, masked: str) -> None:
    assert identifier.masked == masked
