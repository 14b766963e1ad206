"""Settings of the test suite: SQLite and local memory unless the environment names a service.

``DATABASE_URL`` (``postgres://…``, ``mysql://…``) chooses the database, ``REDIS_URL`` the cache.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import dj_database_url

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
ROOT_URLCONF = "tests.urls"
USE_TZ = True
STATIC_URL = "static/"

INSTALLED_APPS = [
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
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

database_url = os.environ.get("DATABASE_URL") or "sqlite://:memory:"
DATABASES: dict[str, Any] = {"default": dj_database_url.parse(database_url)}
# A database a process, so that two runs at once do not meet, nor two workers of one run.
test_name = f"test_pwdless_{os.getpid()}"
# Nothing of it need outlast the run.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, because threads of one test must meet in one database as processes of a site do.
    test_name = str(Path(tempfile.gettempdir()) / f"{test_name}.sqlite3")
    in_memory = "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY"
    DATABASES["default"]["OPTIONS"] = {"init_command": in_memory}
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}
DATABASES["default"]["TEST"] = {"NAME": test_name}

CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
if os.environ.get("REDIS_URL"):
    CACHES["default"] = {
        "BACKEND": "tests.redis_cache.SharedRedisCache",
        "LOCATION": os.environ["REDIS_URL"],
        "KEY_PREFIX": f"test-pwdless-{os.getpid()}-",
    }

AUTHENTICATION_BACKENDS = [
    "django_pwdless.backends.PasswordlessBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Django 6.1 wants one to be named; those before take no notice.
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
LOGIN_URL = "pwdless:login"
LOGIN_REDIRECT_URL = "home"

PWDLESS: dict[str, Any] = {
    "DOMAIN": "tenant.example",
    "CLIENT_ID": "test-client-id",
    "CLIENT_SECRET": "test-client-secret",
}
