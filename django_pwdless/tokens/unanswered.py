"""What people get where a page needs an access token that there is not, and does not say itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.http.request import MediaType
from django.shortcuts import render
from django.utils.translation import gettext as _

from django_pwdless.conf import conf
from django_pwdless.exceptions import TokenUnavailable
from django_pwdless.identifiers.methods import UNIVERSAL
from django_pwdless.pages.page_urls import has_pages, page_url
from django_pwdless.pages.protection import protect

# The session was led to the login page once for want of a token, and has had none since.
LED_KEY = "_pwdless_led_for_token"


def answer_without_token(request: HttpRequest, error: TokenUnavailable) -> HttpResponseBase:
    """Lead a person to the login page, once; else say what is missing, in the form they take."""
    response: HttpResponseBase
    if not (_takes_html(request) and has_pages()):
        response = JsonResponse({"error": "token_unavailable", "reason": error.reason}, status=401)
    elif _may_lead(request, error):
        response = HttpResponseRedirect(_login_url(request))
    else:
        response = _problem(request, error)
    protect(response)
    return response


def forget_led(request: HttpRequest) -> None:
    """A token was had: the next time that there is none, its person is led again."""
    if LED_KEY in request.session:
        del request.session[LED_KEY]


def _may_lead(request: HttpRequest, error: TokenUnavailable) -> bool:
    if request.method not in ("GET", "HEAD") or error.reason == "mfa_required":
        return False
    if not request.user.is_authenticated:
        # They sign in there, which cannot go on for ever; and no session is made for strangers.
        return True
    is_first = LED_KEY not in request.session
    request.session[LED_KEY] = True
    return is_first


def _takes_html(request: HttpRequest) -> bool:
    """Whether the client names HTML, as browsers do: ``*/*`` is what programs say."""
    accepted = map(MediaType, request.headers.get("Accept", "").split(","))
    return any(
        (kind.main_type, kind.sub_type) == ("text", "html") and kind.quality > 0
        for kind in accepted
    )


def _login_url(request: HttpRequest) -> str:
    return page_url("login", next=request.get_full_path(), confirm="1")


def _problem(request: HttpRequest, error: TokenUnavailable) -> HttpResponseBase:
    """Return the page that says what to do, with the way on."""
    needs_mfa = error.reason == "mfa_required"
    by_universal = needs_mfa and conf.offers(UNIVERSAL)
    here = request.get_full_path()
    context = {
        "outcome": "step_up" if needs_mfa else "token_unavailable",
        "title": _("Confirm it’s you"),
        "text": _("To open this page, confirm with a second step.")
        if needs_mfa
        else _("To open this page, sign in again."),
        "retry_after": None,
        "code_instead": False,
        "universal_url": page_url("universal", next=here, mfa="1") if by_universal else None,
        "retry_url": None if by_universal else _login_url(request),
    }
    return render(request, "django_pwdless/problem.html", context, status=403)
