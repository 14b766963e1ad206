"""The rows that every endpoint has."""

from __future__ import annotations

from django_pwdless.localtenant.answers.refusals import ErrorRow

TOO_MANY_REQUESTS = (
    "Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining "
    "and X-RateLimit-Reset headers."
)

COMMON = {
    "invalid_client": ErrorRow(401, "invalid_client", "Client authentication failed."),
    "requires_verification": ErrorRow(
        401, "requires_verification", "Suspicious request requires verification"
    ),
    "too_many_requests": ErrorRow(429, "too_many_requests", TOO_MANY_REQUESTS),
    "global_limit": ErrorRow(429, "too_many_requests", "Global limit has been reached"),
    "another_429": ErrorRow(429, "access_denied", "Too many requests"),
    "internal_error": ErrorRow(500, "server_error", "Internal error"),
}
