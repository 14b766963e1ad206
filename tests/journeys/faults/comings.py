"""How somebody comes to a step at which the site calls Auth0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.journeys.browser import ANN, BEN, NUMBER
from tests.journeys.hosted import log_in_hosted

from .visitor import Visitor

Come = Callable[[Visitor], None]


def nothing(visitor: Visitor) -> None:
    """It is the first step."""


def by(method: str, then: Come = nothing) -> Come:
    """Sign in by this method."""

    def come(visitor: Visitor) -> None:
        visitor.method = method
        if method == "sms-code":
            visitor.identifier = NUMBER
        then(visitor)

    return come


def ask(visitor: Visitor) -> None:
    assert visitor.begin().status_code == 302


def sign_in(visitor: Visitor) -> None:
    """Have signed in as somebody, with nothing more to do."""
    if visitor.stays is None:
        visitor.sign_in(BEN)
        visitor.stays = visitor.user_id
    visitor.identifier = ANN


def add(visitor: Visitor) -> None:
    sign_in(visitor)
    assert visitor.add().status_code == 302


def grow_old(visitor: Visitor) -> None:
    """Have signed in too long ago to add an identity."""
    if visitor.stays is None:
        visitor.sign_in(ANN)
        visitor.stays = visitor.user_id
    visitor.target = "/accounts/identities/add/"
    visitor.site.wait(601)


def reconfirmed(visitor: Visitor) -> None:
    grow_old(visitor)
    assert visitor.confirm().status_code == 302


def asked_elsewhere(visitor: Visitor) -> None:
    """Have a code that was asked for in another browser."""
    other = Visitor(visitor.tenant, visitor.site)
    ask(other)
    visitor.target = "/"


def prove_first(*factors: str, wants: str = "", **more: Any) -> Come:
    """Have these second factors, and prove the address; choose the one wanted."""

    def come(visitor: Visitor) -> None:
        visitor.has(*factors, **more)
        visitor.wants = [wants, "sms"]
        ask(visitor)
        assert visitor.answer().status_code == 302
        if wants:
            assert visitor.choose(visitor.get("mfa")).status_code == 302

    return come


def polling(in_json: bool) -> Come:
    """Have approved a push that the site does not know the answer to yet."""

    def come(visitor: Visitor) -> None:
        prove_first("push-notification")(visitor)
        visitor.wants = ["push"]
        visitor.polls_in_json = in_json
        visitor.tenant.approve_push()

    return come


def asked_with(*factors: str) -> Come:
    """Have these second factors, and ask for the code of the first."""

    def come(visitor: Visitor) -> None:
        visitor.has(*factors)
        visitor.wants = ["sms"]
        ask(visitor)

    return come


def enrolling(**fields: str) -> Come:
    def come(visitor: Visitor) -> None:
        visitor.has(mfa="enroll")
        visitor.enrolls = fields
        visitor.wants = {"otp": ["totp"], "phone": ["sms"]}.get(fields["factor"], ["push"])
        ask(visitor)
        assert visitor.answer().status_code == 302

    return come


def enrolled(**fields: str) -> Come:
    def come(visitor: Visitor) -> None:
        enrolling(**fields)(visitor)
        assert visitor.enroll().status_code == 302

    return come


def no_keys(then: Come) -> Come:
    """Come to a process of the site that has just started, beside an empty cache."""

    def come(visitor: Visitor) -> None:
        then(visitor)
        visitor.site.lose_cache()
        visitor.site.restart()

    return come


def stale_keys(then: Come) -> Come:
    """Come when the site's copy of the tenant's keys is due to be fetched again."""

    def come(visitor: Visitor) -> None:
        visitor.site.restart()
        _somebody_signs_in(visitor)
        # Each exchange asks for them: they grow old on the last steps before this one.
        visitor.site.wait(3600 - 20)
        then(visitor)
        visitor.site.wait(21)
        visitor.site.restart()

    return come


def new_key(then: Come) -> Come:
    """Come when the tenant signs with a key that the site has not seen."""

    def come(visitor: Visitor) -> None:
        if visitor.is_new:
            _somebody_signs_in(visitor)
            visitor.tenant.rotate_keys()
        # Nobody looked for an unknown key just now.
        visitor.site.wait(31)
        visitor.site.restart()
        then(visitor)

    return come


def _somebody_signs_in(visitor: Visitor) -> None:
    Visitor(visitor.tenant, visitor.site).sign_in("carol@example.com")


def link_pressed(visitor: Visitor) -> None:
    """Have pressed the mailed link, and be on the way back."""
    ask(visitor)
    visitor.returns_to = visitor.press()


def link_pressed_with(*factors: str) -> Come:
    def come(visitor: Visitor) -> None:
        visitor.has(*factors)
        visitor.wants = ["sms"]
        link_pressed(visitor)

    return come


def logged_in_there(visitor: Visitor) -> None:
    """Have logged in at Universal Login, and be on the way back."""
    visitor.method = "universal"
    address = visitor.get("universal", next=visitor.target)["Location"]
    visitor.returns_to = log_in_hosted(visitor.tenant, address)
