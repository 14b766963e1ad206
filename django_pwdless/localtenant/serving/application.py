"""From a request to its reply: host check, records, faults, endpoints."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from django_pwdless.localtenant import control, management, pages
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.control import guard
from django_pwdless.localtenant.endpoint_call import Call, View, parse_body
from django_pwdless.localtenant.endpoints import ENDPOINTS, hosted_login
from django_pwdless.localtenant.faults.armed import ArmedFault
from django_pwdless.localtenant.faults.broken_connections import Spoiler
from django_pwdless.localtenant.loopback import is_loopback_authority
from django_pwdless.localtenant.records.inbox import Message
from django_pwdless.localtenant.records.recorded_requests import RecordedRequest
from django_pwdless.localtenant.state import State

from . import mail_scanner

logger: logging.Logger = logging.getLogger("django_pwdless.localtenant")


@dataclass(frozen=True)
class Caller:
    """Who calls: number of the connection, address, whether this is its first request."""

    connection: int
    peer: str
    is_new: bool


@dataclass(frozen=True)
class Reply:
    """A response, and what is to happen to it on its way."""

    response: Response
    spoil: Spoiler | None = None
    released: threading.Event | None = None


class Application:
    """Answers for the tenant's API, its pages and its control."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._api, self._own = _routes()
        state.listeners.append(self._scan)

    def reply(self, environ: dict[str, Any], caller: Caller) -> Reply:
        """Return what to send for the request in ``environ``."""
        request = Request(environ)
        if not is_loopback_authority(request.headers.get("Host", "")):
            return Reply(Response("This tenant answers on loopback only.\n", 403))
        if self._is_own(request.path):
            return Reply(self._answer(self._own, request, caller))
        self._record(request, caller)
        self._delay(caller)
        return self._reply_of_api(request, caller)

    def _scan(self, message: Message) -> None:
        """Follow a mailed link as a mail scanner would, up to the site's door."""
        request = mail_scanner.request_for(message, self._state)
        if request is not None:
            self._record(request, Caller(0, "127.0.0.1", False))
            self._answer(self._api, request, Caller(0, "127.0.0.1", False))

    def _is_own(self, path: str) -> bool:
        return path in pages.PLACES or path.startswith(("/_tenant/", "/assets/", "/u/"))

    def _record(self, request: Request, caller: Caller) -> None:
        # What a page of another site posts could be megabytes, and it is nobody's test.
        is_kept = guard.is_same_origin(Call(self._state, request, caller.peer, {}))
        raw, body = (request.get_data(), parse_body(request)[1]) if is_kept else (b"", {})
        recorded = RecordedRequest(
            request.method,
            request.path,
            Headers(list(request.headers)),
            body,
            caller.connection,
            request.args.to_dict(),
            raw,
            self._state.clock.now(),
        )
        with self._state.lock:
            self._state.requests.append(recorded)
            self._state.connections.add(caller.connection)

    def _delay(self, caller: Caller) -> None:
        switches = self._state.switches
        seconds = switches.latency + (switches.connection_latency if caller.is_new else 0)
        if seconds > 0:
            time.sleep(seconds)

    def _reply_of_api(self, request: Request, caller: Caller) -> Reply:
        fault = self._state.faults.take(request.path)
        if fault is None or fault.after:
            response = self._answer(self._api, request, caller)
        else:
            response = Response(SAMPLE, content_type="application/json; charset=utf-8")
        response.headers.setdefault("Date", http_date(self._state.clock.now()))
        return Reply(response) if fault is None else _spoiled(fault, request.path, response)

    def _answer(self, routes: Map, request: Request, caller: Caller) -> Response:
        try:
            view, arguments = routes.bind("local").match(request.path, request.method)
            call = Call(self._state, request, caller.peer, dict(arguments))
            with self._state.lock:
                return _run(view, call)
        except HTTPException as refused:
            return Response.force_type(refused.get_response(), request.environ)
        except Exception:
            logger.exception("The local tenant failed at %s", request.path)
            return Response("The local tenant failed; its log tells why.\n", 500)


def _run(view: View, call: Call) -> Response:
    try:
        return view(call)
    except Refusal as refusal:
        return refusal.row.to_response()


def _spoiled(fault: ArmedFault, path: str, response: Response) -> Reply:
    if fault.answer is not None:
        response = fault.answer(path)
    return Reply(response, fault.spoil, fault.released)


@cache
def _routes() -> tuple[Map, Map]:
    """Return the routes of the API and of the tenant's own pages, which all tenants share."""
    own = {**pages.VIEWS, **control.VIEWS, **hosted_login.VIEWS}
    return _map({**ENDPOINTS, **management.ENDPOINTS}), _map(own)


def _map(views: dict[str, View]) -> Map:
    """Build the routes from ``{"GET,POST /path": view}`` or ``{"/path": view}`` (any GET)."""
    rules = []
    for place, view in views.items():
        methods, _, path = place.rpartition(" ")
        allowed = methods.split(",") if methods else ["GET"]
        rules.append(Rule(path, endpoint=view, methods=allowed))
    return Map(rules, strict_slashes=True, merge_slashes=False)


#: What a spoiled answer would have begun with, where the endpoint did not run.
SAMPLE = b'{"access_token": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "token_type": "Bearer"}'
