"""The headers of every answer of ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

# How browsers say that nobody has gone to a page yet (HTML, "Sec-Purpose", and older ones).
PURPOSES = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
LOOKS_AHEAD = ("prefetch", "prerender", "preview")


def protect(response: HttpResponseBase) -> None:
    """Keep an answer out of caches and frames, and our addresses out of other sites' logs."""
    # Django's per-site cache heeds ``private``, and ``no-store`` only from 5.2.15 on.
    response.headers["Cache-Control"] = "no-store, private"
    # A stricter policy would break Django's CSRF check over HTTPS.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"


def is_prefetch(request: HttpRequest) -> bool:
    """Whether the browser only looks ahead at a page that its person may go to."""
    said = " ".join(request.headers.get(name, "") for name in PURPOSES).lower()
    return any(word in said for word in LOOKS_AHEAD)
