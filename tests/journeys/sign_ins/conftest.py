from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from django.db import connection
from django.test.utils import CaptureQueriesContext

AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
SIGN_IN = "django_pwdless.middleware.SignInMiddleware"


class CountingCache(FileBasedCache):
    """A cache that processes share, which counts what it is asked."""

    reads = 0

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        type(self).reads += 1
        return super().get(key, default, version)


@pytest.fixture(autouse=True)
def watched(settings: Any) -> None:
    """Sign-ins are kept, and the middleware looks at them."""
    settings.PWDLESS = {**settings.PWDLESS, "SIGN_INS": True}
    place = settings.MIDDLEWARE.index(AUTHENTICATION) + 1
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[:place],
        SIGN_IN,
        *settings.MIDDLEWARE[place:],
    ]
    settings.ROOT_URLCONF = "tests.journeys.sign_ins.urls"


@pytest.fixture
def shared_cache(settings: Any, tmp_path: Path) -> Any:
    """The site's cache is one that processes share."""
    settings.CACHES = {
        "default": {"BACKEND": f"{__name__}.{CountingCache.__name__}", "LOCATION": str(tmp_path)}
    }
    yield caches["default"]
    caches["default"].clear()


def statements(step: Any) -> list[str]:
    """Return the statements of a step, each by its verb and first table."""
    with CaptureQueriesContext(connection) as queries:
        step()
    return [query["sql"] for query in queries if not is_transaction(query["sql"])]


def is_transaction(sql: str) -> bool:
    """Whether a statement only begins or ends a transaction."""
    return sql.split()[0] in {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"}


def about(table: str, sqls: list[str]) -> list[str]:
    """Return the verbs of those statements that are about this table."""
    return [sql.split()[0] for sql in sqls if table in sql]
