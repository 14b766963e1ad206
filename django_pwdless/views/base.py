"""What every view of the package shares: headers, redirects, and problems as pages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, wraps
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseForbidden,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.generic import View

from django_pwdless.conf import conf
from django_pwdless.events import browsers
from django_pwdless.exceptions import (
    AuthenticatorNotFound,
    CallbackRefused,
    PwdlessError,
    SentJustNow,
    StepMissing,
)
from django_pwdless.flows import steps
from django_pwdless.flows.sending import may_send_code_instead
from django_pwdless.limits.shared_cache import asked_once_while_down
from django_pwdless.pages.clock import clock
from django_pwdless.pages.owner_log import tell_owner
from django_pwdless.pages.problems import WAY_GONE, problem_from
from django_pwdless.pages.protection import ViewFunction, hidden, is_prefetch, with_headers
from django_pwdless.session import web_session
from django_pwdless.session.pending_login import FACTOR_ADD, PendingLogin
from django_pwdless.transactions import outside_transactions

from .next_url import PAGES, NextURLMixin


def with_session(view: ViewFunction) -> ViewFunction:
    """Serve odd session keys, second clicks that come late, and outages of the cache."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        web_session.forget_odd_key(request)
        with asked_once_while_down():
            response = view(request, *args, **kwargs)
            web_session.leave_cookie(request)
            web_session.remember_where_it_led(request, response)
        if hasattr(request, browsers.NEW):
            browsers.leave_cookie(request, response)
        return response

    return wrapped


class PwdlessView(NextURLMixin, View):
    """A step of the login: never cached, never behind a login, and never a 500 for bad luck.

    Decorators sit on the view function, not on ``dispatch``, so that a subclass that overrides
    ``dispatch`` keeps them.
    """

    #: The values of ``METHODS`` that need this page; it is a 404 where none of them is offered.
    only_for: ClassVar[tuple[str, ...]] = ()
    # Django's form views take a PUT for a POST.
    http_method_names: Sequence[str] = ("get", "head", "post", "options")
    #: Whether the page belongs to ``CUSTOMIZE_MFA``; it is a 404 without it.
    needs_mfa: ClassVar[bool] = False
    #: Whether a GET changes something: then a browser that looks ahead is sent away.
    changes_by_get: ClassVar[bool] = False
    #: Whether the page is a step of signing in or out, which no login leads on to.
    is_step: ClassVar[bool] = True
    #: The login that was pending when the request came; it may be over.
    begun: PendingLogin | None = None

    @classmethod
    def as_view(cls, **initkwargs: Any) -> ViewFunction:
        """Return the view function with everything a login page must have."""
        view: ViewFunction = super().as_view(**initkwargs)
        # Whatever breaks, the site's own code too, no error report shows a code or a token.
        protected = hidden(with_headers(with_session(csrf_protect(view))))
        return outside_transactions(login_not_required(protected))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, with a page for whatever of ours went wrong."""
        if self.only_for and not conf.offers(*self.only_for):
            raise Http404
        if self.needs_mfa and not conf.CUSTOMIZE_MFA:
            raise Http404
        if self.changes_by_get and is_prefetch(request):
            # No success, so that the page is asked for once the person goes there.
            return HttpResponseForbidden()
        # A refusal wipes the pending login, but not where the person wanted to go.
        self.begun = PendingLogin.remembered(request)
        if web_session.where_first_led(request):
            return self.start_again()
        try:
            response = self.answer(request, *args, **kwargs)
            web_session.check_session_stands(request)
        except StepMissing:
            return self.start_again()
        return response

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the page, or that of what went wrong; raises ``StepMissing``."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except StepMissing:
            raise
        except AuthenticatorNotFound:
            return self.choose_again()
        except SentJustNow as error:
            return self.wait_for_message(error.retry_after)
        except PwdlessError as error:
            return self.problem(error)

    @cached_property
    def pending(self) -> PendingLogin:
        """The login that was pending when the request came; raises ``StepMissing`` without one."""
        if self.begun is None or self.begun.is_over:
            raise StepMissing
        return self.begun

    def start_again(self) -> HttpResponseBase:
        """Lead to the first step, and say why; a person who is signed in need not start again.

        A second click on what the first one has completed leads where that one led.
        """
        if led_to := web_session.where_first_led(self.request):
            return HttpResponseRedirect(led_to)
        if self.begun is not None and self.begun.kind == FACTOR_ADD:
            return self.prove_again()
        if self.begun is None and self.request.user.is_authenticated:
            text = _("You’re already signed in.")
            messages.info(self.request, text, fail_silently=True)
        else:
            text = _("We could not continue. Start again.")
            messages.warning(self.request, text, fail_silently=True)
        return HttpResponseRedirect(self.login_url(self.begun.next_url if self.begun else ""))

    def prove_again(self) -> HttpResponseBase:
        """Lead to where a proof for changing second factors begins, and say why."""
        text = _("Confirm it’s you to change your second steps.")
        messages.warning(self.request, text, fail_silently=True)
        return HttpResponseRedirect(reverse("pwdless:factors"))

    def choose_again(self) -> HttpResponseBase:
        """Lead to the choice of a second factor, and say why."""
        messages.error(self.request, WAY_GONE, fail_silently=True)
        return HttpResponseRedirect(reverse("pwdless:mfa"))

    def wait_for_message(self, seconds: int) -> HttpResponseBase:
        """Lead back to the step whose message was sent just now, and say when it can be again."""
        # Translators: %(time)s is minutes and seconds, like 0:29.
        text = _("You can ask again in %(time)s.") % {"time": clock(seconds)}
        messages.info(self.request, text, fail_silently=True)
        return HttpResponseRedirect(self.step_url(PendingLogin.require(self.request)))

    def problem(self, error: PwdlessError) -> HttpResponse:
        """Return the page that says what went wrong and where to go on."""
        tell_owner(error)
        problem = problem_from(error)
        begun_next = self.begun.next_url if self.begun else ""
        next_url = self.get_redirect_url() or begun_next
        context = {
            **(getattr(self, "extra_context", None) or {}),
            "outcome": problem.outcome,
            "title": problem.title,
            "text": problem.text,
            "retry_after": problem.retry_after,
            "retry_url": self.get_retry_url(),
            "universal_url": self.universal_url(next_url) if problem.offers_universal else None,
            "code_instead": isinstance(error, CallbackRefused) and self.may_use_code_instead(),
        }
        template = "django_pwdless/problem.html"
        response = render(self.request, template, context, status=problem.status)
        if problem.retry_after is not None:
            response["Retry-After"] = str(problem.retry_after)
        web_session.keep_session(self.request, response)
        return response

    def may_use_code_instead(self) -> bool:
        """Whether a code can go to the address that a link was sent to."""
        pending = PendingLogin.load(self.request)
        return pending is not None and may_send_code_instead(pending)

    def get_retry_url(self) -> str:
        """Return where the person goes on: the pending step, else the first."""
        place = steps.current_place(self.request)
        if place.step in PAGES:
            return reverse(f"pwdless:{PAGES[place.step]}")
        return self.first_url(place.pending or self.begun)
