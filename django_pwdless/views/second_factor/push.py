"""What a push notification has come to, for the page that waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from django_pwdless.flows.push import poll_push
from django_pwdless.pages.owner_log import tell_owner
from django_pwdless.pages.problems import problem_from
from django_pwdless.session.pending_mfa import POLL_INTERVAL
from django_pwdless.views.base import PwdlessView

DENIED = gettext_lazy("The request was denied on your phone.")


class MFAPollView(PwdlessView):
    """Say what a push notification has come to: to the waiting page's script, or to a button."""

    needs_mfa = True
    http_method_names: Sequence[str] = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask Auth0 where it is time to."""
        if self.wants_json:
            return self.as_json(request)
        poll, pending = poll_push(request)
        if poll.status == "approved":
            return self.lead_to(poll.step, pending.next_url)
        if poll.status == "rejected":
            if poll.error is not None:
                return self.problem(poll.error)
            messages.error(request, DENIED, fail_silently=True)
        else:
            tell_owner(poll.error)
            messages.info(request, _("No answer yet. Check your phone."), fail_silently=True)
        return self.lead_to(poll.step, pending.next_url)

    @property
    def wants_json(self) -> bool:
        """Whether the script asks."""
        return "application/json" in self.request.headers.get("Accept", "")

    def start_again(self) -> HttpResponseBase:
        """Tell the script where; it reads JSON only."""
        answer = super().start_again()
        return _json("expired", POLL_INTERVAL, answer["Location"]) if self.wants_json else answer

    def as_json(self, request: HttpRequest) -> JsonResponse:
        """Answer the script, always with 200; raises ``StepMissing``."""
        poll, pending = poll_push(request)
        tell_owner(poll.error)
        if poll.status == "pending":
            return _json(poll.status, poll.interval, None)
        if poll.status == "rejected":
            # The script leads on at once: the next page says what has happened.
            text = DENIED if poll.error is None else problem_from(poll.error).title
            messages.error(request, str(text), fail_silently=True)
        target = self.lead_to(poll.step, pending.next_url)["Location"]
        return _json(poll.status, poll.interval, target)


def _json(status: str, interval: int, redirect: str | None) -> JsonResponse:
    return JsonResponse({"status": status, "interval": interval, "redirect": redirect})
