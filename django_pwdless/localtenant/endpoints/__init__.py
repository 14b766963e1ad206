"""Auth0's endpoints: one module a family, each with its ``ENDPOINTS``."""

from __future__ import annotations

from django_pwdless.localtenant.endpoint_call import View

from . import (
    authorize,
    discovery,
    links,
    logout,
    mfa_associate,
    mfa_authenticators,
    mfa_challenge,
    revoke,
    start,
    token,
    userinfo,
)

ENDPOINTS: dict[str, View] = {
    **discovery.ENDPOINTS,
    **start.ENDPOINTS,
    **links.ENDPOINTS,
    **token.ENDPOINTS,
    **revoke.ENDPOINTS,
    **mfa_authenticators.ENDPOINTS,
    **mfa_challenge.ENDPOINTS,
    **mfa_associate.ENDPOINTS,
    **authorize.ENDPOINTS,
    **userinfo.ENDPOINTS,
    **logout.ENDPOINTS,
}
