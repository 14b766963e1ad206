"""The whole state of a session as JSON: its step, who is signed in, what the step has to say."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from django_pwdless.flows import step_context, steps
from django_pwdless.flows.account.identities import signed_in_name
from django_pwdless.flows.second_factor import enrollment
from django_pwdless.flows.steps import Place
from django_pwdless.identifiers.methods import typed_methods
from django_pwdless.pages.mfa_labels import Choice, Factor
from django_pwdless.session.login_record import RecoveryCodes
from django_pwdless.session.pending_login import PendingLogin

from .visits import Visit


def state_of(visit: Visit, *, with_secrets: bool = False) -> dict[str, Any]:
    """Return where the request's session is.

    What sets up an authenticator, and recovery codes, only ``with_secrets``: front ends send
    problems to their error trackers.
    """
    request = visit.request
    place = steps.current_place(request)
    methods = typed_methods(links=visit.can_get_links)
    return {
        "step": place.step,
        "user": _user(request),
        "methods": [
            {"name": each.name, "label": str(each.label), "connection": each.connection}
            for each in methods
        ],
        **_context(request, place, with_secrets),
        **visit.further_state(),
    }


def _user(request: HttpRequest) -> dict[str, str] | None:
    if not request.user.is_authenticated:
        return None
    return {"id": str(request.user.pk), "name": signed_in_name(request)}


def _context(request: HttpRequest, place: Place, with_secrets: bool) -> dict[str, Any]:
    """Return what the page of the step is given, under the same names."""
    match place:
        case Place(steps.CODE, PendingLogin() as pending):
            return step_context.code_context(pending)
        case Place(steps.LINK, PendingLogin() as pending):
            return step_context.link_context(pending)
        case Place(steps.RECOVERY_CODES):
            return _recovery_codes(request) if with_secrets else {}
        case Place(_, PendingLogin() as pending, mfa) if mfa is not None:
            return _mfa_context(request, place.step, pending, mfa, with_secrets)
        case Place(steps.IDENTIFY):
            remembered = PendingLogin.remembered(request)
            return {"identifier": remembered.identifier if remembered else None}
    return {}


def _recovery_codes(request: HttpRequest) -> dict[str, Any]:
    unconfirmed = RecoveryCodes.load(request)
    return {"recovery_codes": list(unconfirmed.codes) if unconfirmed else []}


def _mfa_context(
    request: HttpRequest, step: str, pending: PendingLogin, mfa: Any, with_secrets: bool
) -> dict[str, Any]:
    if step == steps.CHOOSE_FACTOR:
        context = step_context.choice_context(mfa)
        return {**context, "authenticators": [_choice(each) for each in context["authenticators"]]}
    if step == steps.ENROLL_FACTOR:
        names = enrollment.enrollable_factors(request)
        context = step_context.enrollment_context(mfa, names)
        return {**context, "factors": [_factor(each) for each in context["factors"]]}
    return step_context.answer_context(pending, mfa, with_secrets=with_secrets)


def _choice(item: Choice) -> dict[str, str]:
    return {"id": item.id, "factor": item.factor, "label": str(item.label), "hint": item.hint}


def _factor(item: Factor) -> dict[str, str]:
    return {"factor": item.name, "label": str(item.label)}
