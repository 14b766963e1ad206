"""What lets the tests steer a worker, and see which one answered."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = Callable[[HttpRequest], HttpResponse]


def worker_middleware(get_response: View) -> View:
    """Take ``PWDLESS`` as it is now, and tell the process that answered."""

    def answer(request: HttpRequest) -> HttpResponse:
        settings.PWDLESS = json.loads(Path(os.environ["SITE_PWDLESS"]).read_text())
        response = get_response(request)
        response["X-Worker"] = str(os.getpid())
        return response

    return answer
