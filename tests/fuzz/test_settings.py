"""Any value of any setting: the checks say so, or the pages work."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.core.cache import cache
from django.core.checks import ERROR, CheckMessage, run_checks
from django.db import transaction
from django.test import override_settings
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from django_pwdless.conf import RATE_LIMITS, Configuration
from django_pwdless.localtenant import LocalTenant
from django_pwdless.urls import urlpatterns
from tests.auth0.keys import private_pem
from tests.journeys.browser import ANN, Browser

from .effort import examples
from .json_values import JSON, NUMBERS, SCALARS
from .texts import TEXTS

KEYS = sorted(Configuration.keys())
# What no JSON holds, and a settings module can.
OBJECTS = st.sampled_from([b"bytes", {"a"}, 1j, len, object(), str, range(3), (1, 2), ("a",)])
ANYTHING = JSON | OBJECTS | st.lists(TEXTS).map(tuple)

SECONDS = st.sampled_from([0.5, 59.9, 90.0]) | st.integers(0, 10**6) | st.floats(0, 1000) | NUMBERS
RATES = st.from_regex(r"[0-9]{1,9}/([1-9][0-9]{0,5})?[smhd]", fullmatch=True) | st.none() | TEXTS
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        action: st.fixed_dictionaries({}, optional=dict.fromkeys(limits, RATES))
        for action, limits in RATE_LIMITS.items()
    },
)


def some_of(*words: str) -> SearchStrategy[Any]:
    return st.lists(st.sampled_from(words), unique=True).flatmap(
        lambda found: st.sampled_from([found, tuple(found)])
    )


FLAGS = [name for name, setting in Configuration.keys().items() if type(setting.default) is bool]
SOUND: dict[str, SearchStrategy[Any]] = {
    **dict.fromkeys(FLAGS, st.booleans()),
    "DOMAIN": st.from_regex(r"(http://)?[a-z0-9.:\[\]-]{1,30}", fullmatch=True),
    "CLIENT_ID": TEXTS,
    "CLIENT_SECRET": st.none() | TEXTS,
    "CLIENT_ASSERTION_KEY": st.none() | st.just(private_pem()) | TEXTS,
    "BASE_URL": st.sampled_from(["https://www.example.com", "http://localhost:8000", None]),
    "METHODS": some_of("email-code", "email-link", "sms-code", "universal"),
    "SCOPE": TEXTS,
    "AUDIENCE": st.none() | TEXTS,
    "ALGORITHM": st.sampled_from(["RS256", "PS256", "HS256"]),
    "LEEWAY": SECONDS,
    "CODE_LENGTH": st.integers(0, 20),
    "CODE_LIFETIME": SECONDS,
    "PENDING_LIFETIME": SECONDS,
    "LINK_LIFETIME": SECONDS,
    "RESEND_COOLDOWN": SECONDS,
    "MFA_FACTORS": some_of("push-notification", "otp", "phone", "email", "recovery-code"),
    "MFA_ENROLL_FACTORS": some_of("otp", "phone", "push-notification"),
    "LOGOUT": st.sampled_from(["local", "auth0"]),
    "TRUSTED_PROXIES": NUMBERS,
    "CLIENT_IP": st.none() | st.just(f"{__name__}.nowhere") | TEXTS,
    "RATE_LIMITS": LIMITS,
    "TIMEOUT": st.tuples(SECONDS, SECONDS),
    "PHONE_REGION": st.none() | st.sampled_from(["DE", "US", "de", "XX", "001"]) | TEXTS,
    "PHONE_REGIONS": st.none() | st.lists(st.sampled_from(["DE", "US", "GB", "ZZ"])),
    "NOTICES": some_of("new_sign_in", "identity_added", "factor_added", "recovery_code_used"),
    "SITE_NAME": st.none() | TEXTS,
    "API_AUDIENCE": st.none() | TEXTS | st.lists(TEXTS),
    "API_ALGORITHM": st.sampled_from(["RS256", "PS256"]),
    "API_CLIENTS": st.none() | st.lists(TEXTS),
    "AUTH_PARAMS": st.none() | TEXTS,
    "EVENT_DAYS": NUMBERS,
    "SUPPORT_URL": st.none() | st.just("https://www.example.com/help/") | TEXTS,
}


def written(*, but: tuple[str, ...] = ()) -> SearchStrategy[dict[Any, Any]]:
    """A ``PWDLESS`` of mostly sound values; without the keys of ``but``."""
    keys = {name: value for name, value in SOUND.items() if name not in but}
    return st.fixed_dictionaries({}, optional=keys)


def found_in(pwdless: Any) -> list[CheckMessage]:
    with override_settings(PWDLESS=pwdless):
        return run_checks(tags=["pwdless"], include_deployment_checks=True)


def nowhere(request: Any) -> str:
    """Where a site may say that a request comes from."""
    return "nowhere"


def test_every_setting_is_drawn() -> None:
    assert SOUND.keys() == Configuration.keys().keys()


@examples(10)
@given(st.dictionaries(st.sampled_from(KEYS) | SCALARS, ANYTHING) | written() | ANYTHING)
def test_checks_never_raise(pwdless: Any) -> None:
    assert all(isinstance(message, CheckMessage) for message in found_in(pwdless))


# Where the tenant is, and the key it knows us by, are given.
TENANT = ("DOMAIN", "CLIENT_ID", "CLIENT_SECRET", "CLIENT_ASSERTION_KEY", "ALGORITHM")
STEPS = [
    ("login", {"identifier": ANN, "next": "/in/"}),
    ("verify", {"code": "000000"}),
    ("resend", {}),
    ("link", {"identifier": ANN, "code": "000000"}),
    ("mfa", {}),
    ("mfa_challenge", {"code": "000000"}),
    ("mfa_poll", {}),
    ("mfa_enroll", {"factor": "phone", "phone_number": "+4915123456789"}),
    ("logout", {}),
]


@pytest.mark.django_db
@pytest.mark.parametrize("is_asked_for_more", [False, True])
def test_settings_without_errors_break_no_page(
    is_asked_for_more: bool, tenant: LocalTenant
) -> None:
    factors = ["otp", "sms", "push-notification"] if is_asked_for_more else []
    tenant.add_person(ANN, factors=factors)

    @examples(2)
    @given(written(but=TENANT), st.sampled_from(["en", "de"]))
    def check(drawn: dict[str, Any], language: str) -> None:
        pwdless = {**tenant.settings, **drawn}
        wrong = [message for message in found_in(pwdless) if message.level >= ERROR]
        assume(not [message for message in wrong if message.id != "pwdless.E011"])
        with transaction.atomic(), override_settings(PWDLESS=pwdless, LANGUAGE_CODE=language):
            assert statuses(tenant) <= {200, 302, 400, 403, 404, 405, 429, 503}
            transaction.set_rollback(True)
        cache.clear()

    check()


def statuses(tenant: LocalTenant) -> set[int]:
    """Walk through all pages, with a login under way and one that succeeds."""
    browser = Browser(tenant)
    answers = [browser.ask()]
    answers += [browser.post(name, **fields) for name, fields in STEPS[:-1]]
    with suppress(LookupError):
        code = tenant.inbox.latest(ANN).code
        answers += [browser.ask(), browser.answer(code or "000000")]
    answers += [browser.get(url.name) for url in urlpatterns if "<" not in str(url.pattern)]
    answers += [browser.post(name, **fields) for name, fields in STEPS]
    return {answer.status_code for answer in answers}
