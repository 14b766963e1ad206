"""The first factor: begin a login, type its code, ask for another message, give up."""

from __future__ import annotations

from contextlib import suppress

from django_pwdless.exceptions import InvalidCode, InvalidIdentifier, SentJustNow
from django_pwdless.flows import codes, resending, sending
from django_pwdless.flows.account import confirming
from django_pwdless.forms import CodeForm, LinkForm, LoginForm
from django_pwdless.headless.call import REACHED, STAYED, Call, Reply
from django_pwdless.headless.problems import (
    SIGNED_OUT,
    Refusal,
    invalid_field,
    invalid_form,
    wrong_code,
)
from django_pwdless.identifiers.methods import fitting_method
from django_pwdless.pages.problems import ADDRESS, MESSAGE, UNDELIVERABLE
from django_pwdless.session.pending_login import PendingLogin


def show(call: Call) -> Reply:
    """Show the state, with all that its step has."""
    return REACHED


def give_up(call: Call) -> Reply:
    """Forget the pending login, where there is one."""
    PendingLogin.clear(call.request)
    return STAYED


def start(call: Call) -> Reply:
    """Have a message sent to an address or number, or to one's own identity to confirm by."""
    if "reconfirm" in call.data:
        return _reconfirm(call)
    links = call.visit.can_get_links
    form = LoginForm(call.data, links=links)
    if not form.is_valid():
        raise invalid_form(form)
    identifier = form.cleaned_data["identifier"]
    method = fitting_method(identifier.connection, form.cleaned_data["method"], links=links)
    try:
        sending.start(call.request, identifier=identifier, method=method.name, next_url="")
    except InvalidIdentifier:
        form.refuse_identifier()
        raise invalid_form(form) from None
    return REACHED


def _reconfirm(call: Call) -> Reply:
    if not call.request.user.is_authenticated:
        raise Refusal(SIGNED_OUT)
    try:
        confirming.reconfirm(call.request, pk=str(call.data["reconfirm"]), next_url="")
    except InvalidIdentifier:
        raise invalid_field("reconfirm", UNDELIVERABLE) from None
    return REACHED


def take_code(call: Call) -> Reply:
    """Take the code of the pending login."""
    pending = PendingLogin.require(call.request)
    form = CodeForm(call.data)
    if not form.is_valid():
        raise invalid_form(form)
    try:
        codes.verify_code(call.request, pending, form.cleaned_data["code"])
    except InvalidCode as error:
        raise wrong_code(form, error) from None
    return REACHED


def take_link_code(call: Call) -> Reply:
    """Take a code on any device; with a pending login whose it is, else of the typed address."""
    request = call.request
    pending = codes.waiting_for_code(PendingLogin.load(request))
    form = (LinkForm if pending is None else CodeForm)(call.data)
    if not form.is_valid():
        raise invalid_form(form)
    code = form.cleaned_data["code"]
    try:
        if pending is None:
            codes.verify_code_anywhere(request, form.cleaned_data["identifier"], code)
        else:
            codes.verify_code(request, pending, code)
    except InvalidCode as error:
        source = ADDRESS if pending is None else MESSAGE
        raise wrong_code(form, error, source=source) from None
    return REACHED


def resend(call: Call) -> Reply:
    """Send the step's message again; within the cooldown the state says how long to wait."""
    with suppress(SentJustNow):
        resending.resend(call.request, method=call.data.get("method", ""))
    return STAYED
