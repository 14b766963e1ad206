"""/u/login: the steps of the tenant's own login pages."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.logins.interactions import Interaction
from django_pwdless.localtenant.pages.login import login_page
from django_pwdless.localtenant.pages.problem import problem_page
from django_pwdless.localtenant.people.identifiers import is_email, is_phone_number
from django_pwdless.localtenant.people.people import Person
from django_pwdless.localtenant.steps.callbacks import lead_back_with_error
from django_pwdless.localtenant.steps.delivery import deliver_code, deliver_second_code
from django_pwdless.localtenant.steps.proof import prove_code
from django_pwdless.localtenant.steps.redirect_login import finish, needs_mfa

Step = Callable[[Call, Interaction, str], "Response | None"]


def show(call: Call) -> Response:
    """GET /u/login: the page of the step the login is at."""
    login = call.state.interactions.find(call.request.args.get("state", ""))
    return _over(call) if login is None else login_page(call.state, login)


def submit(call: Call) -> Response:
    """POST /u/login: take one step; end at the site or at the next page."""
    login = call.state.interactions.find(call.optional("state") or "")
    if login is None:
        return _over(call)
    action = call.optional("action") or ""
    step = STEPS.get(action)
    if step is None or action not in (login.step, "cancel"):
        return redirect(f"/u/login?state={login.key}", 303)
    login.problem = ""
    response = step(call, login, (call.optional(action) or "").strip())
    return response or redirect(f"/u/login?state={login.key}", 303)


def _over(call: Call) -> Response:
    return problem_page(call.state, "This login is over", "Start again at the site.", 400)


def _identify(call: Call, login: Interaction, identifier: str) -> None:
    connection = "email" if is_email(identifier) else "sms"
    wanted = login.request.connection or connection
    if wanted != connection or not (is_email(identifier) or is_phone_number(identifier)):
        login.problem = "That is not an address or number we can send a code to."
        return
    login.connection, login.identifier, login.step = connection, identifier.lower(), "code"
    person = call.state.people.find(connection, login.identifier)
    may_send = call.state.switches.sign_ups if person is None else not person.blocked
    if may_send:
        deliver_code(call, login.request.client, connection, login.identifier, "code", {})


def _prove(call: Call, login: Interaction, code: str) -> Response | None:
    try:
        person = prove_code(call, login.connection, login.identifier, code)
    except Refusal as refusal:
        if refusal.row is TOKEN["unauthorized"]:
            return _end(call, login, "blocked")
        login.problem = refusal.row.description or ""
        return None
    login.person = person
    if not person.denied and needs_mfa(call, login.request, person):
        login.step, login.second_code = "mfa", deliver_second_code(call, person)
        return None
    return _finish(call, login, person, has_mfa=False)


def _prove_second(call: Call, login: Interaction, code: str) -> Response | None:
    if login.person is None or code != login.second_code:
        login.problem = "That is not the code."
        return None
    return _finish(call, login, login.person, has_mfa=True)


def _cancel(call: Call, login: Interaction, _: str) -> Response:
    return _end(call, login, "cancelled")


def _end(call: Call, login: Interaction, error: str) -> Response:
    call.state.interactions.end(login)
    return lead_back_with_error(login.request.redirect_uri, login.request.state, error)


def _finish(call: Call, login: Interaction, person: Person, has_mfa: bool) -> Response:
    call.state.interactions.end(login)
    return finish(call, login.request, call.state.browser_sessions.begin(person, has_mfa))


STEPS: dict[str, Step] = {
    "identifier": _identify,
    "code": _prove,
    "mfa": _prove_second,
    "cancel": _cancel,
}
VIEWS: dict[str, View] = {"GET /u/login": show, "POST /u/login": submit}
