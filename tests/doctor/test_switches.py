"""Each line is reached by one switch of the tenant's, and no other line goes with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import pytest

from django_pwdless.doctor.registry import OFFLINE, ONLINE
from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.clients.client import MFA_GRANTS, OTP_GRANT
from django_pwdless.localtenant.dashboard import Dashboard

from .conftest import API, SITE, Doctor

OWN = "https://own.example/"


@dataclass(frozen=True)
class Flip:
    """One switch, and the line that it turns; ``status`` is what the line turns to."""

    id: str
    flip: Callable[[LocalTenant], object]
    status: str = "wrong"


def switch(name: str, value: Any) -> Callable[[LocalTenant], object]:
    return lambda tenant: setattr(tenant.switches, name, value)


def client(name: str, value: Any) -> Callable[[LocalTenant], object]:
    return lambda tenant: setattr(tenant.client, name, value)


def without(name: str, *values: str) -> Callable[[LocalTenant], object]:
    return lambda tenant: getattr(tenant.client, name).difference_update(values)


def with_grant(name: str) -> Callable[[LocalTenant], object]:
    return lambda tenant: tenant.client.grants.add(name)


def may_manage(tenant: LocalTenant) -> None:
    tenant.client.grants.add("client_credentials")
    tenant.client.api_scopes[f"{tenant.issuer}api/v2/"] = ("read:clients",)


#: Seen by anybody, and by the application itself.
OUTSIDE = {
    "secret": Flip("secret", client("secret", "another")),
    "secret, in other words": Flip("secret", client("secret", "another")),
    "otp grant": Flip("grant.otp", without("grants", OTP_GRANT)),
    "code grant": Flip("grant.authorization_code", without("grants", "authorization_code")),
    "refresh grant": Flip("grant.refresh_token", without("grants", "refresh_token")),
    **{name: Flip("grant.mfa", without("grants", name)) for name in sorted(MFA_GRANTS)},
    "email off": Flip("connection.email", without("connections", "email")),
    "sms off": Flip("connection.sms", without("connections", "sms")),
    "no email": Flip("connection.email", switch("connections", "sms")),
    "no sms": Flip("connection.sms", switch("connections", "email")),
    "callbacks": Flip("callback", client("callbacks", ["https://other.example/"])),
    "logout urls": Flip("logout", client("logout_urls", ["https://other.example/"])),
    "identifier_first": Flip("identifier_first", switch("identifier_first", False)),
    "audience": Flip("audience", lambda tenant: forget_api(tenant, API)),
    "may manage": Flip("client.management", may_manage, "warn"),
    "clock": Flip("clock.skew", lambda tenant: tenant.clock.advance(120)),
}


def forget_api(tenant: LocalTenant, identifier: str) -> None:
    tenant.switches.unknown_audiences = False
    tenant.state.apis._known.pop(identifier)


#: Seen with a token of the Management API only.
INSIDE = {
    "app_type": Flip("client.type", switch("app_type", "spa"), "warn"),
    "kind": Flip("client.authentication", client("kind", "public")),
    "implicit": Flip("grant.unneeded", with_grant("implicit"), "warn"),
    "password": Flip("grant.unneeded", with_grant("password"), "warn"),
    "wildcard": Flip(
        "callback.wildcard",
        client("callbacks", [f"{SITE}/accounts/callback/", "https://*.shop.example/"]),
        "warn",
    ),
    "forwarded_for_trusted": Flip("client.forwarded_for", switch("forwarded_for_trusted", False)),
    "oidc_conformant": Flip("client.conformant", switch("oidc_conformant", False)),
    "first_party": Flip("client.first_party", switch("first_party", False)),
    "cross_origin": Flip("client.cross_origin", switch("cross_origin", True), "warn"),
    "algorithm": Flip("algorithm", switch("algorithm", "PS256")),
    "id_token_lifetime": Flip("client.id_token_lifetime", switch("id_token_lifetime", 5), "warn"),
    "organizations": Flip("client.organizations", switch("organizations", "require")),
    "demands_dpop": Flip("client.dpop", switch("demands_dpop", True)),
    "code_length": Flip("code.length", switch("code_length", 8)),
    "code_lifetime": Flip("code.lifetime", switch("code_lifetime", 300)),
    "sign_ups": Flip("connection.sign_ups", switch("sign_ups", False), "warn"),
    "connection_brute_force": Flip(
        "connection.brute_force", switch("connection_brute_force", False), "warn"
    ),
    "mail_template": Flip("template.email", switch("mail_template", "Hello, {{ link }}")),
    "mail_template without link": Flip("template.email", switch("mail_template", "{{ code }}")),
    "mail_from": Flip("provider.email", switch("mail_from", "root@auth0.com"), "warn"),
    "mail_provider": Flip("provider.email", switch("mail_provider", False), "warn"),
    "sms_template": Flip("template.sms", switch("sms_template", "Hello")),
    "start_needs_client": Flip("start.authentication", switch("start_needs_client", False), "warn"),
    "revoke_deletes_grant": Flip("revoke", switch("revoke_deletes_grant", True), "warn"),
    "default_audience": Flip("tenant.default_audience", switch("default_audience", API), "warn"),
    "default_directory": Flip("tenant.default_directory", switch("default_directory", "x"), "warn"),
    "country_codes": Flip("tenant.country_codes", switch("country_codes", "DE"), "warn"),
    "resource_parameter": Flip(
        "tenant.resource_parameter", switch("resource_parameter", "compatibility"), "warn"
    ),
    "universal_login": Flip("universal_login", switch("universal_login", "classic"), "warn"),
    "links_without_session": Flip("magic_link", switch("links_without_session", False)),
    "disabled_factors": Flip("factors", switch("disabled_factors", "otp")),
    "hosted_factors": Flip("factors.hosted", switch("hosted_factors", "duo"), "warn"),
    "disabled voice": Flip("factors.phone", switch("disabled_factors", "voice"), "warn"),
    "phone_provider": Flip("provider.phone", switch("phone_provider", "none")),
    "brute_force_limit": Flip("attack.brute_force", switch("brute_force_limit", 0), "warn"),
    "suspicious_ip": Flip("attack.suspicious_ip", switch("suspicious_ip", False), "warn"),
    "bot_detection": Flip(
        "attack.bot_detection", switch("bot_detection", "invalid_captcha"), "warn"
    ),
    "refresh_rotation": Flip("client.refresh", switch("refresh_rotation", False), "warn"),
    "refresh_leeway": Flip("client.refresh", switch("refresh_leeway", 0), "warn"),
    "api_offline_access": Flip("audience.offline_access", switch("api_offline_access", False)),
    "api_user_access": Flip("audience.user_access", switch("api_user_access", "deny_all")),
    "api_demands_dpop": Flip("audience.dpop", switch("api_demands_dpop", True)),
    "api's algorithm": Flip(
        "audience.algorithm", lambda tenant: tenant.add_api(API, algorithm="HS256"), "warn"
    ),
    "own api": Flip("api", lambda tenant: forget_api(tenant, OWN)),
    "own api's algorithm": Flip("api", lambda tenant: tenant.add_api(OWN, algorithm="PS256")),
    "log_events": Flip("log", switch("log_events", "limit_wc limit_wc ferrt"), "warn"),
    "backchannel logout": Flip(
        "client.backchannel_logout", client("backchannel_logout_url", "https://other.example/")
    ),
    "plan_features": Flip("attack.captcha", switch("plan_features", False), "unknown"),
}
#: Switches that turn no line of their own: told in words, or held elsewhere in these tests.
WITHOUT_LINE = {
    *("custom_domain", "custom_domain_ready", "management_limit", "mfa_policy", "sms_provider"),
    *("refresh_lifetime", "refresh_idle_lifetime", "mfa_on_refresh", "access_token_lifetime"),
}
#: Lines that no switch of a tenant's turns; each has a test of its own.
HELD_ELSEWHERE = {
    *("dns", "tls", "discovery", "issuer", "keys", "management.domain", "management.token"),
    *("custom_domain", "factors.policy", "factors.unsupported", "provider.sms", "tenant.others"),
    *("actions", "attack.phone_provider"),
}


def turned(doctor: Doctor) -> dict[str, str]:
    """Every line that is not as it should be, but those that only need it."""
    return {
        name: line["status"]
        for name, line in doctor("--json").lines.items()
        if line["status"] in ("wrong", "warn")
        and not name.startswith(("pwdless.", "checks.", "assumption."))
    }


@pytest.mark.rows(4)
@pytest.mark.parametrize("name", OUTSIDE)
def test_without_token_exactly_that_line_turns(
    doctor: Doctor, everything: LocalTenant, name: str
) -> None:
    everything.switches.bad_secret_as_access_denied = name.endswith("words")
    OUTSIDE[name].flip(everything)
    assert turned(doctor) == {OUTSIDE[name].id: OUTSIDE[name].status}


@pytest.mark.rows(4)
@pytest.mark.parametrize("name", [*OUTSIDE, *INSIDE])
def test_with_token_exactly_that_line_turns(
    doctor: Doctor, management: LocalTenant, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    flip = {**OUTSIDE, **INSIDE}[name]
    flip.flip(management)
    expected = {} if flip.status == "unknown" else {flip.id: flip.status}
    assert turned(doctor) == expected


def test_nothing_is_wrong_where_all_is_well(doctor: Doctor, management: LocalTenant) -> None:
    report = doctor("--json")
    assert not turned(doctor)
    assert report.status == 0
    assert report.having("unknown") == set()


def test_each_switch_of_the_dashboard_turns_a_line() -> None:
    named = {name.partition(" ")[0] for name in {**OUTSIDE, **INSIDE}}
    assert {field.name for field in fields(Dashboard)} - WITHOUT_LINE <= named


def test_each_line_is_turned_by_a_switch() -> None:
    turned_ids = {flip.id for flip in {**OUTSIDE, **INSIDE}.values()}
    asked = {entry.id for entry in ONLINE if not entry.id.startswith("assumption.")}
    assert asked - turned_ids == HELD_ELSEWHERE
    assert len({entry.id for entry in (*OFFLINE, *ONLINE)}) == len((*OFFLINE, *ONLINE))
