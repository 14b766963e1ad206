"""The suite's settings with a replica for our tables, one that never catches up."""

from __future__ import annotations

from tests import settings as suite
from tests.settings import *  # noqa: F403

DATABASES = {
    alias: {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{suite.test_name}-{alias}",
        "TEST": {"NAME": f"{suite.test_name}-{alias}.sqlite3"},
    }
    for alias in ("default", "replica")
}
DATABASE_ROUTERS = ["tests.journeys.databases.routers.LaggingReplica"]
