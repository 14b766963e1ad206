"""A site that several processes serve: one database, one Redis, and real limits.

The tests name the database, the Redis and the file of ``PWDLESS`` in the environment.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, MIDDLEWARE

DATABASES["default"]["NAME"] = os.environ["SITE_DATABASE"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Writers wait for each other, as they do on a server.
    DATABASES["default"]["OPTIONS"].update(timeout=60, transaction_mode="IMMEDIATE")

# As docs/howto/go-live.md has it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["SITE_REDIS"],
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    },
}
if "SITE_CACHE" in os.environ:
    CACHES = json.loads(os.environ["SITE_CACHE"])

MIDDLEWARE = [
    "tests.processes.site_middleware.worker_middleware",
    *MIDDLEWARE,
    # Which does nothing until a test turns SIGN_INS on.
    "django_pwdless.middleware.SignInMiddleware",
]
ROOT_URLCONF = "tests.processes.site_urls"
PWDLESS = json.loads(Path(os.environ["SITE_PWDLESS"]).read_text())

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
