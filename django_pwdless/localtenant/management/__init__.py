"""The read endpoints of Auth0's Management API: one module a part of the Dashboard."""

from __future__ import annotations

from django_pwdless.localtenant.endpoint_call import View

from . import applications, attack_protection, connections, factors, tenant

ENDPOINTS: dict[str, View] = {
    **applications.ENDPOINTS,
    **connections.ENDPOINTS,
    **tenant.ENDPOINTS,
    **factors.ENDPOINTS,
    **attack_protection.ENDPOINTS,
}
