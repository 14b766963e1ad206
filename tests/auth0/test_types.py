from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.auth0.types import (
    Authenticator,
    Challenge,
    Enrollment,
    Requirements,
    TokenSet,
)
from django_pwdless.exceptions import AnswerLost, Unavailable

UNUSABLE = {
    "none": None,
    "empty": "",
    "number": 1,
    "true": True,
    "list": ["a"],
    "object": {"a": 1},
    "nul": "a\0b",
    "surrogate": "a\ud800",
    "megabytes": "a" * (2 * 1024 * 1024),
}
unusable = pytest.mark.parametrize("value", UNUSABLE.values(), ids=UNUSABLE)


# Tokens


@unusable
def test_tokens_need_an_id_token(value: Any) -> None:
    with pytest.raises(Unavailable, match="id_token"):
        TokenSet.from_wire({"id_token": value, "access_token": "a"})


@unusable
@pytest.mark.parametrize("name", ["access_token", "refresh_token", "recovery_code"])
def test_tokens_do_without_the_others(name: str, value: Any) -> None:
    assert getattr(TokenSet.from_wire({"id_token": "a", name: value}), name) is None


@pytest.mark.parametrize("value", ["a b", "a\r\nX-Injected: 1", "a\n", "é", "\x7f"])
@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
def test_token_that_no_header_takes_is_none(name: str, value: str) -> None:
    assert getattr(TokenSet.from_wire({"id_token": "a", name: value}), name) is None


@pytest.mark.parametrize(
    ("kind", "taken"), [("Bearer", True), ("bearer", True), ("DPoP", False), (None, False)]
)
def test_access_token_is_one_of_its_bearer(kind: Any, taken: bool) -> None:
    wire = {"id_token": "a", "access_token": "b", "token_type": kind}
    assert TokenSet.from_wire(wire).access_token == ("b" if taken else None)


@unusable
def test_refresh_needs_an_access_token_alone(value: Any) -> None:
    with pytest.raises(AnswerLost, match="access_token"):
        TokenSet.from_refresh({"id_token": "a", "access_token": value})
    tokens = TokenSet.from_refresh({"id_token": value, "access_token": "a"})
    assert (tokens.id_token, tokens.access_token) == ("", "a")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(86400, 86400), (0, 0), (10**40, 10**40), ("86400", None), (1.5, None), (True, None)],
)
def test_lifetime_of_tokens_is_a_whole_number(value: Any, seconds: int | None) -> None:
    assert TokenSet.from_wire({"id_token": "a", "expires_in": value}).expires_in == seconds


# Challenges and enrollments


@unusable
@pytest.mark.parametrize("kind", ["oob", "webauthn", None])
def test_challenge_needs_an_oob_code(kind: Any, value: Any) -> None:
    with pytest.raises(Unavailable, match="oob_code"):
        Challenge.from_wire({"challenge_type": kind, "oob_code": value})


@pytest.mark.parametrize("method", [None, "", 1, ["prompt"], "transfer"])
def test_challenge_by_another_method_needs_no_code(method: Any) -> None:
    answer = {"challenge_type": "oob", "oob_code": "o", "binding_method": method}
    assert Challenge.from_wire(answer) == Challenge("o", needs_code=False)


@unusable
@pytest.mark.parametrize(
    ("kind", "essential"), [("otp", "secret"), ("oob", "oob_code"), (None, "oob_code")]
)
def test_enrollment_needs_its_essential_part(kind: Any, essential: str, value: Any) -> None:
    with pytest.raises(Unavailable, match=essential):
        Enrollment.from_wire({"authenticator_type": kind, essential: value})


def test_enrollment_of_an_app_holds_what_to_scan() -> None:
    answer = {"authenticator_type": "otp", "secret": "S", "barcode_uri": "otpauth://totp/T:u"}
    expected = Enrollment(secret="S", barcode_uri="otpauth://totp/T:u", needs_code=True)
    assert Enrollment.from_wire(answer) == expected


def test_enrollment_of_a_push_holds_what_to_scan() -> None:
    answer = {"authenticator_type": "oob", "oob_channel": "auth0", "oob_code": "o"}
    found = Enrollment.from_wire({**answer, "barcode_uri": "otpauth://totp/T:u?enrollment_tx_id=1"})
    assert (found.oob_code, found.needs_code, found.secret) == ("o", False, None)
    assert found.barcode_uri == "otpauth://totp/T:u?enrollment_tx_id=1"


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["A", "B"], ("A", "B")),
        (["A", 1, None, "", "a\0", "\ud800", ["B"], "C"], ("A", "C")),
        (["A"] * 500, ("A",) * 100),
        ("AB", ()),
        ({"A": 1}, ()),
        (None, ()),
        (7, ()),
    ],
)
def test_recovery_codes_are_a_list_of_strings(codes: Any, expected: tuple[str, ...]) -> None:
    answer = {"authenticator_type": "oob", "oob_code": "o", "recovery_codes": codes}
    assert Enrollment.from_wire(answer).recovery_codes == expected


CONFIDENTIAL = [
    TokenSet("hidden", "hidden", "hidden", 1, "hidden"),
    Challenge("hidden"),
    Enrollment("hidden", True, "hidden", "hidden", ("hidden",)),
]


@pytest.mark.parametrize("value", CONFIDENTIAL, ids=lambda value: type(value).__name__)
def test_repr_shows_nothing_confidential(value: object) -> None:
    assert "hidden" not in repr(value)


# Authenticators

KINDS: list[tuple[dict[str, Any], tuple[str, str | None]]] = [
    ({"authenticator_type": "otp"}, ("otp", None)),
    ({"type": "otp", "authenticator_type": "otp"}, ("otp", None)),
    ({"type": "totp", "authenticator_type": "otp"}, ("otp", None)),
    ({"authenticator_type": "recovery-code"}, ("recovery-code", None)),
    ({"authenticator_type": "oob", "oob_channel": "sms"}, ("phone", "sms")),
    ({"authenticator_type": "oob", "oob_channel": "voice"}, ("phone", "voice")),
    ({"authenticator_type": "oob", "oob_channel": "auth0"}, ("push-notification", "auth0")),
    ({"authenticator_type": "oob", "oob_channel": "email"}, ("email", "email")),
    ({"authenticator_type": "oob", "oob_channels": "sms"}, ("phone", "sms")),
    ({"authenticator_type": "oob", "oob_channels": ["voice", "sms"]}, ("phone", "voice")),
    ({"authenticator_type": "oob", "oob_channel": ["sms"]}, ("phone", "sms")),
    ({"authenticator_type": "oob", "oob_channels": [1, None, "sms"]}, ("phone", "sms")),
    ({"type": "phone", "oob_channel": "sms"}, ("phone", "sms")),
    ({"type": "push-notification"}, ("push-notification", None)),
    ({"type": "email", "oob_channel": "email"}, ("email", "email")),
    ({"authenticator_type": "oob"}, ("", None)),
    ({"authenticator_type": "oob", "oob_channel": "pigeon"}, ("", None)),
    ({"type": "webauthn-roaming", "authenticator_type": "webauthn-roaming"}, ("", None)),
    ({"type": ["otp"], "authenticator_type": {"a": 1}}, ("", None)),
    ({"type": 1, "oob_channel": {"sms": 1}}, ("", None)),
    ({}, ("", None)),
]


@pytest.mark.parametrize(("fields", "expected"), KINDS)
def test_factor_follows_from_type_channel_and_kind(
    fields: dict[str, Any], expected: tuple[str, str | None]
) -> None:
    found = Authenticator.from_wire({"id": "x|dev_1", **fields})
    assert found is not None
    assert (found.factor, found.channel) == expected


@pytest.mark.parametrize(
    "value", [*UNUSABLE.values(), "a\nb", "a\x7f"], ids=lambda value: ascii(value)[:12]
)
def test_authenticator_without_usable_id_is_left_out(value: Any) -> None:
    assert Authenticator.from_wire({"id": value, "authenticator_type": "otp"}) is None


@pytest.mark.parametrize("entry", [None, 1, "otp", ["id"], True])
def test_authenticator_of_another_shape_is_left_out(entry: Any) -> None:
    good = {"id": "totp|dev_1", "authenticator_type": "otp"}
    assert len(Authenticator.list_from_wire([entry, good])) == 1


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"name": "XXXX9167"}, "XXXX9167"),
        ({"phone_number": "XXXX9167"}, "XXXX9167"),
        ({"name": "a phone", "phone_number": "XXXX9167"}, "a phone"),
        ({"name": 7}, ""),
        ({"name": "a\0b"}, ""),
        ({}, ""),
    ],
)
def test_authenticator_has_a_masked_name(fields: dict[str, Any], name: str) -> None:
    found = Authenticator.from_wire({"id": "1", "authenticator_type": "otp", **fields})
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("active", "expected"), [(True, True), (False, False), (None, True), ("no", True)]
)
def test_authenticator_is_active_unless_said_otherwise(active: Any, expected: bool) -> None:
    found = Authenticator.from_wire({"id": "1", "authenticator_type": "otp", "active": active})
    assert found is not None
    assert found.is_active is expected


@pytest.mark.parametrize("entries", [[None], [{}], [5, {"id": None}], [{"access_token": "a"}]])
def test_list_of_authenticators_that_nobody_can_read_is_no_empty_one(entries: Any) -> None:
    """An empty one says that nothing is enrolled, so that something may be."""
    assert Authenticator.list_from_wire([]) == ()
    with pytest.raises(Unavailable):
        Authenticator.list_from_wire(entries)


def test_list_of_authenticators_is_bounded() -> None:
    entries = [{"id": str(number), "authenticator_type": "otp"} for number in range(500)]
    assert len(Authenticator.list_from_wire(entries)) == 100


# Requirements

WANTED: list[tuple[Any, Requirements]] = [
    (None, Requirements()),
    ({}, Requirements()),
    ([], Requirements()),
    ("otp", Requirements()),
    ({"challenge": []}, Requirements()),
    ({"challenge": None, "enroll": 7}, Requirements()),
    ({"challenge": [{"type": "otp"}]}, Requirements(challenge=("otp",))),
    ({"challenge": ["otp"]}, Requirements(challenge=("otp",))),
    (
        {"challenge": [{"type": "phone"}, {"type": "otp"}, {"type": "sms"}]},
        Requirements(challenge=("phone", "otp")),
    ),
    ({"challenge": [{"type": "auth0"}]}, Requirements(challenge=("push-notification",))),
    ({"challenge": [{"type": "otp"}, {"type": "new"}]}, Requirements(challenge=("otp",))),
    ({"challenge": [{"type": "webauthn-roaming"}]}, Requirements(names_unknown_only=True)),
    ({"challenge": [None, 1, {"type": 1}, {}, []]}, Requirements()),
    ({"enroll": [{"type": "otp"}, {"type": "phone"}]}, Requirements(enroll=("otp", "phone"))),
    ({"enroll": [{"type": "new"}]}, Requirements()),
    ({"challenge_types": ["otp"]}, Requirements(challenge=("otp",))),
    ({"challenge_types": ["otp", "oob"]}, Requirements()),
    ({"challenge_types": ["oob"]}, Requirements()),
    ({"challenge": [], "challenge_types": ["otp"]}, Requirements(challenge=("otp",))),
    ({"challenge_types": "otp oob"}, Requirements()),
]


@pytest.mark.parametrize(("wire", "expected"), WANTED)
def test_requirements_are_read_in_every_shape(wire: Any, expected: Requirements) -> None:
    assert Requirements.from_wire(wire) == expected


@unusable
def test_requirements_ignore_kinds_of_another_type(value: Any) -> None:
    wire = {"challenge": [{"type": value}, {"type": "otp"}]}
    assert Requirements.from_wire(wire).challenge == ("otp",)
