"""OpenAPI 3.1 from the table of operations."""

from __future__ import annotations

import json
import re
from typing import Any

from django_pwdless.headless.bodies import CONTENT_TYPE
from django_pwdless.headless.operations import OPERATIONS, Operation
from django_pwdless.headless.problems import CONTENT_TYPE as PROBLEM_TYPE
from django_pwdless.headless.sessions.tokens import HEADER

from .schemas import ANSWERS, NUMBER, OUTCOMES, TEXT, TEXT_OR_NULL, Schema, components, record, ref

VERSION = "1.0.0"
TITLES = {
    200: "Done; the state that came of it.",
    400: "The body, or what was entered, cannot be used.",
    401: "Nobody is signed in.",
    403: "Refused.",
    404: "Nothing is here, or it is not offered.",
    409: "That step is over, or not reached.",
    415: "The body is no JSON.",
    429: "Too often.",
    503: "Auth0 gives no answer, or not the one that is needed.",
}
#: What a value in a body may be that no operation reads.
_PLAIN: Schema = {"type": ["string", "number", "boolean", "null"]}
_BROWSER: dict[str, Any] = {
    "title": "Sign in from a page in a browser",
    "prefix": "/api",
    "statuses": [403, 409],
    "further_state": {"universal_url": TEXT_OR_NULL},
    "tokens": record({"csrf_token": TEXT}),
    "security": [{"session": [], "csrf": []}],
    "schemes": {
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
    },
}
_APP: dict[str, Any] = {
    "title": "Sign in from a native app",
    "prefix": "/app",
    "statuses": [401, 403, 409],
    "further_state": {},
    "tokens": record({}, session_token=TEXT_OR_NULL),
    "security": [{}, {"session": []}],
    "schemes": {"session": {"type": "apiKey", "in": "header", "name": HEADER}},
}
FRONT_ENDS: dict[str, dict[str, Any]] = {"browser": _BROWSER, "app": _APP}


def printed(front_end: str) -> str:
    """Return the document of ``browser`` or ``app`` as the file in the package has it."""
    return json.dumps(document(front_end), indent=2, ensure_ascii=False) + "\n"


def document(front_end: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of ``browser`` or ``app``."""
    kind = FRONT_ENDS[front_end]
    prefix = {"default": kind["prefix"], "description": "Where the URLconf is included."}
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        path = "/" + re.sub(r"<int:(\w+)>", r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, kind)
    return {
        "openapi": "3.1.0",
        "info": {"title": kind["title"], "version": VERSION},
        "servers": [{"url": "{prefix}", "variables": {"prefix": prefix}}],
        "security": kind["security"],
        "paths": paths,
        "components": {
            "schemas": components(kind["further_state"], kind["tokens"]),
            "responses": {str(status): _problem_response(status) for status in OUTCOMES},
            "securitySchemes": kind["schemes"],
        },
    }


def _operation(operation: Operation, kind: dict[str, Any]) -> dict[str, Any]:
    doc = (operation.handler.__doc__ or "").partition("\n")[0]
    statuses = sorted({*operation.all_statuses, *kind["statuses"]})
    described: dict[str, Any] = {
        "operationId": f"{operation.method.lower()}_{operation.name}",
        "summary": doc,
        "responses": {
            "200": _response(200, CONTENT_TYPE, [ref("State"), ANSWERS[operation.answer]]),
            **{str(each): {"$ref": f"#/components/responses/{each}"} for each in statuses},
        },
    }
    if "<" in operation.path:
        key = {"name": "pk", "in": "path", "required": True}
        described["parameters"] = [{**key, "schema": {**NUMBER, "minimum": 0}}]
    if operation.method == "POST":
        described["requestBody"] = _body(operation)
    return described


def _body(operation: Operation) -> dict[str, Any]:
    required = [member.name for member in operation.body if member.is_required]
    properties = {
        member.name: {
            "type": ["string", "integer"] if member.is_key else "string",
            "description": member.description,
        }
        for member in operation.body
    }
    schema: Schema = {
        "type": "object",
        "properties": properties,
        "additionalProperties": _PLAIN,
    }
    if required:
        schema["required"] = required
    return {"required": bool(required), "content": {CONTENT_TYPE: {"schema": schema}}}


def _problem_response(status: int) -> dict[str, Any]:
    own = {"status": {"const": status}, "outcome": {"enum": OUTCOMES[status]}}
    return _response(status, PROBLEM_TYPE, [ref("Problem"), {"properties": own}])


def _response(status: int, content_type: str, parts: list[Schema]) -> dict[str, Any]:
    schema = {"allOf": [*(part for part in parts if part), ref("Tokens")]}
    response = {"description": TITLES[status], "content": {content_type: {"schema": schema}}}
    if status in (429, 503):
        retry = {"description": "Seconds.", "schema": NUMBER}
        response["headers"] = {"Retry-After": retry}
    return response
