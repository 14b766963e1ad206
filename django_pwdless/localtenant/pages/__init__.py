"""The tenant's own pages: inbox, switches, people, and their assets."""

from __future__ import annotations

from django_pwdless.localtenant.endpoint_call import View

from . import assets, people, switches
from .inbox import page as inbox

VIEWS: dict[str, View] = {**inbox.VIEWS, **switches.VIEWS, **people.VIEWS, **assets.VIEWS}

#: The paths that are pages; all others but control and assets are Auth0's.
PLACES = frozenset({"/", "/inbox", "/switches", "/people"})
