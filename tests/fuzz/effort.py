"""How many examples a property gets: few and the same ones in CI, many random ones for people.

``PWDLESS_FUZZ=thorough`` chooses the latter (``make fuzz``); ``PWDLESS_FUZZ_TIMES`` says how many
times as many.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

IS_THOROUGH = os.environ.get("PWDLESS_FUZZ") == "thorough"
TIMES = int(os.environ.get("PWDLESS_FUZZ_TIMES", "25")) if IS_THOROUGH else 1

# Fixtures are set up once for all examples of a test: what an example changes, it takes back.
CHECKS = [
    *(HealthCheck.function_scoped_fixture, HealthCheck.too_slow),
    *(HealthCheck.data_too_large, HealthCheck.filter_too_much),
]


def examples(count: int, **options: object) -> settings:
    """Return the settings of a property that gets this many examples in CI."""
    return settings(
        max_examples=count * TIMES,
        derandomize=not IS_THOROUGH,
        database=None,
        deadline=None,
        print_blob=IS_THOROUGH,
        suppress_health_check=CHECKS,
        **options,
    )
