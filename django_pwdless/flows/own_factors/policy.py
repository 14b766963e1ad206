"""Which second factors go together, and which has to stay."""

from __future__ import annotations

from collections.abc import Iterable

from django_pwdless.auth0.types import Authenticator
from django_pwdless.conf import conf
from django_pwdless.flows.second_factor.policy import PHONE, PUSH, RECOVERY_CODE

APP = "otp"
# Auth0 enrolls and deletes these two together ("Manage Authentication Factors with the MFA API").
_TWINS = {PUSH: APP, APP: PUSH}


def twin_of(item: Authenticator, others: Iterable[Authenticator]) -> Authenticator | None:
    """Return what goes along where this one is deleted: texts and calls, or push and its app.

    Nothing tells an app that came with push from one that was set up by itself: where there is no
    second one, it counts as the twin.
    """
    rest = [other for other in others if other.id != item.id and other.is_active]
    return next((other for other in rest if _are_twins(item, other)), None)


def must_stay(item: Authenticator, others: Iterable[Authenticator]) -> bool:
    """Whether this is the last one, a recovery code not counted; ``FACTORS_REMOVE_LAST`` lets it.

    An unconfirmed one, and a recovery code, may always go.
    """
    if conf.FACTORS_REMOVE_LAST or item.factor == RECOVERY_CODE or not item.is_active:
        return False
    listed = [other for other in others if other.is_active]
    twin = twin_of(item, listed)
    gone = {item.id, *([twin.id] if twin else [])}
    return not any(it.id not in gone and it.factor != RECOVERY_CODE for it in listed)


def left_over(listed: Iterable[Authenticator]) -> list[Authenticator]:
    """Return what was begun and never confirmed, and can go without taking anything along."""
    items = list(listed)
    confirmed = {item.factor for item in items if item.is_active}
    return [
        item
        for item in items
        if not item.is_active
        and item.factor not in confirmed
        and _TWINS.get(item.factor) not in confirmed
    ]


def _are_twins(item: Authenticator, other: Authenticator) -> bool:
    if item.factor == other.factor == PHONE:
        is_same_number = item.name == other.name or not (item.name and other.name)
        return item.channel != other.channel and is_same_number
    return _TWINS.get(item.factor) == other.factor
