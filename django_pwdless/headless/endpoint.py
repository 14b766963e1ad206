"""A path of the JSON: from a request to its operation, and from what came of it to an answer."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from django_pwdless.exceptions import AuthenticatorNotFound, PwdlessError, StepMissing
from django_pwdless.limits.shared_cache import asked_once_while_down
from django_pwdless.pages.owner_log import tell_owner
from django_pwdless.pages.problems import WAY_GONE, problem_from
from django_pwdless.pages.protection import hidden, protect
from django_pwdless.session.web_session import check_session_stands
from django_pwdless.transactions import outside_transactions

from . import bodies, problems
from .call import Call
from .operations import Operation
from .problems import Refusal
from .state import state_of
from .visits import Visit


class Answer(NamedTuple):
    """An answer that is still to be given what the next request needs."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]


def endpoint(visit_class: type[Visit], operations: tuple[Operation, ...]) -> Any:
    """Return the view of a path for one kind of front end."""

    def view(request: HttpRequest, pk: int = 0) -> HttpResponseBase:
        visit = visit_class(request)
        try:
            with asked_once_while_down():
                response = _answered(visit, operations, pk)
        except BaseException:
            visit.abandon()
            raise
        protect(response)
        return response

    # The visit itself tells other sites' requests apart; and no error report shows a code.
    return outside_transactions(login_not_required(csrf_exempt(hidden(view))))


def _answered(visit: Visit, operations: tuple[Operation, ...], pk: int) -> HttpResponse:
    """Return the answer, with what the next request needs."""
    answer = _answer(visit, operations, pk)
    try:
        response = _leave(visit, answer)
    except Refusal as refusal:
        response = _leave(visit, _problem(visit, refusal))
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response


def _leave(visit: Visit, answer: Answer) -> HttpResponse:
    kind = bodies.CONTENT_TYPE if answer.status == 200 else problems.CONTENT_TYPE
    return visit.leave(answer.body, answer.status, kind)


def _answer(visit: Visit, operations: tuple[Operation, ...], pk: int) -> Answer:
    """Return what came of it, a problem too."""
    try:
        try:
            answer = _done(visit, operations, pk)
        except Refusal as refusal:
            answer = _problem(visit, refusal)
        check_session_stands(visit.request)
    except StepMissing:
        return _problem(visit, Refusal(visit.missing_step))
    return answer


def _done(visit: Visit, operations: tuple[Operation, ...], pk: int) -> Answer:
    """Do what is asked for; raises ``Refusal`` or ``StepMissing``."""
    visit.enter()
    call, operation = _asked(visit, operations, pk)
    try:
        reply = operation.handler(call)
    except StepMissing:
        raise
    except Http404:
        raise Refusal(problems.NOT_FOUND) from None
    except AuthenticatorNotFound:
        raise problems.invalid_field("authenticator", WAY_GONE) from None
    except PwdlessError as error:
        tell_owner(error)
        raise Refusal(problem_from(error)) from None
    state = state_of(visit, with_secrets=reply.shows_secrets)
    return Answer(200, {**state, **reply.members}, {})


def _asked(visit: Visit, operations: tuple[Operation, ...], pk: int) -> tuple[Call, Operation]:
    """Return the operation that is asked for, and what with; raises ``Refusal``."""
    by_method = {each.method: each for each in operations}
    method = "GET" if visit.request.method == "HEAD" else visit.request.method
    operation = by_method.get(method or "")
    if operation is None:
        raise Refusal(problems.WRONG_METHOD, allow=", ".join(by_method))
    if operation.is_offered is not None and not operation.is_offered():
        raise Refusal(problems.NOT_FOUND)
    is_read = operation.method == "POST"
    data = bodies.read_members(visit.request, operation.body) if is_read else {}
    call = Call(visit, data, pk)
    operation.check_who(call)
    return call, operation


def _problem(visit: Visit, refusal: Refusal) -> Answer:
    problem = refusal.problem
    body = {**problems.as_json(problem, refusal.errors), "login": state_of(visit)}
    return Answer(problem.status, body, refusal.headers)
