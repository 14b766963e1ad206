"""Auth0's endpoints: one module a family, each with its ``ENDPOINTS``."""

from __future__ import annotations

from django_pwdless.localtenant.call import View

from . import authorize, discovery, links, logout, start, token, userinfo

ENDPOINTS: dict[str, View] = {
    **discovery.ENDPOINTS,
    **start.ENDPOINTS,
    **links.ENDPOINTS,
    **token.ENDPOINTS,
    **authorize.ENDPOINTS,
    **userinfo.ENDPOINTS,
    **logout.ENDPOINTS,
}
