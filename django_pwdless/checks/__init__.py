"""System checks, registered when this package is imported (by ``AppConfig.ready()``).

One noun a file, one function a concern, one id a kind of mistake; ``docs/reference/checks.md``
lists them all. Nothing here touches the network, and no value of a setting makes a check raise.
"""

from __future__ import annotations

from django.core.checks import Tags, register

from . import factors, limits, logins, notices, phone, sign_ins
from .settings import keys
from .site import admin, layout, project
from .tenant import api, client, origins, tokens

CHECKS = (
    keys.check_dict,
    keys.check_unknown_keys,
    keys.check_required_keys,
    keys.check_kinds,
    keys.check_bounds,
    keys.check_choices,
    keys.check_repeats,
    keys.check_empty_values,
    origins.check_domain,
    origins.check_base_url,
    client.check_credentials,
    client.check_assertion_key,
    client.check_algorithm,
    client.check_public_client,
    limits.check_actions,
    limits.check_limit_keys,
    limits.check_rates,
    limits.check_client_ip,
    limits.check_cache_alias,
    phone.check_regions,
    phone.check_extra,
    phone.check_pumping,
    project.check_sessions_app,
    project.check_session_engine,
    project.check_auth_app,
    project.check_middleware,
    project.check_context_processor,
    project.check_backend,
    project.check_databases,
    project.check_urlconf,
    layout.check_layout,
    api.check_api_audience,
    api.check_api_users,
    logins.check_link_nonce,
    logins.check_samesite,
    logins.check_new_people,
    logins.check_qr_codes,
    logins.check_redirects,
    logins.check_user_fields,
    factors.check_factors_page,
    factors.check_support_url,
    notices.check_mail_timeout,
    sign_ins.check_middleware,
    sign_ins.check_order,
    sign_ins.check_backchannel_logout,
    tokens.check_sign_ins,
    tokens.check_auth_params,
    tokens.check_offline_access,
    tokens.check_audience,
    tokens.check_links,
    tokens.check_atomic_requests,
    admin.check_admin_sites,
    admin.check_admin_factors,
)

DEPLOYMENT_CHECKS = (
    origins.check_domain_is_remote,
    origins.check_one_host,
    notices.check_one_host,
    origins.check_scheme,
    client.check_secret_length,
    limits.check_limits_are_on,
    limits.check_cache_is_shared,
)

for check in CHECKS:
    register(check, Tags.security, "pwdless")
for check in DEPLOYMENT_CHECKS:
    register(check, Tags.security, "pwdless", deploy=True)
