from __future__ import annotations

import sys
from typing import Any

import pytest
from django.contrib.sessions.backends import signed_cookies
from django.contrib.sessions.middleware import SessionMiddleware

from tests import settings as suite
from tests.checks import ids

ENGINES = "django.contrib.sessions.backends"
REQUEST = "django.template.context_processors.request"
AUTH = "django.contrib.auth.context_processors.auth"
MIDDLEWARE = {
    "django.contrib.sessions.middleware.SessionMiddleware": "pwdless.E052",
    "django.middleware.csrf.CsrfViewMiddleware": "pwdless.E053",
    "django.contrib.auth.middleware.AuthenticationMiddleware": "pwdless.E054",
}
APPS_WITHOUT_SESSIONS = [app for app in suite.INSTALLED_APPS if app != "django.contrib.sessions"]


class SiteSessionMiddleware(SessionMiddleware):
    """A site's own."""


class SessionStore(signed_cookies.SessionStore):
    """A site's own; this module is its engine."""


def function_middleware(get_response: Any) -> Any:
    """Middleware that is no class."""


def middleware(path: str, *others: str) -> list[str]:
    """The suite's ``MIDDLEWARE`` with others in the place of one."""
    before, after = suite.MIDDLEWARE[: suite.MIDDLEWARE.index(path)], suite.MIDDLEWARE
    return [*before, *others, *after[len(before) + 1 :]]


def engine(*processors: str, **changes: Any) -> dict[str, Any]:
    """An entry of ``TEMPLATES``."""
    backend = "django.template.backends.django.DjangoTemplates"
    options = {"context_processors": [*processors]}
    return {"BACKEND": backend, "APP_DIRS": True, "OPTIONS": options, **changes}


@pytest.mark.parametrize("name", ["db", "cached_db", "nowhere"])
def test_sessions_app_missing(name: str) -> None:
    site: dict[str, Any] = {
        "INSTALLED_APPS": APPS_WITHOUT_SESSIONS,
        "SESSION_ENGINE": f"{ENGINES}.{name}",
    }
    assert ids(**site) == ["pwdless.E050"]


@pytest.mark.parametrize("name", ["cache", "file"])
def test_sessions_app_not_needed(name: str) -> None:
    site: dict[str, Any] = {
        "INSTALLED_APPS": APPS_WITHOUT_SESSIONS,
        "SESSION_ENGINE": f"{ENGINES}.{name}",
    }
    assert ids(**site) == []


@pytest.mark.parametrize("path", [f"{ENGINES}.signed_cookies", __name__])
def test_sessions_in_cookies(path: str) -> None:
    assert ids(SESSION_ENGINE=path) == ["pwdless.E051"]


@pytest.mark.parametrize(("path", "expected"), MIDDLEWARE.items())
def test_middleware_missing(path: str, expected: str) -> None:
    for others in ([], [f"{__name__}.function_middleware"], ["nowhere.Middleware"]):
        assert ids(MIDDLEWARE=middleware(path, *others)) == [expected]


def test_middleware_of_the_site() -> None:
    path = "django.contrib.sessions.middleware.SessionMiddleware"
    assert ids(MIDDLEWARE=middleware(path, f"{__name__}.SiteSessionMiddleware")) == []


def test_auth_app_missing() -> None:
    apps = ["django.contrib.contenttypes", "django.contrib.sessions", "django_pwdless"]
    assert ids(INSTALLED_APPS=apps) == ["pwdless.E055"]


@pytest.mark.parametrize(
    "engines",
    [
        [],
        [engine(AUTH)],
        [engine(REQUEST, OPTIONS={})],
        [engine(REQUEST, BACKEND="django.template.backends.jinja2.Jinja2")],
    ],
)
def test_context_processor_missing(engines: list[Any]) -> None:
    assert ids(TEMPLATES=engines) == ["pwdless.E056"]


def test_context_processor_in_one_engine_of_two() -> None:
    assert ids(TEMPLATES=[engine(AUTH, NAME="first"), engine(REQUEST)]) == []


def test_backend_missing() -> None:
    backends = ["django.contrib.auth.backends.ModelBackend"]
    assert ids(AUTHENTICATION_BACKENDS=backends) == ["pwdless.E057"]


def test_backend_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    from django_pwdless.backends import PasswordlessBackend

    own = type("SiteBackend", (PasswordlessBackend,), {})
    monkeypatch.setattr(sys.modules[__name__], "SiteBackend", own, raising=False)
    assert ids(AUTHENTICATION_BACKENDS=[f"{__name__}.SiteBackend"]) == []


def test_urls_missing() -> None:
    site: dict[str, Any] = {
        "ROOT_URLCONF": "django.contrib.auth.urls",
        "LOGIN_REDIRECT_URL": "login",
    }
    assert ids(**site) == ["pwdless.W051"]


def test_urlconf_broken_is_left_to_django() -> None:
    assert ids(ROOT_URLCONF="nowhere") == []


ROUTERS = "tests.journeys.databases.routers"


@pytest.mark.parametrize(
    ("router", "expected"),
    [
        ("LaggingReplica", []),
        ("OursElsewhere", ["pwdless.E059"]),
        ("EventsElsewhere", ["pwdless.E059"]),
    ],
)
def test_tables_are_where_the_users_are(router: str, expected: list[str]) -> None:
    assert ids(DATABASE_ROUTERS=[f"{ROUTERS}.{router}"]) == expected
