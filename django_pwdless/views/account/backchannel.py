"""Where Auth0 sends logout tokens to: nobody's browser ever comes here."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import View

from django_pwdless.conf import conf
from django_pwdless.exceptions import InvalidToken, Unavailable
from django_pwdless.flows.account.backchannel import end_by_token
from django_pwdless.pages.protection import ViewFunction, with_headers
from django_pwdless.transactions import outside_transactions

logger = logging.getLogger("django_pwdless")

MAX_BODY_BYTES = 16 * 1024
MAX_FIELDS = 20


class BackchannelLogoutView(View):
    """Take a logout token and end what it names; reads no cookie and touches no session."""

    http_method_names: Sequence[str] = ("post", "options")

    @classmethod
    def as_view(cls, **initkwargs: Any) -> ViewFunction:
        """Return the view function; what it is sent proves itself, and needs no CSRF token."""
        view: ViewFunction = super().as_view(**initkwargs)
        hidden = sensitive_variables()(sensitive_post_parameters()(view))
        # With ATOMIC_REQUESTS, no transaction stays open while Auth0 answers.
        return csrf_exempt(outside_transactions(login_not_required(with_headers(hidden))))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer only where the site lets Auth0 end sign-ins."""
        if not (conf.SIGN_INS and conf.BACKCHANNEL_LOGOUT):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End them: 200 also where there were none any more (section 2.8)."""
        token = read_token(request)
        if token is None:
            return _refusal(400, "invalid_request")
        try:
            end_by_token(token)
        except InvalidToken as error:
            logger.warning("A logout token was refused (%s).", type(error).__name__)
            return _refusal(400, "invalid_request")
        except (Unavailable, DatabaseError) as error:
            logger.error("A logout token could not be acted on (%s).", type(error).__name__)
            return _refusal(503, "temporarily_unavailable")
        return HttpResponse(content_type="text/plain")


def read_token(request: HttpRequest) -> str | None:
    """Return the one ``logout_token`` of a form of at most 16 KiB; None without it."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
        return None
    body = request.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        return None
    try:
        tokens = _tokens_of(request, body)
    except (ValueError, MultiPartParserError, SuspiciousOperation):
        return None
    return tokens[0] if len(tokens) == 1 else None


def _tokens_of(request: HttpRequest, body: bytes) -> list[str]:
    """Return each ``logout_token`` of a form: as Auth0 or Django's test client sends it."""
    if request.content_type == "application/x-www-form-urlencoded":
        return parse_qs(body.decode("ascii"), max_num_fields=MAX_FIELDS).get("logout_token", [])
    if request.content_type == "multipart/form-data":
        # Without handlers, files are read over.
        fields, _ = MultiPartParser(request.META, BytesIO(body), [], "utf-8").parse()
        return fields.getlist("logout_token")
    return []


def _refusal(status: int, error: str) -> JsonResponse:
    response = JsonResponse({"error": error}, status=status)
    if status == 503:
        response["Retry-After"] = "30"
    return response
