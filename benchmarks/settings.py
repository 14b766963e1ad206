"""A small site as it would run: no debugging, sessions in the database, CSRF and limits on.

``DATABASE_URL`` chooses the database (else an SQLite file), ``REDIS_URL`` the cache (else local
memory). The limits are loose, since one machine signs in here as thousands do, but they count.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import dj_database_url
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

DEBUG = False
SECRET_KEY = "only-for-benchmarks"
ALLOWED_HOSTS = ["site.localhost"]
ROOT_URLCONF = "urls"
USE_TZ = True
SECURE_SSL_REDIRECT = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
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

TEMPLATES = [
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

DATABASES: dict[str, Any] = {"default": dj_database_url.config(default="sqlite://:memory:")}
# Connections last, as on any site that cares how fast it is.
DATABASES["default"]["CONN_MAX_AGE"] = 600
# A database of this run's own, made before and dropped afterwards.
folder = Path(os.environ["BENCHMARK_FOLDER"])
DATABASES["default"]["TEST"] = {"NAME": folder.name}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(folder / "site.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
# Under ASGI each request has a thread of its own: a pool is what keeps connections.
if os.environ.get("BENCHMARK_POOL") and DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"max_size": int(os.environ["BENCHMARK_POOL"]), "timeout": 60}
    }

CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
if "REDIS_URL" in os.environ:
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["REDIS_URL"],
    }

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "pwdless:login"
LOGIN_REDIRECT_URL = "/"

# A process that only serves a floor has nothing of the package in memory.
if "BENCHMARK_FLOOR_ONLY" not in os.environ:
    INSTALLED_APPS.append("django_pwdless")
    AUTHENTICATION_BACKENDS.insert(0, "django_pwdless.backends.PasswordlessBackend")

LOOSE = "1000000/h"
PWDLESS: dict[str, Any] = {
    **json.loads(os.environ["BENCHMARK_TENANT"]),
    "METHODS": ["email-code", "email-link"],
    "CUSTOMIZE_MFA": True,
    "LINK_BY_VERIFIED_EMAIL": True,
    "API_AUDIENCE": "https://api.example.com",
    "RATE_LIMITS": {
        "start": {"ip": LOOSE, "pair": LOOSE, "identifier": LOOSE},
        "verify": {"ip": LOOSE},
        "mfa": {"ip": LOOSE},
        "redirect": {"ip": LOOSE},
    },
}

# A site that keeps sign-ins, tokens to call an API with, and events.
if os.environ.get("BENCHMARK_SIGN_INS"):
    after = MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware")
    MIDDLEWARE.insert(after + 1, "django_pwdless.middleware.SignInMiddleware")
    PWDLESS |= {"SIGN_INS": True, "TOKENS": True, "BACKCHANNEL_LOGOUT": True, "EVENTS": True}

# Beside ours, where it is installed: signed by a key too.
_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SIMPLE_JWT = {
    "ALGORITHM": "RS256",
    "SIGNING_KEY": _key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    "VERIFYING_KEY": _key.public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode(),
}
