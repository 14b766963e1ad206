"""Lines that two settings or two switches make, and addresses of many hosts and languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.test import override_settings
from django.urls import include, path

from django_pwdless.doctor.line import CannotTell
from django_pwdless.doctor.site.addresses import addresses
from django_pwdless.localtenant import LocalTenant
from tests.urls import urlpatterns as plain

from .conftest import Doctor

IN_TWO_LANGUAGES: Any = {
    "ROOT_URLCONF": __name__,
    "LANGUAGES": [("en", "English"), ("de", "German")],
    "LANGUAGE_CODE": "en",
}
ours = path("accounts/", include("django_pwdless.urls"))
urlpatterns = [*plain[:1], *i18n_patterns(ours, prefix_default_language=False)]
CALLBACK = "/accounts/callback/"


@pytest.fixture
def hosts(settings: Any) -> Callable[..., None]:
    def name(*hosts: str, **more: Any) -> None:
        settings.PWDLESS = {**settings.PWDLESS, "BASE_URL": more.pop("BASE_URL", None)}
        for key, value in {"ALLOWED_HOSTS": list(hosts), **more}.items():
            setattr(settings, key, value)

    return name


def test_base_url_is_the_only_origin(hosts: Callable[..., None]) -> None:
    hosts("a.example", "b.example", BASE_URL="https://www.example.com")
    assert addresses("callback").urls == (f"https://www.example.com{CALLBACK}",)
    assert addresses("callback").certainty == "sure"


@pytest.mark.parametrize(
    ("more", "scheme", "certainty"),
    [
        ({"SECURE_SSL_REDIRECT": True}, "https", "sure"),
        ({"SECURE_PROXY_SSL_HEADER": ("X-Forwarded-Proto", "https")}, "https", "sure"),
        ({}, "https", "likely"),
        ({"DEBUG": True}, "http", "likely"),
    ],
)
def test_each_host_has_its_address(
    hosts: Callable[..., None], more: Any, scheme: str, certainty: str
) -> None:
    hosts("a.example", "localhost", "b.example", **more)
    found = addresses("callback")
    assert found.urls == tuple(f"{scheme}://{host}.example{CALLBACK}" for host in "ab")
    assert found.certainty == certainty


@pytest.mark.parametrize("host", ["*", ".example.com"])
def test_hosts_without_names_cannot_be_told(hosts: Callable[..., None], host: str) -> None:
    hosts(host)
    with pytest.raises(CannotTell, match="BASE_URL"):
        addresses("callback")


def test_without_hosts_it_is_the_development_server(hosts: Callable[..., None]) -> None:
    hosts()
    assert addresses("callback").urls == (f"http://localhost:8000{CALLBACK}",)


@pytest.mark.parametrize(
    ("known", "is_listed"),
    [
        (f"http://localhost:8000{CALLBACK}", True),
        (f"http://127.0.0.1:9000{CALLBACK}", True),
        (f"https://shop.example{CALLBACK}", False),
        ("http://localhost:8000/other/", False),
        ("http://[", False),
    ],
)
def test_in_development_any_port_of_this_machine_will_do(
    hosts: Callable[..., None], known: str, is_listed: bool
) -> None:
    hosts()
    assert bool(addresses("callback").listed([known])) is is_listed


def test_each_language_prefix_has_its_address(
    doctor: Doctor, management: LocalTenant, settings: Any
) -> None:
    with override_settings(**IN_TWO_LANGUAGES):
        line = doctor("--json").lines["callback"]
    assert line["status"] == "wrong"
    assert line["text"] == (
        "https://shop.example/de/accounts/callback/ is missing among Allowed Callback URLs: found "
        "1 of the 2 that your hosts and languages need."
    )


def test_links_need_the_urls_of_the_app(
    doctor: Doctor, management: LocalTenant, settings: Any
) -> None:
    settings.ROOT_URLCONF = "django.contrib.staticfiles.urls"
    assert (
        doctor("--json").lines["callback"]["text"] == "Needs the URLs of the app: see pwdless.W051."
    )


@pytest.mark.rows(3)
@pytest.mark.parametrize(
    ("policy", "customizes", "methods", "status"),
    [
        (None, False, ["email-code"], "ok"),
        ("all-applications", False, ["email-code"], "wrong"),
        ("confidence-score", False, ["email-code"], "wrong"),
        ("all-applications", True, ["email-code"], "ok"),
        ("all-applications", False, ["email-code", "universal"], "ok"),
    ],
)
def test_second_factor_that_is_asked_for_has_a_page(
    doctor: Doctor,
    management: LocalTenant,
    configure: Callable[..., None],
    policy: str | None,
    customizes: bool,
    methods: list[str],
    status: str,
) -> None:
    configure(CUSTOMIZE_MFA=customizes, METHODS=methods)
    management.switches.mfa_policy = policy
    assert doctor("--json").lines["factors.policy"]["status"] == status


def test_factor_of_auth0s_that_the_site_leaves_out(
    doctor: Doctor, management: LocalTenant, configure: Callable[..., None]
) -> None:
    configure(MFA_FACTORS=["otp", "phone", "push-notification", "recovery-code"])
    line = doctor("--json").lines["factors.unsupported"]
    assert (line["status"], line["text"]) == (
        "warn",
        "email is on at Auth0, and not in MFA_FACTORS.",
    )


def test_texts_that_nobody_sends(doctor: Doctor, management: LocalTenant) -> None:
    management.switches.sms_provider = "none"
    assert doctor("--json").lines["provider.sms"]["certainty"] == "likely"
    management.switches.phone_provider = "none"
    assert doctor("--json").lines["provider.sms"]["status"] == "wrong"


def test_bot_detection_without_universal_login_stops_people(
    doctor: Doctor, management: LocalTenant, configure: Callable[..., None]
) -> None:
    configure(METHODS=["email-code"])
    management.switches.bot_detection = "invalid_captcha"
    assert doctor("--json").lines["attack.bot_detection"]["status"] == "wrong"


def test_profile_without_universal_login_is_a_warning(
    doctor: Doctor, management: LocalTenant, configure: Callable[..., None]
) -> None:
    configure(METHODS=["email-code"])
    management.switches.identifier_first = False
    assert doctor("--json").lines["identifier_first"]["status"] == "warn"


def test_what_a_site_does_not_use_has_no_line(
    doctor: Doctor, management: LocalTenant, configure: Callable[..., None]
) -> None:
    configure(METHODS=["email-code"], CUSTOMIZE_MFA=False, AUDIENCE=None, SCOPE="openid email")
    lines = doctor("--json").lines
    assert not {"callback", "logout", "connection.sms", "grant.mfa", "audience"} & set(lines)
    assert not [n for n in lines if n.startswith("factors.") and n != "factors.policy"]


def test_names_of_actions_are_told(doctor: Doctor, management: LocalTenant) -> None:
    assert "Ask for multi-factor" in doctor("--json").lines["actions"]["text"]
    management.switches.mfa_on_request = False
    assert doctor("--json").lines["actions"]["text"] == "No Action runs at a login."


def test_key_set_without_our_algorithm(
    doctor: Doctor, management: LocalTenant, configure: Callable[..., None]
) -> None:
    configure(ALGORITHM="PS256")
    lines = doctor("--json").lines
    assert lines["keys"]["status"] == "wrong"


@pytest.mark.parametrize("ahead", [-120, 120])
def test_clock_that_goes_wrong(doctor: Doctor, management: LocalTenant, ahead: int) -> None:
    management.clock.advance(ahead)
    line = doctor("--json").lines["clock.skew"]
    assert line["status"] == "wrong" and "LEEWAY" in line["text"]
    management.clock.advance(-ahead * 0.9)
    assert doctor("--json").lines["clock.skew"]["status"] == "warn"


def test_what_is_assumed_is_compared(doctor: Doctor, everything: LocalTenant) -> None:
    lines = doctor("--json").lines
    assumed = {name for name in lines if name.startswith("assumption.")}
    assert {lines[name]["status"] for name in assumed} == {"ok"}
    assert assumed == {f"assumption.{number}" for number in (10, 33, 34, 35, 36)}


def test_what_is_otherwise_than_assumed_is_worth_a_report(
    doctor: Doctor, everything: LocalTenant
) -> None:
    everything.answer("/oauth/revoke", 400, "invalid_request", "The token is <b>odd</b>")
    line = doctor("--json").lines["assumption.33"]
    assert line["status"] == "warn" and "Found: 400 invalid_request." in line["text"]
    assert "report" in line["text"] and "odd" not in line["text"]


@pytest.mark.parametrize(("is_on", "status"), [(True, "ok"), (False, "wrong")])
def test_setting_of_magic_links_may_be_among_the_flags(
    doctor: Doctor, management: LocalTenant, is_on: bool, status: str
) -> None:
    flags = {"allow_magiclink_verify_without_session": is_on}
    management.answer("/api/v2/tenants/settings", 200, flags=flags)
    assert doctor("--json").lines["magic_link"]["status"] == status


def test_setting_of_magic_links_that_is_missing_is_unknown(
    doctor: Doctor, management: LocalTenant
) -> None:
    management.answer("/api/v2/tenants/settings", 200, flags={})
    assert doctor("--json").lines["magic_link"]["status"] == "unknown"
