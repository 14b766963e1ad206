"""Auth0's endpoints: one module a family, each with its ``ENDPOINTS``."""

from __future__ import annotations

from django_pwdless.localtenant.call import View

from . import discovery, links, start, token

ENDPOINTS: dict[str, View] = {
    **discovery.ENDPOINTS,
    **start.ENDPOINTS,
    **links.ENDPOINTS,
    **token.ENDPOINTS,
}
