"""Say that a person has one more second factor, or one fewer: a signal and a line of the log."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.dispatch import Signal
from django.http import HttpRequest

from django_pwdless import signals
from django_pwdless.events.outcome import FACTOR_ADDED, FACTOR_REMOVED, Outcome
from django_pwdless.events.telling import tell


def tell_added(request: HttpRequest, factor: str) -> None:
    """One more, at a login or afterwards."""
    _tell(request, factor, FACTOR_ADDED, signals.factor_added)


def tell_removed(request: HttpRequest, factor: str) -> None:
    """One fewer."""
    _tell(request, factor, FACTOR_REMOVED, signals.factor_removed)


def _tell(request: HttpRequest, factor: str, kind: str, signal: Signal) -> None:
    tell(Outcome(kind, request, factor, user_pk=request.user.pk))
    signal.send(sender=get_user_model(), request=request, user=request.user, factor=factor)
