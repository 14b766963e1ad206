"""Checks of what the site around the app must have: apps, middleware, templates, URLs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Warning
from django.db import router
from django.urls import NoReverseMatch, reverse

from django_pwdless.checks.settings.dotted import is_listed, is_subclass
from django_pwdless.checks.settings.values import about

BACKEND = "django_pwdless.backends.PasswordlessBackend"
TEMPLATES = "django.template.backends.django.DjangoTemplates"
REQUEST = "django.template.context_processors.request"
SESSIONS = "django.contrib.sessions.backends"

MIDDLEWARE = {
    "django.contrib.sessions.middleware.SessionMiddleware": "pwdless.E052",
    "django.middleware.csrf.CsrfViewMiddleware": "pwdless.E053",
    "django.contrib.auth.middleware.AuthenticationMiddleware": "pwdless.E054",
}


def session_store() -> str:
    """Return the dotted path of the session engine's class."""
    engine = getattr(settings, "SESSION_ENGINE", None)
    return f"{engine}.SessionStore" if isinstance(engine, str) else ""


@about()
def check_sessions_app() -> Iterator[CheckMessage]:
    """The table that database sessions live in is there; other engines do without."""
    does_without = any(
        is_subclass(session_store(), f"{SESSIONS}.{engine}.SessionStore")
        for engine in ("cache", "file", "signed_cookies")
    )
    if not does_without and not apps.is_installed("django.contrib.sessions"):
        yield Error(
            "django.contrib.sessions is not in INSTALLED_APPS.",
            hint='Add "django.contrib.sessions" to INSTALLED_APPS.',
            id="pwdless.E050",
        )


@about()
def check_session_engine() -> Iterator[CheckMessage]:
    """Sessions stay on the server: a copied cookie would bring back a used-up login step."""
    if is_subclass(session_store(), f"{SESSIONS}.signed_cookies.SessionStore"):
        yield Error(
            "SESSION_ENGINE keeps sessions in cookies. Somebody could copy the cookie of a "
            "half-finished login, and use it again.",
            hint='Write SESSION_ENGINE = "django.contrib.sessions.backends.db", or cached_db, '
            "cache or file.",
            id="pwdless.E051",
        )


@about()
def check_auth_app() -> Iterator[CheckMessage]:
    """The app that has users is there."""
    if not apps.is_installed("django.contrib.auth"):
        yield Error(
            "django.contrib.auth is not in INSTALLED_APPS.",
            hint='Add "django.contrib.auth" and "django.contrib.contenttypes" to INSTALLED_APPS.',
            id="pwdless.E055",
        )


@about()
def check_middleware() -> Iterator[CheckMessage]:
    """Sessions, users and CSRF protection reach our views; a subclass will do."""
    for path, number in MIDDLEWARE.items():
        if not is_listed("MIDDLEWARE", path):
            yield Error(
                f"{path.rpartition('.')[2]} is not in MIDDLEWARE.",
                hint=f'Add "{path}" to MIDDLEWARE.',
                id=number,
            )


def gives_request(engine: Any) -> bool:
    """Whether this entry of ``TEMPLATES`` is a Django engine whose templates get the request."""
    if not isinstance(engine, dict) or not is_subclass(engine.get("BACKEND"), TEMPLATES):
        return False
    options = engine.get("OPTIONS")
    processors = options.get("context_processors") if isinstance(options, dict) else None
    return isinstance(processors, list | tuple) and REQUEST in processors


@about()
def check_context_processor() -> Iterator[CheckMessage]:
    """Our templates get the request."""
    engines = getattr(settings, "TEMPLATES", None)
    if not isinstance(engines, list | tuple) or not any(map(gives_request, engines)):
        yield Error(
            "No DjangoTemplates engine in TEMPLATES has the context processor request.",
            hint=f'Add "{REQUEST}" to "context_processors" in the "OPTIONS" of your '
            "DjangoTemplates engine.",
            id="pwdless.E056",
        )


@about()
def check_backend() -> Iterator[CheckMessage]:
    """Somebody maps what Auth0 says to a user."""
    if not is_listed("AUTHENTICATION_BACKENDS", BACKEND):
        yield Error(
            "AUTHENTICATION_BACKENDS has no PasswordlessBackend, so nobody can sign in through "
            "Auth0.",
            hint=f'Add "{BACKEND}" or your subclass of it to AUTHENTICATION_BACKENDS.',
            id="pwdless.E057",
        )


@about()
def check_databases() -> Iterator[CheckMessage]:
    """Our tables are in the database of the users."""
    ours = apps.get_app_config("django_pwdless").get_models()
    try:
        databases = {router.db_for_write(model) for model in (get_user_model(), *ours)}
    except Exception:  # a user model or router that cannot be loaded is not ours to report
        return
    if len(databases) > 1:
        yield Error(
            "DATABASE_ROUTERS write the user model and the tables of django_pwdless to different "
            "databases. Django has no relations across databases, so first logins fail.",
            hint="Route django_pwdless to the database of the user model.",
            id="pwdless.E059",
        )


def has_urls() -> bool:
    """Whether our URLs are installed; a URLconf that cannot be imported is Django's to report."""
    try:
        reverse("pwdless:login")
    except NoReverseMatch:
        return False
    except Exception:  # a site's own URLconf may raise anything while it is imported
        return bool(getattr(settings, "ROOT_URLCONF", None))
    return True


@about()
def check_urlconf() -> Iterator[CheckMessage]:
    """The pages can be reached."""
    if not has_urls():
        yield Warning(
            "The URLs of django_pwdless are not installed.",
            hint='Add path("accounts/", include("django_pwdless.urls")) to your URLconf.',
            id="pwdless.W051",
        )
