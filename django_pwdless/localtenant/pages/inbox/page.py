"""The inbox: a mailbox and a phone, side by side, refreshing by themselves."""

from __future__ import annotations

import json

from markupsafe import Markup
from werkzeug.wrappers import Response

from django_pwdless.localtenant.endpoint_call import Call, View
from django_pwdless.localtenant.pages.layout import REFRESH, page
from django_pwdless.localtenant.state import State

from .demo_people import demo_people
from .mailbox import mailbox
from .phone import phone

PAGE = Markup("""
<h1>Inbox</h1>
<p class="lead">Whatever this tenant “sends” lands here, a moment later, by itself.</p>
<p id="news" class="hidden" role="status"></p>
<div id="live" class="devices">{live}</div>
{people}
<details class="card settings">
<summary>Settings for your site</summary>
<pre><code>PWDLESS = {settings}</code></pre>
</details>
""")


def inbox(call: Call) -> Response:
    """GET /: the inbox page."""
    state = call.state
    settings = json.dumps(state.settings_for(state.default_client), indent=4)
    content = PAGE.format(live=live_part(state), people=demo_people(state), settings=settings)
    return page(state, "Inbox", content, "/", REFRESH)


def live_part(state: State) -> Markup:
    """Return the devices, the part of the page that changes."""
    return Markup("{}{}").format(mailbox(state), phone(state))


VIEWS: dict[str, View] = {"/": inbox, "/inbox": inbox}
