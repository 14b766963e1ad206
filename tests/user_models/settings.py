"""The suite's settings with another user model, the one that ``USER_MODEL`` names."""

from __future__ import annotations

import os

from tests import settings as suite
from tests.settings import *  # noqa: F403

USER_MODEL = os.environ["USER_MODEL"]
AUTH_USER_MODEL = f"user_models.{USER_MODEL}"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [*suite.INSTALLED_APPS, "tests.user_models"]

DATABASES = suite.DATABASES
if DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
    # Beside the database of the run that started this one.
    test_name = f"test_{DATABASES['default']['NAME']}_{USER_MODEL.lower()}"
    DATABASES["default"]["TEST"] = {"NAME": test_name}
