"""Whether tests are running: no helper does anything elsewhere."""

from __future__ import annotations

from django.test import utils


def require_test_run() -> None:
    """Raise ``RuntimeError`` unless a test runner has set up Django's test environment.

    So that whoever finds a way to a helper in production finds that it does nothing there.
    """
    if not hasattr(utils._TestState, "saved_data"):
        raise RuntimeError("django_pwdless.testing works in a test run only")
