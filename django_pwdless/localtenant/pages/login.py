"""How the tenant's own login pages look: address, code, second factor."""

from __future__ import annotations

from markupsafe import Markup
from werkzeug.wrappers import Response

from django_pwdless.localtenant.logins.interactions import Interaction
from django_pwdless.localtenant.state import State

from .layout import POLICY, page

PAGE = Markup("""
<section class="card problem"><h1>{title}</h1><p class="quiet">{text}</p>
<form method="post" action="/u/login" class="stack">
<input type="hidden" name="state" value="{key}">
{problem}
<label class="field"><span>{label}</span><input name="{name}" value="{value}" required autofocus
 autocomplete="{autocomplete}"{more}></label>
<button type="submit" name="action" value="{name}">Continue</button>
</form>
<form method="post" action="/u/login" class="buttons">
<input type="hidden" name="state" value="{key}">
<button type="submit" class="minor" name="action" value="cancel">Cancel</button>
</form></section>
""")
PROBLEM = Markup('<p class="badge expired" id="problem" role="alert">{}</p>')
INBOX = Markup('<a href="/" target="_blank">the inbox</a>')
CODE = {"autocomplete": "one-time-code", "more": Markup(' inputmode="numeric"'), "value": ""}


def login_page(state: State, login: Interaction) -> Response:
    """Return the page for the step that ``login`` is at."""
    problem = PROBLEM.format(login.problem) if login.problem else ""
    content = PAGE.format(key=login.key, problem=problem, **_step(login))
    response = page(state, "Sign in", content)
    # No form-action here: the form ends at the site, by a redirect.
    response.headers["Content-Security-Policy"] = POLICY.replace("form-action 'self'; ", "")
    return response


def _step(login: Interaction) -> dict[str, str]:
    if login.step == "identifier":
        return _identifier(login)
    text = Markup("Enter the code for {} from {}.").format(login.identifier, INBOX)
    if login.step == "code":
        return {**CODE, "title": "Enter your code", "text": text, "label": "Code", "name": "code"}
    second = Markup("Enter the second code from {}.").format(INBOX)
    title = "Confirm it’s you"
    return {**CODE, "title": title, "text": second, "label": "Second code", "name": "mfa"}


def _identifier(login: Interaction) -> dict[str, str]:
    labels = {"email": "Email address", "sms": "Phone number"}
    connection = login.request.connection
    return {
        "title": "Sign in",
        "text": f"to {login.request.client.client_id}",
        "label": labels.get(connection or "", "Email address or phone number"),
        "name": "identifier",
        "value": login.identifier or login.request.login_hint,
        "autocomplete": "username",
        "more": "",
    }
