"""Auth0's endpoints: one module a family, each with its ``ENDPOINTS``."""

from __future__ import annotations

from django_pwdless.localtenant.endpoint_call import View

from . import authorize, discovery, links, logout, revoke, start, token, userinfo
from .mfa import associate, authenticators, challenge

ENDPOINTS: dict[str, View] = {
    **discovery.ENDPOINTS,
    **start.ENDPOINTS,
    **links.ENDPOINTS,
    **token.ENDPOINTS,
    **revoke.ENDPOINTS,
    **authenticators.ENDPOINTS,
    **challenge.ENDPOINTS,
    **associate.ENDPOINTS,
    **authorize.ENDPOINTS,
    **userinfo.ENDPOINTS,
    **logout.ENDPOINTS,
}
