"""The system checks, in their own words; those of settings that stop everything else come first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.core.checks import ERROR, CheckMessage
from django.core.exceptions import ImproperlyConfigured

from django_pwdless.conf import conf
from django_pwdless.doctor.case import Case
from django_pwdless.doctor.entry import entry
from django_pwdless.doctor.line import WARN, WRONG, Finding, Line, ok, warn, wrong

#: The ids of settings without which no tenant can be asked: the keys, the tenant, the client.
FIRST = re.compile(r"pwdless\.E0(0[0-9]|1[02]|2[0-9])")
OURS = "pwdless."
SETTING = re.compile(r'PWDLESS\["(\w+)"\]|\b([A-Z]{3,}(?:_[A-Z]+)+)\b')


@entry("settings", setting="PWDLESS")
def settings(case: Case) -> Finding | list[Line]:
    """``PWDLESS`` can be read, and names one tenant and one client."""
    found = [message for message in case.messages if FIRST.fullmatch(str(message.id))]
    return _lines(case, found) if found else ok("PWDLESS can be read.")


@entry("checks")
def checks(case: Case) -> Finding | list[Line]:
    """The app's other checks, with those of ``--deploy``."""
    found = [
        message
        for message in case.messages
        if str(message.id).startswith(OURS) and not FIRST.fullmatch(str(message.id))
    ]
    return _lines(case, found) if found else ok("The system checks of the app found nothing.")


@entry("checks.others")
def others(case: Case) -> Finding:
    """What Django and other apps check is theirs to tell; here it is counted."""
    found = [message for message in case.messages if not str(message.id).startswith(OURS)]
    if not found:
        return ok("The system checks of Django and other apps found nothing.")
    ids = ", ".join(sorted({str(message.id) for message in found}))
    text = f"Other system checks found {len(found)}: {ids}. See manage.py check --deploy."
    is_wrong = any(_status(case, message) == WRONG for message in found)
    return wrong(text) if is_wrong else warn(text)


def _lines(case: Case, messages: Iterable[CheckMessage]) -> list[Line]:
    """Return a line an id: what one check says of several places is one line."""
    lines: dict[str, Line] = {}
    for message in messages:
        text = " ".join(filter(None, (str(message.msg), str(message.hint or ""))))
        known = lines.get(str(message.id))
        text = f"{known.text} {text}" if known else text
        named = SETTING.search(text)
        setting = (named[1] or named[2]) if named else ""
        lines[str(message.id)] = Line(str(message.id), _status(case, message), "", setting, text)
    return list(lines.values())


def _status(case: Case, message: CheckMessage) -> str:
    if message.level < ERROR:
        return WARN
    # With a tenant on this machine nothing is live: what only --deploy refuses can wait.
    return WARN if _is_at_home() and message in case.deployment_messages else WRONG


def _is_at_home() -> bool:
    try:
        return conf.DOMAIN.startswith("http://")
    except (ImproperlyConfigured, AttributeError):
        return False


ENTRIES = (settings, checks, others)
