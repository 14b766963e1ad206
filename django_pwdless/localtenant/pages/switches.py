"""The switches: what goes wrong, keys, clock, limits."""

from __future__ import annotations

from dataclasses import Field, fields
from itertools import islice
from typing import Any

from markupsafe import Markup
from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.documented_errors import ERROR_TABLES
from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.faults.armed import FAULTS, ArmedFault
from django_pwdless.localtenant.state import State
from django_pwdless.localtenant.switches import CHOICES, Switches

from .applications import applications
from .forms import entry, explained, fieldset, form, select
from .layout import clock_time, join, page, saved

PAGE = Markup("""
<h1>Switches</h1>{saved}
<p class="lead">Make the tenant misbehave, and see what your site does.</p>
<div class="cards">
<section class="card wide"><h2>What goes wrong</h2>{armed}{arm}</section>
<section class="card"><h2>Clock</h2><p>{clock}</p><div class="buttons">{advance}</div></section>
<section class="card"><h2>Signing key</h2><p class="quiet">Key id <code>{kid}</code></p>
<div class="buttons">{rotate}</div></section>
<section class="card"><h2>Start over</h2><p class="quiet">Forgets people, messages and switches.
</p><div class="buttons">{reset}</div></section>
{applications}
<section class="card wide"><h2>Behaviour</h2>{behaviour}</section>
<section class="card wide"><h2>Latest calls</h2>{calls}</section>
</div>
""")
ENDPOINTS = ("*", *ERROR_TABLES, "/.well-known/jwks.json", "/.well-known/openid-configuration")
STEPS = (("30", "+30 s"), ("180", "+3 min"), ("600", "+10 min"), ("3600", "+1 h"))
ABBREVIATIONS = {"api", "dpop", "id", "ip", "mfa", "oidc", "oob", "sms"}
LATEST = 15
#: The switches as a person looks for them.
GROUPS: dict[str, tuple[str, ...]] = {
    "Sending codes and links": (
        *("sign_ups", "connections", "bot_detection", "sms_error", "start_limit", "mail_link"),
        *("mail_scanner", "links_without_session", "link_nonce"),
    ),
    "Codes": (
        *("code_lifetime", "code_length", "exhausted_on_third", "expired_as_wrong"),
        "brute_force_limit",
    ),
    "Tokens and answers": (
        *("token_fault", "id_token_lifetime", "embedded_sid", "algorithm", "callback_fault"),
        *("access_token_fault", "access_token_lifetime", "unknown_audiences"),
        *("bad_secret_as_access_denied", "latency", "connection_latency"),
    ),
    "Application and APIs": (
        *("app_type", "forwarded_for_trusted", "oidc_conformant", "first_party", "cross_origin"),
        *("organizations", "demands_dpop", "refresh_rotation", "refresh_leeway"),
        *("refresh_lifetime", "refresh_idle_lifetime"),
        *("api_offline_access", "api_user_access", "api_demands_dpop"),
    ),
    "Messages and their providers": (
        *("connection_brute_force", "mail_template", "mail_from", "mail_provider"),
        *("sms_template", "sms_provider", "phone_provider"),
    ),
    "Tenant": (
        *("start_needs_client", "revoke_deletes_grant", "default_audience", "default_directory"),
        *("country_codes", "resource_parameter", "identifier_first", "universal_login"),
        *("suspicious_ip", "custom_domain", "custom_domain_ready", "log_events"),
        *("plan_features", "management_limit"),
    ),
    "Second factors": (
        *("mfa_on_request", "mfa_for_links", "mfa_on_refresh", "mfa_required_status"),
        "authenticators_have_type",
        *("oob_channels_as_list", "recovery_codes", "paired_factors", "disabled_factors"),
        "last_factor_stays",
        *("push_answer", "push_pending", "push_denial", "mfa_delivery_error", "mfa_limits"),
        *("hosted_factors", "mfa_policy"),
    ),
}


def switches(call: Call) -> Response:
    """GET /switches: everything that can be changed."""
    state = call.state
    content = PAGE.format(
        armed=_armed(state),
        arm=_arm(),
        clock=_clock(state),
        advance=join(
            form("clock", words, css="inline", hidden={"advance": seconds})
            for seconds, words in STEPS
        ),
        kid=state.keys.current.kid,
        rotate=_rotations(),
        behaviour=_behaviour(state.switches),
        saved=saved(call),
        applications=applications(state),
        calls=_calls(state),
        reset=form("reset", "Forget everything", css="inline"),
    )
    return page(state, "Switches", content, "/switches")


def _clock(state: State) -> str:
    ahead = round(state.clock.ahead)
    lead = f", {ahead} s ahead of this machine" if ahead else ""
    return f"It is {clock_time(state.clock.now())}{lead}."


def _armed(state: State) -> Markup:
    armed = state.faults.armed()
    if not armed:
        return Markup('<p class="quiet">Nothing at the moment.</p>')
    return Markup('<ul class="rows">{}</ul>').format(join(_armed_row(fault) for fault in armed))


def _armed_row(fault: ArmedFault) -> Markup:
    often = f"{fault.times} more" if fault.times else "until recovered"
    return Markup(
        '<li><span class="row-main"><code>{}</code> <strong>{}</strong> '
        '<span class="quiet">{}</span></span>{}</li>'
    ).format(
        fault.path,
        fault.name,
        often,
        form("recover", "Recover", css="inline", hidden={"path": fault.path}),
    )


def _arm() -> Markup:
    rows = [name for table in ERROR_TABLES.values() for name in table]
    names = dict.fromkeys((*FAULTS, *rows))
    controls = [
        select("Endpoint", "path", [(path, path) for path in ENDPOINTS]),
        select("Fault", "fault", [(name, name.replace("_", " ")) for name in names]),
        entry("How often", "times", kind="number", hint="for ever"),
        select("When", "after", [("", "instead of its work"), ("true", "after its work")]),
    ]
    return form("faults", "Make it happen", controls, css="grid")


def _rotations() -> Markup:
    return join(
        [
            form("rotate", "Rotate, keep the old", css="inline", hidden={"keep_old": "true"}),
            form("rotate", "Rotate, drop the old", css="inline"),
        ]
    )


def _behaviour(current: Switches) -> Markup:
    controls = {f.name: _switch(f, getattr(current, f.name)) for f in fields(current)}
    changed = {f.name for f in fields(current) if getattr(current, f.name) != f.default}
    grouped = [
        fieldset(title, [controls[name] for name in names], len(changed & {*names}))
        for title, names in GROUPS.items()
    ]
    return form("switches", "Save", grouped)


def _switch(field: Field[Any], value: object) -> Markup:
    return explained(_control(field.name, value), field.metadata["meaning"])


def _label(name: str) -> str:
    words = [word.upper() if word in ABBREVIATIONS else word for word in name.split("_")]
    return " ".join([words[0][0].upper() + words[0][1:], *words[1:]])


def _control(name: str, value: object) -> Markup:
    label = _label(name)
    if isinstance(value, bool):
        choices = [("true", "yes"), ("false", "no")]
        return select(label, name, choices, str(value).lower())
    if name in CHOICES:
        choices = [(choice, choice.replace("_", " ")) for choice in CHOICES[name]]
        none = [("", "none")] if _may_be_none(name) else []
        return select(label, name, [*none, *choices], str(value or ""))
    kind = "number" if isinstance(value, (int, float)) else "text"
    return entry(label, name, "" if value is None else str(value), kind)


def _may_be_none(name: str) -> bool:
    return any(f.name == name and "None" in str(f.type) for f in fields(Switches))


def _calls(state: State) -> Markup:
    latest = list(islice(reversed(state.requests), LATEST))
    if not latest:
        return Markup('<p class="quiet">None yet.</p>')
    row = Markup("<li><code>{} {}</code> <time>{}</time></li>")
    rows = join(row.format(r.method, r.path, clock_time(r.at)) for r in latest)
    return Markup('<ul class="rows">{}</ul>').format(rows)


VIEWS: dict[str, View] = {"/switches": switches}
