"""A run of the doctor as whoever starts it meets it: what it prints, asks and leaves alone."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.checks import Error, register
from django.core.checks.registry import registry as checks
from django.core.management import call_command, load_command_class

from django_pwdless.doctor import registry
from django_pwdless.doctor.entry import entry
from django_pwdless.localtenant import LocalTenant

from .conftest import Doctor, send_mail_to, use_mail_backend

KEYS = ["id", "status", "where", "setting", "text", "certainty"]
SECRET_PATHS = ("/oauth/", "/passwordless/", "/mfa/", "/api/")


def paths(tenant: LocalTenant, begin: str) -> list[str]:
    return [request.path for request in tenant.requests if request.path.startswith(begin)]


def test_lines_have_six_members_and_known_words(doctor: Doctor, management: LocalTenant) -> None:
    report = doctor("--json")
    for line in json.loads(report.stdout)["lines"]:
        assert list(line) == KEYS
        assert line["status"] in ("ok", "wrong", "warn", "unknown")
        assert line["certainty"] in ("sure", "likely", "cannot tell")
        assert line["text"] and all(isinstance(value, str) for value in line.values())


def test_ids_come_once_and_from_the_registry(doctor: Doctor, management: LocalTenant) -> None:
    found = [line["id"] for line in json.loads(doctor("--json").stdout)["lines"]]
    known = {each.id for each in (*registry.OFFLINE, *registry.ONLINE)}
    assert Counter(found).most_common(1)[0][1] == 1
    assert {name for name in found if not name.startswith("pwdless.")} <= known


def test_offline_asks_nobody(doctor: Doctor, everything: LocalTenant) -> None:
    report = doctor("--json", "--offline")
    assert not everything.requests and report.status == 0
    assert {"settings", "cache", "database", "migrations", "mail", "clock"} <= set(report.lines)
    assert "dns" not in report.lines


def test_it_makes_no_more_calls_than_it_may(doctor: Doctor, management: LocalTenant) -> None:
    doctor()
    assert len(paths(management, "/api/v2/")) <= 26
    assert len(management.requests) - len(paths(management, "/api/v2/")) <= 16


def test_without_token_it_makes_no_more_calls_than_it_may(
    doctor: Doctor, everything: LocalTenant, configure: Callable[..., None], settings: Any
) -> None:
    configure(BASE_URL=None)
    settings.ALLOWED_HOSTS = [f"{number}.shop.localhost" for number in range(30)]
    everything.client.callbacks = None
    report = doctor("--json")
    assert len(everything.requests) == 16
    assert report.lines["callback"]["status"] == "ok"
    assert report.lines["callback"]["certainty"] == "likely"
    assert "of 30 addresses were tried" in report.lines["callback"]["text"]


def test_each_call_says_who_asks_and_for_nobody(doctor: Doctor, management: LocalTenant) -> None:
    doctor()
    for request in management.requests:
        told = json.loads(base64.b64decode(request.headers["Auth0-Client"]))
        assert told["name"] == "django-pwdless"
        assert "auth0-forwarded-for" not in request.headers


def test_it_sends_no_message_and_spends_nobodys_tries(
    doctor: Doctor, management: LocalTenant
) -> None:
    ann = management.add_person("ann@example.com", "+12025550101", factors=["otp", "sms"])
    before = vars(ann).copy()
    doctor()
    assert not management.inbox.messages()
    assert vars(ann) == before
    names = {call.body.get("username") for call in management.calls("/oauth/token")}
    assert len(names) > 1 and not {"ann@example.com", "+12025550101"} & names


def test_each_run_asks_for_somebody_new(doctor: Doctor, everything: LocalTenant) -> None:
    doctor()
    doctor()
    calls = everything.calls("/oauth/token")
    names = [call.body["username"] for call in calls if call.body.get("realm") == "email"]
    assert len(set(names)) == len(names) == 2
    assert all(name.endswith("@doctor.invalid") for name in names)


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_no_secret_is_printed(
    doctor: Doctor, management: LocalTenant, monkeypatch: pytest.MonkeyPatch, arguments: Any
) -> None:
    token = management.management_token(*SCOPES, "read:client_keys")
    monkeypatch.setenv("AUTH0_MANAGEMENT_TOKEN", token)
    report = doctor(*arguments)
    printed = report.stdout + report.stderr
    for secret in (token, str(management.client_secret), "local-twilio-token"):
        assert secret not in printed
    (asked,) = {r.query["fields"] for r in management.requests if "/clients/local" in r.path}
    assert "secret" not in asked


SCOPES = ("read:clients", "read:connections", "read:connections_options", "read:prompts")


def test_missing_scope_is_named_on_its_lines(
    doctor: Doctor, management: LocalTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTH0_MANAGEMENT_TOKEN", management.management_token(*SCOPES))
    lines = doctor("--json").lines
    assert lines["code.length"]["status"] == "ok"
    assert lines["factors"]["status"] == "unknown"
    assert "read:guardian_factors" in lines["factors"]["text"]


def test_what_is_not_on_the_plan_is_unknown(doctor: Doctor, management: LocalTenant) -> None:
    management.switches.plan_features = False
    lines = doctor("--json").lines
    assert lines["attack.bot_detection"]["text"] == "This is not on the tenant's plan."


@pytest.mark.rows(3)
@pytest.mark.parametrize("fault", ["object", "list", "null", "html", "server_error", "wrong_types"])
def test_answers_that_nobody_expects_make_no_line_wrong(
    doctor: Doctor, management: LocalTenant, fault: str
) -> None:
    for path in set(paths(management, "/api/v2/")) or MANAGEMENT_PATHS:
        management.fail(path, fault)
    report = doctor("--json")
    assert "Traceback" not in report.stderr
    stumbled = [n for n, line in report.lines.items() if "stumbled" in line["text"]]
    assert not stumbled
    assert report.lines["client.type"]["status"] == "unknown"


MANAGEMENT_PATHS = [
    f"/api/v2/{path}"
    for path in (
        *("clients/local-client-id", "connections", "connections/con_email/clients"),
        *("tenants/settings", "prompts", "guardian/factors", "guardian/policies"),
        *("guardian/factors/phone/message-types", "guardian/factors/phone/selected-provider"),
        *("branding/phone/providers", "emails/provider", "client-grants", "logs"),
        *("actions/triggers/post-login/bindings", "attack-protection/bot-detection"),
        *("attack-protection/brute-force-protection", "attack-protection/captcha"),
        *("attack-protection/suspicious-ip-throttling",),
        *("attack-protection/phone-provider-protection",),
        "resource-servers/https://api.local.example/",
        "resource-servers/https://own.example/",
    )
]


@pytest.mark.rows(3)
@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (path, fault)
        # The first one has every fault in "make test": it is asked once, and so waits once.
        for path in ("/oauth/revoke", "/oauth/token", "/passwordless/start", "/authorize")
        for fault in ("object", "html", "server_error", "rate_limited", "wrong_types_error")
    ],
)
def test_odd_answers_of_the_authentication_api_say_nothing(
    doctor: Doctor, everything: LocalTenant, path: str, fault: str
) -> None:
    everything.fail(path, fault)
    report = doctor("--json")
    assert not [n for n, line in report.lines.items() if "stumbled" in line["text"]]
    assert report.having("wrong") <= {"callback"}


def test_wrong_secret_is_one_line(doctor: Doctor, everything: LocalTenant) -> None:
    everything.client.secret = "another"
    report = doctor("--json")
    assert report.status == 1
    assert report.having("wrong") == {"secret"}
    assert report.lines["grant.otp"]["text"] == "Needs secret."
    assert report.lines["secret"]["setting"] == "CLIENT_SECRET"


def test_private_key_that_does_not_fit_is_told_by_its_thumbprint(
    doctor: Doctor, everything: LocalTenant, settings: Any
) -> None:
    mine, other = everything.add_client("private_key"), everything.add_client("public")
    settings.PWDLESS = {**settings.PWDLESS, **everything.settings_for(mine), "CLIENT_SECRET": None}
    assert doctor("--json").lines["secret"]["status"] == "ok"
    mine.public_key = b"another"
    line = doctor("--json").lines["secret"]
    assert line["status"] == "wrong" and "SHA-256" in line["text"]
    assert other.client_id not in line["text"]


def test_public_client_that_must_authenticate(
    doctor: Doctor, everything: LocalTenant, configure: Callable[..., None]
) -> None:
    configure(CLIENT_SECRET=None)
    line = doctor("--json").lines["secret"]
    assert line["status"] == "wrong" and line["where"].endswith("Application Type")


def no_credentials(tenant: LocalTenant) -> bool:
    raw = b"".join(request.raw for request in tenant.requests)
    headers = [request.headers.get("Authorization") for request in tenant.requests]
    secret_calls = [r for r in tenant.requests if r.path.startswith(SECRET_PATHS)]
    return str(tenant.client_secret).encode() not in raw and not any(headers) and not secret_calls


@pytest.mark.parametrize(
    ("fault", "status"),
    [("html", 1), ("object", 1), ("list", 1), ("redirect", 1), ("bad_gateway_html", 3)],
)
def test_no_credential_goes_to_what_is_no_tenant(
    doctor: Doctor, management: LocalTenant, fault: str, status: int
) -> None:
    management.fail("/.well-known/openid-configuration", fault)
    report = doctor("--json")
    assert report.status == status
    assert report.having("wrong") == {"discovery"}
    assert report.lines["secret"]["text"] == "Needs discovery."
    assert no_credentials(management)


def test_no_credential_goes_to_a_tenant_of_another_name(
    doctor: Doctor, management: LocalTenant, configure: Callable[..., None]
) -> None:
    configure(DOMAIN=management.domain.replace("127.0.0.1", "localhost"))
    report = doctor("--json")
    assert report.status == 1
    assert report.having("wrong") == {"issuer"}
    assert no_credentials(management)


def test_no_token_goes_to_a_management_domain_of_another_name(
    doctor: Doctor, management: LocalTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = management.domain.replace("127.0.0.1", "localhost")
    monkeypatch.setenv("AUTH0_MANAGEMENT_DOMAIN", domain)
    assert doctor("--json").having("wrong") == {"management.domain"}
    assert not paths(management, "/api/v2/")


@pytest.mark.parametrize("domain", ["http://manage.example", "a.example/b", "a@b.example", "A b"])
def test_no_token_goes_to_what_is_no_host(
    doctor: Doctor, management: LocalTenant, monkeypatch: pytest.MonkeyPatch, domain: str
) -> None:
    monkeypatch.setenv("AUTH0_MANAGEMENT_DOMAIN", domain)
    line = doctor("--json").lines["management.domain"]
    assert (line["status"], "no host" in line["text"]) == ("wrong", True)


@pytest.mark.parametrize("claims", [{"aud": "https://other.example/api/v2/"}, {"exp": 1}])
def test_token_that_cannot_be_good_is_not_sent(
    doctor: Doctor, management: LocalTenant, monkeypatch: pytest.MonkeyPatch, claims: Any
) -> None:
    token = management.management_token(**claims)
    monkeypatch.setenv("AUTH0_MANAGEMENT_TOKEN", token)
    report = doctor("--json")
    assert report.having("wrong") == {"management.token"}
    assert not paths(management, "/api/v2/")


def test_token_that_is_refused_is_one_line(
    doctor: Doctor, management: LocalTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTH0_MANAGEMENT_TOKEN", "no-token")
    report = doctor("--json")
    assert report.having("wrong") == {"management.token"}
    assert len(paths(management, "/api/v2/")) == 1


@pytest.mark.rows(2)
@pytest.mark.parametrize("fault", ["rate_limited", "server_error", "html", "reset"])
def test_token_of_which_no_answer_says_anything_is_unknown(
    doctor: Doctor, management: LocalTenant, fault: str
) -> None:
    management.fail("/api/v2/prompts", fault)
    lines = doctor("--json").lines
    assert lines["management.token"]["status"] == "unknown"
    assert lines["code.length"]["status"] == "ok"


def test_custom_domain_is_compared_at_the_tenants_own(
    doctor: Doctor, everything: LocalTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalTenant() as own:
        own.switches.management_limit = 0
        own.switches.custom_domain = everything.domain
        monkeypatch.setenv("AUTH0_MANAGEMENT_DOMAIN", own.domain)
        monkeypatch.setenv("AUTH0_MANAGEMENT_TOKEN", own.management_token())
        assert doctor("--json").lines["custom_domain"]["status"] == "ok"
        own.switches.custom_domain_ready = False
        assert doctor("--json").lines["custom_domain"]["status"] == "wrong"
        own.switches.custom_domain = "another.example"
        assert doctor("--json").lines["custom_domain"]["status"] == "wrong"
        assert not paths(everything, "/api/v2/")


@pytest.mark.parametrize("fault", ["refused", "reset", "closed"])
def test_tenant_out_of_reach_is_three(doctor: Doctor, everything: LocalTenant, fault: str) -> None:
    everything.fail("/.well-known/openid-configuration", fault)
    report = doctor("--json")
    assert report.status == 3
    assert report.having("wrong") == {"discovery"}


def test_tenant_that_stops_to_answer_is_asked_twice_and_is_three(
    doctor: Doctor, everything: LocalTenant
) -> None:
    everything.fail("/oauth/revoke", "reset")
    everything.fail("/passwordless/start", "reset")
    report = doctor("--json")
    assert report.status == 3
    assert "stopped to answer" in report.lines["grant.otp"]["text"]


def test_untrusted_certificate_is_the_tls_line(doctor: Doctor, db: None, settings: Any) -> None:
    with LocalTenant(tls=True) as tenant:
        settings.PWDLESS = {**settings.PWDLESS, **tenant.settings}
        report = doctor("--json")
    assert report.status == 3
    assert report.having("wrong") == {"tls"}
    assert not tenant.requests


def test_name_without_address_is_the_dns_line(
    doctor: Doctor, everything: LocalTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up, port = socket.getaddrinfo, urlsplit(everything.settings["DOMAIN"]).port

    def nobody(host: Any, service: Any = None, *args: Any, **kwargs: Any) -> Any:
        if service == port:
            raise OSError("no such name")
        return look_up(host, service, *args, **kwargs)

    monkeypatch.setattr("socket.getaddrinfo", nobody)
    report = doctor("--json")
    assert (report.status, report.having("wrong")) == (3, {"dns"})


@pytest.mark.parametrize(
    "pwdless",
    [None, "text", {}, {"DOMAIN": 7, "CLIENT_ID": "x"}, {"DOMAIN": "a b", "CLIENT_ID": "x"}],
)
def test_settings_that_cannot_be_read_are_lines_and_no_traceback(
    doctor: Doctor, db: None, settings: Any, pwdless: Any
) -> None:
    settings.PWDLESS = pwdless
    report = doctor("--json")
    assert report.status == 1
    (wrong,) = {name.partition(".E0")[0] for name in report.having("wrong")}
    assert wrong == "pwdless"
    assert report.lines["secret"]["text"].startswith("Needs pwdless.E0")


def test_crash_is_that_lines_result(
    doctor: Doctor, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(case: Any) -> Any:
        raise RuntimeError("local-client-secret")

    broken, dependent = entry("first")(explode), entry("second", needs=("first",))(explode)
    monkeypatch.setattr(registry, "OFFLINE", (broken, dependent))
    report = doctor("--json", "--offline")
    assert "RuntimeError" in report.lines["first"]["text"]
    assert report.lines["second"]["text"] == "Needs first."
    assert "local-client-secret" not in report.stdout + report.stderr


def test_cache_that_is_down_is_its_line(doctor: Doctor, db: None, settings: Any) -> None:
    redis = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": redis, "LOCATION": "redis://127.0.0.1:1"}}
    assert doctor("--json", "--offline").having("wrong") == {"cache"}


def test_missing_migration_is_named(
    doctor: Doctor, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="django_pwdless").delete()
    lines = doctor("--json", "--offline").lines
    assert lines["migrations"]["status"] == "wrong"
    assert "manage.py migrate" in lines["migrations"]["text"]


def test_system_checks_are_reported_in_their_own_words(
    doctor: Doctor, everything: LocalTenant, configure: Callable[..., None], settings: Any
) -> None:
    configure(LINK_NONCE=False)
    settings.RATELIMIT_ENABLE = False
    stderr = io.StringIO()
    call_command("check", deploy=True, stderr=stderr, fail_level="CRITICAL")
    lines = doctor("--json", "--offline").lines
    for name in ("pwdless.W060", "pwdless.E035"):
        assert lines[name]["status"] == "warn"
        assert lines[name]["text"].split(" Write ")[0][:40] in stderr.getvalue()


def test_what_deploy_refuses_is_wrong_with_a_tenant_elsewhere(
    doctor: Doctor, db: None, settings: Any
) -> None:
    settings.RATELIMIT_ENABLE = False
    assert doctor("--json", "--offline").having("wrong") == {"pwdless.E035"}


@pytest.fixture
def refuse_when_live() -> Iterator[None]:
    """Another app whose check is an error, with ``--deploy`` alone."""

    def refuse(**kwargs: Any) -> list[Error]:
        return [Error("Not for the public.", id="other.E001")]

    register(refuse, deploy=True)
    yield
    checks.deployment_checks.discard(refuse)


@pytest.mark.parametrize(
    ("domain", "status"), [("http://127.0.0.1:1", "warn"), ("tenant.example", "wrong")]
)
def test_what_deploy_refuses_of_another_app_can_wait_at_home(
    doctor: Doctor, configure: Callable[..., None], refuse_when_live: None, domain: str, status: str
) -> None:
    configure(DOMAIN=domain)
    line = doctor("--json", "--offline").lines["checks.others"]
    assert line["status"] == status and "other.E001" in line["text"]


@pytest.mark.parametrize(
    ("notices", "backend", "status", "text"),
    [
        ([], None, "ok", "The app itself sends no mail"),
        (["new_sign_in"], "locmem", "warn", "sends nothing to anybody"),
        (["new_sign_in"], None, "wrong", "does not answer (ConnectionRefusedError)"),
        (["new_sign_in"], "no.such.Backend", "wrong", "does not answer ("),
    ],
)
def test_mail_that_does_not_leave_the_machine(
    doctor: Doctor,
    configure: Callable[..., None],
    settings: Any,
    notices: list[str],
    backend: str | None,
    status: str,
    text: str,
) -> None:
    configure(NOTICES=notices)
    if backend is not None:
        use_mail_backend(settings, backend)
    line = doctor("--json", "--offline").lines["mail"]
    assert line["status"] == status and text in line["text"]


def test_mail_server_that_answers(
    doctor: Doctor, configure: Callable[..., None], settings: Any
) -> None:
    configure(NOTICES=["new_sign_in"])
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
        send_mail_to(settings, server.getsockname()[1])
        talk = pool.submit(greet, server)
        assert doctor("--json", "--offline").lines["mail"]["status"] == "ok"
        assert talk.result(10) == b"quit\r\n"


def greet(server: socket.socket) -> bytes:
    """Take one connection as a mail server does, and return what was said there."""
    with server.accept()[0] as connection:
        connection.sendall(b"220 mail.example\r\n")
        said = connection.recv(1000)
        connection.sendall(b"221 Bye\r\n")
    return said


def test_silenced_check_has_no_line(doctor: Doctor, everything: LocalTenant, settings: Any) -> None:
    settings.SILENCED_SYSTEM_CHECKS = ["pwdless.E011"]
    assert "pwdless.E011" not in doctor("--json", "--offline").lines


def test_table_has_marks_and_ends_with_what_to_do_first(
    doctor: Doctor, management: LocalTenant
) -> None:
    management.switches.code_length = 8
    rows = doctor().stdout.rstrip("\n").split("\n")
    (row,) = [row for row in rows[:-1] if " code.length " in row]
    assert row.startswith("wrong    code.length")
    assert "CODE_LENGTH is 6, and at the connection Email it is 8." in row
    assert row.endswith("Authentication > Passwordless > Email (or SMS) > OTP Length. (sure)")
    assert rows[-1].startswith("1 wrong, ")
    assert "First: code.length." in rows[-1]


def test_progress_goes_to_stderr_alone(doctor: Doctor, everything: LocalTenant) -> None:
    report = doctor("--json")
    json.loads(report.stdout)
    assert "- secret\n" in report.stderr


class Terminal(io.StringIO):
    """What the table is written to: a terminal or none, of some encoding."""

    def __init__(self, encoding: str, tty: bool) -> None:
        super().__init__()
        self._encoding, self._tty = encoding, tty

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return self._tty


def printed(terminal: Terminal, **options: Any) -> str:
    with contextlib.suppress(SystemExit):
        call_command(
            "pwdless_doctor", "--offline", stdout=terminal, stderr=io.StringIO(), **options
        )
    return terminal.getvalue()


def test_colours_are_for_terminals(everything: LocalTenant, db: None) -> None:
    assert "\x1b[" in printed(Terminal("utf-8", tty=True), force_color=True)
    assert "\x1b[" not in printed(Terminal("utf-8", tty=True), no_color=True)
    assert "\x1b[" not in printed(Terminal("utf-8", tty=False))


def test_terminal_without_utf8_gets_ascii(
    everything: LocalTenant, db: None, configure: Callable[..., None]
) -> None:
    configure(CLIENT_ASSERTION_KEY="no key")
    assert printed(Terminal("latin-1", tty=False)).isascii()


def test_calls_are_spaced_as_the_tenant_asks(doctor: Doctor, management: LocalTenant) -> None:
    management.switches.management_limit = 12
    report = doctor("--json")
    assert len(paths(management, "/api/v2/")) > 20
    assert not [line for line in report.lines.values() if "no more calls" in line["text"]]


def test_it_runs_without_system_checks(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.PWDLESS = {}
    command = load_command_class("django_pwdless", "pwdless_doctor")
    with pytest.raises(SystemExit) as end:
        command.run_from_argv(["manage.py", "pwdless_doctor", "--json", "--offline"])
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert end.value.code == 1 and "pwdless.E003" in {line["id"] for line in lines}


@pytest.mark.thorough
def test_manage_py_runs_it_without_system_checks() -> None:
    program = (
        "from django.conf import settings\n"
        "settings.configure(INSTALLED_APPS=['django.contrib.contenttypes', 'django.contrib.auth',"
        " 'django.contrib.sessions', 'django_pwdless'], PWDLESS={}, SECRET_KEY='x',"
        " ROOT_URLCONF='django_pwdless.urls')\n"
        "from django.core.management import execute_from_command_line\n"
        "execute_from_command_line(['manage.py', 'pwdless_doctor', '--json', '--offline'])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert {line["id"] for line in json.loads(done.stdout)["lines"]} >= {"pwdless.E003"}
