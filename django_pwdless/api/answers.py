"""How a call is refused: RFC 6750, section 3. Nothing of the token is in any answer."""

from __future__ import annotations

from django.http import JsonResponse

from django_pwdless.exceptions import BearerRefused

CHALLENGE = 'Bearer realm="api"'

#: The scheme in an OpenAPI document.
SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token that Auth0 gave for this API.",
}

TEXTS = {
    "": "A bearer token is needed.",
    "invalid_request": "The Authorization header is malformed.",
    "invalid_token": "The token is not valid, or has expired.",
    "insufficient_scope": "The token lacks a scope or permission.",
    "access_denied": "This caller is not let in.",
    "temporarily_unavailable": "The token cannot be verified now.",
}
# The codes of the specification; others stay out of a challenge.
CODES = ("invalid_request", "invalid_token", "insufficient_scope")


def challenge(refusal: BearerRefused) -> str:
    """Return the value of ``WWW-Authenticate``; bare where no token came, or it is not to blame."""
    if refusal.error not in CODES:
        return CHALLENGE
    scope = f', scope="{refusal.scope}"' if refusal.scope else ""
    text = TEXTS[refusal.error]
    return f'{CHALLENGE}, error="{refusal.error}", error_description="{text}"{scope}'


def headers(refusal: BearerRefused) -> dict[str, str]:
    """Return the headers of the answer: a 503 blames no token, and so has no challenge."""
    answer = {"Cache-Control": "no-store"}
    if refusal.retry_after is not None:
        answer["Retry-After"] = str(refusal.retry_after)
    else:
        answer["WWW-Authenticate"] = challenge(refusal)
    return answer


def body(refusal: BearerRefused) -> dict[str, str]:
    """Return the members of the JSON body."""
    error = {"error": refusal.error} if refusal.error else {}
    return {**error, "detail": TEXTS[refusal.error]}


def refusal_response(refusal: BearerRefused) -> JsonResponse:
    """Return the answer of a plain view."""
    return JsonResponse(body(refusal), status=refusal.status, headers=headers(refusal))
