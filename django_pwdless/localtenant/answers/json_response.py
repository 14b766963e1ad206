"""Answers of the tenant, in JSON."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.wrappers import Response


def json_response(payload: Any, status: int = 200) -> Response:
    """Return ``payload`` as JSON that nobody may keep."""
    return Response(
        json.dumps(payload),
        status,
        headers={"Cache-Control": "no-store", "Pragma": "no-cache"},
        content_type="application/json; charset=utf-8",
    )
