"""What a signed-in person does: sign out, look after identities and sign-ins."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from django_pwdless.exceptions import InvalidIdentifier
from django_pwdless.flows.account import identities, logout, sign_ins
from django_pwdless.forms import IdentifierForm
from django_pwdless.headless.call import REACHED, Call, Reply
from django_pwdless.headless.problems import LAST_IDENTITY, Refusal, invalid_form
from django_pwdless.models import Identity, SignIn
from django_pwdless.pages.page_urls import has_pages, page_url


def log_out(call: Call) -> Reply:
    """Sign out; ``logout_url`` leads on to where Auth0 ends its session too."""
    is_due = logout.sign_out(call.request) and has_pages()
    return Reply({"logout_url": page_url("logged_out") if is_due else None})


def list_identities(call: Call) -> Reply:
    """List the person's identities, oldest first."""
    own = identities.own_identities(call.request)
    return Reply({"identities": [_identity(each) for each in own]})


def begin_adding(call: Call) -> Reply:
    """Send a code to the address or number that is to be added."""
    form = IdentifierForm(call.data)
    if not form.is_valid():
        raise invalid_form(form)
    try:
        identities.begin_adding(
            call.request, identifier=form.cleaned_data["identifier"], next_url=""
        )
    except InvalidIdentifier:
        form.refuse_identifier()
        raise invalid_form(form) from None
    return REACHED


def remove_identity(call: Call) -> Reply:
    """Remove one of them, never the last."""
    if not identities.remove_identity(call.request, call.pk):
        raise Refusal(LAST_IDENTITY)
    return list_identities(call)


def list_sign_ins(call: Call) -> Reply:
    """List where the person is signed in, newest first."""
    return Reply({"sign_ins": [_sign_in(each) for each in sign_ins.own_sign_ins(call.request)]})


def end_others(call: Call) -> Reply:
    """End all sign-ins but this one."""
    sign_ins.end_others(call.request)
    return list_sign_ins(call)


def end_sign_in(call: Call) -> Reply:
    """End one of them; this one's end signs the person out."""
    if sign_ins.end_own(call.request, call.pk):
        return Reply({"sign_ins": []})
    return list_sign_ins(call)


def _identity(item: Identity) -> dict[str, Any]:
    return {
        "id": item.pk,
        "label": item.label,
        "email": item.email,
        "phone_number": item.phone_number,
        "connection": item.connection,
        "created_at": _moment(item.created_at),
    }


def _sign_in(item: SignIn) -> dict[str, Any]:
    return {
        "id": item.pk,
        "current": item.current,
        "browser": item.browser,
        "system": item.system,
        "method": item.method,
        "created_at": _moment(item.created_at),
        "last_seen_at": _moment(item.last_seen_at),
    }


def _moment(value: datetime) -> str:
    """Return a time as RFC 3339 has it, in UTC also where ``USE_TZ`` is off."""
    return value.astimezone(timezone.utc).isoformat()
