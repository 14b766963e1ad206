"""Faults that are answers: over HTTP, but nothing a client can use."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.documented_errors import START
from django_pwdless.localtenant.answers.json_response import json_response

HTML = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
RETRY_AFTER = 7
MEGABYTE = 1 << 20

#: Every member of every good answer, each of a type it never has.
WRONG_TYPES: dict[str, Any] = {
    "_id": 1,
    "email": ["ann@example.com"],
    "email_verified": "true",
    "access_token": 1,
    "id_token": {"a": "b"},
    "refresh_token": False,
    "token_type": None,
    "expires_in": "soon",
    "scope": ["openid"],
    "keys": "none",
    "mfa_token": 5,
    "mfa_requirements": "otp",
    "challenge_type": {},
    "oob_code": [],
    "binding_method": 0,
    "authenticator_type": 3.5,
    "oob_channel": {"sms": True},
    "secret": None,
    "barcode_uri": 7,
    "recovery_codes": "one",
    "recovery_code": {},
}
#: The same for the one endpoint that answers with a list.
WRONG_LIST: list[Any] = [
    None,
    5,
    "totp|dev_1",
    [],
    {},
    {"id": 1, "authenticator_type": None, "active": "yes", "oob_channel": 3, "name": {}},
    {"id": None, "authenticator_type": ["oob"], "active": True, "oob_channels": {"a": 1}},
]


def rate_limited(path: str) -> Response:
    """429 with ``Retry-After`` and the ``x-ratelimit-*`` headers."""
    response = rate_limited_reset_header(path)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def rate_limited_reset_header(path: str) -> Response:
    """429 that tells the time only by ``x-ratelimit-reset``."""
    response = rate_limited_without_retry_after(path)
    response.headers["x-ratelimit-limit"] = "50"
    response.headers["x-ratelimit-remaining"] = "0"
    response.headers["x-ratelimit-reset"] = str(int(time.time()) + RETRY_AFTER)
    return response


def rate_limited_without_retry_after(path: str) -> Response:
    """429 that does not say for how long."""
    return START["too_many_requests"].to_response()


def rate_limited_html(path: str) -> Response:
    """429 from something in front of Auth0, in HTML."""
    return _html(429, "Too Many Requests")


def server_error(path: str) -> Response:
    """500 in JSON."""
    return START["internal_error"].to_response()


def bad_gateway_html(path: str) -> Response:
    """502 in HTML."""
    return _html(502, "Bad Gateway")


def html(path: str) -> Response:
    """200 in HTML."""
    return _html(200, "Welcome")


def redirect(path: str) -> Response:
    """307, which would carry the request's body elsewhere if followed."""
    return Response("", 307, headers={"Location": "/redirected"})


def no_content(path: str) -> Response:
    """204, which has no body."""
    return Response(status=204)


def empty(path: str) -> Response:
    """200 without a body."""
    return _json("")


def null(path: str) -> Response:
    """200 with ``null``."""
    return _json("null")


def list_(path: str) -> Response:
    """200 with a list."""
    return _json('[{"access_token": "a", "id_token": "b"}]')


def string(path: str) -> Response:
    """200 with a string."""
    return _json('"access_token"')


def object_(path: str) -> Response:
    """200 with an object that has no members."""
    return _json("{}")


def truncated(path: str) -> Response:
    """200 with JSON that stops in the middle."""
    return _json('{"access_token": "eyJ0eXAi", "id_tok')


def not_utf8(path: str) -> Response:
    """200 with JSON that is not UTF-8."""
    return _json(b'{"access_token": "\xff\xfe\x80"}')


def wrong_types(path: str) -> Response:
    """200 with every member of a type it never has."""
    return json_response(WRONG_LIST if path == "/mfa/authenticators" else WRONG_TYPES)


def wrong_types_error(path: str) -> Response:
    """403 whose ``error`` is not a string."""
    wrong = {"error": {"code": 1}, "error_description": ["no"], "mfa_token": {}}
    return json_response(wrong, 403)


def megabyte(path: str) -> Response:
    """200 with more than 1 MiB of JSON."""
    return _json(json.dumps({"access_token": "x" * (MEGABYTE + MEGABYTE // 2)}))


def gzip_bomb(path: str) -> Response:
    """200 with 16 MiB of JSON in a few kilobytes of gzip."""
    response = _json(_bomb())
    response.headers["Content-Encoding"] = "gzip"
    return response


@cache
def _bomb() -> bytes:
    return gzip.compress(b'{"access_token": "' + b"x" * (16 * MEGABYTE) + b'"}')


def deeply_nested(path: str) -> Response:
    """200 with JSON nested 100,000 deep."""
    return _json('{"access_token": ' + "[" * 100_000 + "]" * 100_000 + "}")


def infinite(path: str) -> Response:
    """200 with numbers JSON does not have."""
    return _json('{"expires_in": Infinity, "access_token": NaN, "keys": -Infinity}')


def huge_number(path: str) -> Response:
    """200 with an integer of 5,000 digits."""
    return _json('{"expires_in": ' + "9" * 5000 + "}")


def _json(body: str | bytes) -> Response:
    return Response(body, 200, content_type="application/json; charset=utf-8")


def _html(status: int, title: str) -> Response:
    return Response(HTML.format(f"{status} {title}"), status, content_type="text/html")


ANSWERS: dict[str, Callable[[str], Response]] = {
    answer.__name__.rstrip("_"): answer
    for answer in (
        rate_limited,
        rate_limited_reset_header,
        rate_limited_without_retry_after,
        rate_limited_html,
        server_error,
        bad_gateway_html,
        html,
        redirect,
        no_content,
        empty,
        null,
        list_,
        string,
        object_,
        truncated,
        not_utf8,
        wrong_types,
        wrong_types_error,
        megabyte,
        gzip_bomb,
        deeply_nested,
        infinite,
        huge_number,
    )
}
