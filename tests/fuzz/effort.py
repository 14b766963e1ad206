"""How many examples a property gets: the same ones each time, or many random ones for people.

``PWDLESS_FUZZ=all`` is four times as many as ``make test`` has (``make test-all``), ``thorough`` a
hundred times, other ones each time (``make fuzz``); ``PWDLESS_FUZZ_TIMES`` says how many times.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EFFORT = os.environ.get("PWDLESS_FUZZ", "")
IS_RANDOM = EFFORT == "thorough"
TIMES = int(os.environ.get("PWDLESS_FUZZ_TIMES", {"all": "4", "thorough": "100"}.get(EFFORT, "1")))

# Fixtures are set up once for all examples of a test: what an example changes, it takes back.
CHECKS = [
    *(HealthCheck.function_scoped_fixture, HealthCheck.too_slow),
    *(HealthCheck.data_too_large, HealthCheck.filter_too_much),
]


def examples(count: int, **options: object) -> settings:
    """Return the settings of a property that gets this many examples in ``make test``."""
    return settings(
        max_examples=count * TIMES,
        derandomize=not IS_RANDOM,
        database=None,
        deadline=None,
        print_blob=IS_RANDOM,
        suppress_health_check=CHECKS,
        **options,
    )
