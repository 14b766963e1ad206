"""Who may control the tenant: programs and its own pages, not other sites' pages."""

from __future__ import annotations

import functools

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from django_pwdless.localtenant.answers.json_response import json_response
from django_pwdless.localtenant.endpoint_call import Call, View

PAGES = ("/", "/switches", "/people")
#: Those that say so where a form was taken.
SAYING_SO = ("/switches", "/people")


def guarded(view: View) -> View:
    """Return ``view`` for callers with no origin or our own; forms are led back to their page.

    The ``Host`` was checked before. ValueError and LookupError become a 400 in JSON.
    """

    @functools.wraps(view)
    def control(call: Call) -> Response:
        if call.request.method != "GET" and not is_same_origin(call):
            return json_response({"error": "cross_origin"}, 403)
        try:
            response = view(call)
        except (ValueError, LookupError, TypeError) as problem:
            return json_response({"error": "bad_request", "error_description": str(problem)}, 400)
        return response if call.request.method == "GET" else _for_forms(call.request, response)

    return control


def is_same_origin(call: Call) -> bool:
    """Return whether the request comes from a program or from a page of this tenant."""
    headers = call.request.headers
    scheme = call.state.base_url.partition(":")[0]
    own = (None, f"{scheme}://{headers.get('Host')}")
    site = headers.get("Sec-Fetch-Site", "none")
    return headers.get("Origin") in own and site in ("same-origin", "none")


def _for_forms(request: Request, response: Response) -> Response:
    if request.mimetype != "application/x-www-form-urlencoded":
        return response
    place = request.form.get("page", "/switches")
    place = place if place in PAGES else "/switches"
    return redirect(f"{place}?saved" if place in SAYING_SO else place, 303)
