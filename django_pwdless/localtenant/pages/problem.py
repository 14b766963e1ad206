"""Auth0's own error page, where no site can be sent the error."""

from __future__ import annotations

from markupsafe import Markup
from werkzeug.wrappers import Response

from django_pwdless.localtenant.state import State

from .layout import page

PAGE = Markup("""
<section class="card problem"><h1>{title}</h1><p>{text}</p>
<p class="quiet small">Auth0 would show a page of its own here; the site never hears of it.</p>
</section>
""")


def problem_page(state: State, title: str, text: str, status: int) -> Response:
    """Return the page with its status."""
    response = page(state, title, PAGE.format(title=title, text=text))
    response.status_code = status
    return response
