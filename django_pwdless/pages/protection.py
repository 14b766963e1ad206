"""What protects our pages: their headers, and error reports that show no value."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from types import FrameType
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.template.base import VariableDoesNotExist
from django.template.response import SimpleTemplateResponse
from django.views.debug import SafeExceptionReporterFilter, get_exception_reporter_filter
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

# How browsers say that nobody has gone to a page yet (HTML, "Sec-Purpose", and older ones).
PURPOSES = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
LOOKS_AHEAD = ("prefetch", "prerender", "preview")

ViewFunction = Callable[..., HttpResponseBase]

if TYPE_CHECKING:
    Filter = SafeExceptionReporterFilter
else:
    Filter = object


class _HidingMixin(Filter):
    """Hides the variables of each frame.

    ``sensitive_variables`` reaches only frames that lead back to it: not those of generators, nor
    of a template or a session save after the view.
    """

    def get_traceback_frame_variables(self, request: Any, tb_frame: FrameType) -> Any:
        """Return the names alone, except where ``DEBUG`` shows all."""
        shown = super().get_traceback_frame_variables(request, tb_frame)
        if not self.is_active(request):
            return shown
        return [(name, self.cleansed_substitute) for name, _value in shown]


@cache
def _hiding(filter_class: type) -> type:
    """Return the site's own filter, which hides the frames too."""
    return type("HidingFilter", (_HidingMixin, filter_class), {})


def hide_frames(request: HttpRequest) -> None:
    """Have an error report of this request show no value of any frame, in whatever code."""
    site_filter: Any = type(get_exception_reporter_filter(request))
    if not issubclass(site_filter, _HidingMixin):
        request.exception_reporter_filter = _hiding(site_filter)()


def hidden(view: ViewFunction) -> ViewFunction:
    """Hide what this view, and all that comes after it in its request, knows of a login.

    A page is rendered inside: other tools that write reports know the decorators alone.
    """

    @sensitive_variables()
    @sensitive_post_parameters()
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        hide_frames(request)
        try:
            response = view(request, *args, **kwargs)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response
        except Exception as error:
            _forget_context(error)
            raise

    return wrapped


def _forget_context(error: BaseException) -> None:
    """Take what a page was given out of the text of the error that its template broke with."""
    link: BaseException | None = error
    seen: set[int] = set()
    # An error can be named as the cause of itself.
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        if isinstance(link, VariableDoesNotExist):
            link.params = (*link.params[:1], SafeExceptionReporterFilter.cleansed_substitute)
            link.args = (link.msg, link.params)
        link = link.__cause__ or link.__context__


def forget_query(request: HttpRequest) -> None:
    """Take the query string out of the request, also where servers keep the whole address."""
    request.GET = QueryDict()
    for name in {"QUERY_STRING", "RAW_URI", "REQUEST_URI"} & request.META.keys():
        request.META[name] = ""


def protect(response: HttpResponseBase) -> None:
    """Keep an answer out of caches and frames, and our addresses out of other sites' logs."""
    # Django's per-site cache heeds ``private``, and ``no-store`` only from 5.2.15 on.
    response.headers["Cache-Control"] = "no-store, private"
    # A stricter policy would break Django's CSRF check over HTTPS.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"


def with_headers(view: ViewFunction) -> ViewFunction:
    """Give each answer the headers of a login page."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        protect(response)
        return response

    return wrapped


def is_prefetch(request: HttpRequest) -> bool:
    """Whether the browser only looks ahead at a page that its person may go to."""
    said = " ".join(request.headers.get(name, "") for name in PURPOSES).lower()
    return any(word in said for word in LOOKS_AHEAD)
