"""Who may read what of the Management API, and how often."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import jwt
from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.answers.refusals import ErrorRow, Refusal
from django_pwdless.localtenant.endpoint_call import Call, View


def management_error(status: int, error: str, message: str, code: str = "") -> ErrorRow:
    """Return a row in the words of the Management API: statusCode, error, message, errorCode."""
    extra = {"statusCode": status, "message": message, **({"errorCode": code} if code else {})}
    return ErrorRow(status, error, extra=extra)


INVALID_TOKEN = management_error(401, "Unauthorized", "Invalid token.")
EXPIRED = management_error(401, "Unauthorized", "Expired token received for JSON Web Token.")
BAD_AUDIENCE = management_error(401, "Unauthorized", "Bad audience: not this API.")
TOO_MANY = management_error(
    429, "Too Many Requests", "Global limit has been reached", "too_many_requests"
)
NO_ENTITLEMENT = management_error(
    403,
    "Forbidden",
    "Please upgrade your subscription to use bot detection",
    "insufficient_entitlement",
)


def not_found(kind: str) -> Refusal:
    """Return the 404 for a ``kind`` such as ``client``."""
    return Refusal(
        management_error(404, "Not Found", f"The {kind} does not exist.", f"inexistent_{kind}")
    )


def reads(scope: str) -> Callable[[Callable[[Call], Any]], View]:
    """Make an endpoint of a function that returns what is answered, to tokens with ``scope``."""

    def decorate(read: Callable[[Call], Any]) -> View:
        @functools.wraps(read)
        def view(call: Call) -> Response:
            rate = _counted(call)
            _check_scope(call, scope)
            response = json_response(_fields(call, read(call)))
            response.headers.extend(rate)
            return response

        return view

    return decorate


def scopes(call: Call) -> set[str]:
    """Return the scopes of the bearer token; raise a 401 for one that is not for this API."""
    public = call.state.keys.current.public_pem
    audience = call.state.management_audience
    try:
        claims = jwt.decode(call.bearer() or "", public, ["RS256"], audience=audience)
    except jwt.ExpiredSignatureError:
        raise Refusal(EXPIRED) from None
    except jwt.InvalidAudienceError:
        raise Refusal(BAD_AUDIENCE) from None
    except jwt.InvalidTokenError:
        raise Refusal(INVALID_TOKEN) from None
    return set(str(claims.get("scope", "")).split())


def _check_scope(call: Call, scope: str) -> None:
    if scope not in scopes(call):
        text = f"Insufficient scope, expected any of: {scope}"
        raise Refusal(management_error(403, "Forbidden", text, "insufficient_scope"))


def _counted(call: Call) -> dict[str, str]:
    """Take one call from the bucket and return the rate headers; raise a 429."""
    limit = call.state.switches.management_limit
    if not limit:
        return {}
    left = call.state.management_bucket.take(limit)
    rate = {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(left or 0),
        "x-ratelimit-reset": str(math.ceil(call.state.clock.now() + 1 / limit)),
    }
    if left is None:
        raise Refusal(TOO_MANY.with_headers(rate))
    return rate


def _fields(call: Call, answer: Any) -> Any:
    """Leave out what was not asked for by ``fields`` and ``include_fields``."""
    wanted = call.request.args.get("fields")
    if not wanted or not isinstance(answer, dict):
        return answer
    is_listed = call.request.args.get("include_fields", "true") == "true"
    names = wanted.split(",")
    return {name: value for name, value in answer.items() if (name in names) == is_listed}
