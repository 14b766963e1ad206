"""The headers of every answer of ours."""

from __future__ import annotations

from django.http import HttpResponseBase


def protect(response: HttpResponseBase) -> None:
    """Keep an answer out of caches and frames, and our addresses out of other sites' logs."""
    # Django's per-site cache heeds ``private``, and ``no-store`` only from 5.2.15 on.
    response.headers["Cache-Control"] = "no-store, private"
    # A stricter policy would break Django's CSRF check over HTTPS.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
