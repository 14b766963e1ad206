"""A small site that signs people in through Auth0. What it needs comes from the environment.

``AUTH0_DOMAIN``, ``AUTH0_CLIENT_ID``, ``AUTH0_CLIENT_SECRET``
    the tenant and the application there.
``SECRET_KEY``, ``ALLOWED_HOSTS``, ``DATABASE_FILE``
    as Django names them; lists are separated by commas.
``BASE_URL``, ``TRUSTED_PROXIES``, ``REDIS_URL``, ``STATIC_ROOT``
    what a site behind a proxy needs; ``deploy`` has one.
``DEBUG``
    ``1`` for development.
``METHODS``
    the ways to sign in, in the order in which they are offered.
``API_AUDIENCE``
    the identifier of the API at Auth0 that access tokens are for.
``API_URL``
    where the account page calls that API with the person's token: its own, in the demo.
``NOTICES``
    what people are told by mail.
``STAFF_EMAILS``
    verified addresses whose owners may use the admin.
``INBOX_URL``
    where a local tenant shows what it sends; ``demo.py`` sets it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import django


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


BASE_DIR = Path(__file__).parent.parent

DEBUG = os.environ.get("DEBUG") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY") or ("only-for-development" if DEBUG else "")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS")

INSTALLED_APPS = [
    "example",
    "django_pwdless.contrib.admin.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_pwdless",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_pwdless.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# The pages of django_pwdless ask for no exception from a strict policy.
if django.VERSION >= (6, 0):
    MIDDLEWARE.insert(1, "django.middleware.csp.ContentSecurityPolicyMiddleware")
    SECURE_CSP = {"default-src": ["'self'"], "form-action": ["'self'"]}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "example.context_processors.inbox",
            ],
        },
    },
]

ROOT_URLCONF = "example.urls"
WSGI_APPLICATION = "example.wsgi.application"
STATIC_URL = "static/"
STATIC_ROOT = os.environ.get("STATIC_ROOT")
TIME_ZONE = "UTC"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DATABASE_FILE") or BASE_DIR / "example.sqlite3",
    },
}

# Rate limits live in the cache. A site with more than one process needs a shared one, as Redis is.
CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
if os.environ.get("REDIS_URL"):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["REDIS_URL"],
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }

# In development a mail is printed. Nobody's sign-in waits long for a mail server that is silent.
MAIL_BACKEND = f"django.core.mail.backends.{'console' if DEBUG else 'smtp'}.EmailBackend"
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": MAIL_BACKEND, "OPTIONS": {} if DEBUG else {"timeout": 5}}}
else:
    EMAIL_BACKEND = MAIL_BACKEND
    EMAIL_TIMEOUT = 5

# Nobody has a password here: ModelBackend is not needed.
AUTHENTICATION_BACKENDS = ["example.backends.ExampleBackend"]
STAFF_EMAILS = env_list("STAFF_EMAILS")
INBOX_URL = os.environ.get("INBOX_URL")
API_URL = os.environ.get("API_URL")

LOGIN_URL = "pwdless:login"
LOGIN_REDIRECT_URL = "account"
LOGOUT_REDIRECT_URL = "home"

PWDLESS: dict[str, Any] = {
    "DOMAIN": os.environ.get("AUTH0_DOMAIN", ""),
    "CLIENT_ID": os.environ.get("AUTH0_CLIENT_ID", ""),
    "CLIENT_SECRET": os.environ.get("AUTH0_CLIENT_SECRET"),
    "METHODS": env_list("METHODS", "email-code"),
    "BASE_URL": os.environ.get("BASE_URL"),
    "TRUSTED_PROXIES": int(os.environ.get("TRUSTED_PROXIES", "0")),
    "CUSTOMIZE_MFA": os.environ.get("CUSTOMIZE_MFA") == "1",
    "LOGOUT": os.environ.get("LOGOUT", "local"),
    # Native apps call the site's API with access tokens for it; a first call makes their user.
    "API_AUDIENCE": os.environ.get("API_AUDIENCE"),
    "API_CREATE_USERS": True,
    # Needs the two above it: a proof at Universal Login, and pages for second factors.
    "FACTORS_PAGE": os.environ.get("FACTORS_PAGE") == "1",
    "SIGN_INS": True,
    # What happened is kept for the admin; the person hears of it by mail.
    "EVENTS": True,
    "NOTICES": env_list("NOTICES"),
    # The site itself calls it too, with the token of whoever is signed in.
    "TOKENS": bool(os.environ.get("API_AUDIENCE")),
    "AUDIENCE": os.environ.get("API_AUDIENCE"),
    "SCOPE": "openid profile email",
    # Auth0 has it in the Enterprise plan only.
    "BACKCHANNEL_LOGOUT": os.environ.get("BACKCHANNEL_LOGOUT") == "1",
}
if PWDLESS["TOKENS"]:
    PWDLESS["SCOPE"] += " read:account offline_access"
if DEBUG:
    # Loose enough to play with; a real site keeps the defaults.
    PWDLESS["RESEND_COOLDOWN"] = 5
    PWDLESS["RATE_LIMITS"] = {
        "start": {"ip": "500/h", "pair": "200/h", "identifier": "200/h"},
        "verify": {"ip": "500/h", "pending": "50/15m"},
        "link": {"ip": "500/h", "pair": "200/h", "identifier": "200/h"},
        "mfa": {"ip": "500/h", "pending": "50/15m"},
        "redirect": {"ip": "500/h"},
    }

if not DEBUG:
    SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 3600
    # Other hosts of the domain may speak http still.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    if PWDLESS["TRUSTED_PROXIES"]:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
