from __future__ import annotations

import faulthandler
import gc
import ipaddress
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextvars import copy_context
from functools import partialmethod
from itertools import count
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.contrib.contenttypes.models import ContentType
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.signals import setting_changed
from django.db import connection
from django.db.models.signals import post_migrate
from django.test.signals import root_urlconf_changed

from tests.clocks import stop_time
from tests.sampling import leave_repetition_out

PASSED = count(1)

#: Seconds that nothing takes: whatever waits for ever ends the run, and shows where it waits.
FOREVER = 300


class OutgoingNetworkError(RuntimeError):
    """A test tried to leave the machine.

    Deliberately no ``OSError``: code that copes with an unreachable tenant must not swallow it.
    """


def is_loopback(host: Any) -> bool:
    """Whether ``host``, a name or an address, is this machine without asking a name server."""
    if isinstance(host, bytes):
        host = host.decode()
    if host in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    leave_repetition_out(items)


class Watch:
    """Ends the run where a test takes for ever. Setting it anew costs more than a small test.

    One of ``make fuzz`` may take that long.
    """

    def __init__(self) -> None:
        self._since = 0.0
        self._output = 2
        self._is_on = os.environ.get("PWDLESS_FUZZ") != "thorough"

    def begin(self) -> None:
        """Remember where to show it: what a test writes there is caught, and lost with the run."""
        self._output = os.dup(2)

    def go_on(self) -> None:
        now = time.monotonic()
        if self._is_on and now - self._since > FOREVER / 10:
            faulthandler.dump_traceback_later(FOREVER, exit=True, file=self._output)
            self._since = now


WATCH = Watch()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, as many tests wait for an answer."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) + 1
    return (os.cpu_count() or 1) + 1


def pytest_configure() -> None:
    WATCH.begin()
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage in what tests make, not each time among all the tests there are as well."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run each test in a context of its own.

    New ``CACHES`` leave variables in it, and asgiref looks at all there are in each async call.
    """
    WATCH.go_on()
    runner: Any = item.config.pluginmanager.get_plugin("runner")
    copy_context().run(runner.pytest_runtest_protocol, item, nextitem)
    return True


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name long text by its argument, so that what is random has the same id in each process."""
    return argname if isinstance(val, (str, bytes)) and len(val) > 60 else None


def pytest_report_teststatus(
    report: pytest.TestReport, config: pytest.Config
) -> tuple[str, str, str] | None:
    """Show one dot for twenty tests that passed: thousands are a few lines then."""
    if report.when != "call" or not report.passed or config.get_verbosity() > 0:
        return None
    return "passed", "" if next(PASSED) % 20 else ".", "PASSED"


@pytest.fixture(autouse=True, scope="session")
def no_outgoing_network() -> Iterator[None]:
    """Make every connection and name look-up beyond the loopback interface raise."""

    def guard(host: Any) -> None:
        if not is_loopback(host):
            raise OutgoingNetworkError(f"A test tried to reach {host!r}.")

    def guarded(method: Any) -> Any:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in {socket.AF_INET, socket.AF_INET6}:
                guard(address[0])
            return method(self, address)

        return connect

    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        guard(host)
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Make no permissions and content types anew after each test that commits.

    It takes as long as the test, and whoever asks for one of the latter makes it. Django connects
    its own receivers again wherever INSTALLED_APPS change, so their places are taken.
    """
    for place in ("django.contrib.auth.management.create_permissions", id(create_contenttypes)):
        post_migrate.disconnect(dispatch_uid=place)
        post_migrate.connect(forget_contenttypes, dispatch_uid=place)
    if connection.vendor == "postgresql":
        empty_by_deleting(connection.ops)


def empty_by_deleting(operations: Any) -> None:
    """TRUNCATE takes PostgreSQL longer than most tests; what one leaves behind is a few rows."""
    truncate = operations.sql_flush

    def sql_flush(style: Any, tables: list[str], **options: bool) -> list[str]:
        if options.get("reset_sequences"):
            return list(truncate(style, tables, **options))
        return [" ".join(("DELETE FROM", operations.quote_name(table))) for table in tables]

    operations.sql_flush = sql_flush


def forget_contenttypes(**kwargs: Any) -> None:
    """Have them looked for in the database, which has just been emptied."""
    ContentType.objects.clear_cache()


@pytest.fixture(autouse=True, scope="session")
def kept_resolvers() -> None:
    """Read each URLconf once: Django forgets all of them whenever a test swaps the site's own."""
    setting_changed.disconnect(root_urlconf_changed)


@pytest.fixture(autouse=True, scope="session")
def quick_servers() -> None:
    """Have Django's own servers send each answer at once, and end as soon as they are told to.

    Otherwise a body follows its head 40 ms later, and the end comes within half a second.
    """
    WSGIRequestHandler.disable_nagle_algorithm = True
    server: Any = ThreadedWSGIServer
    server.serve_forever = partialmethod(ThreadedWSGIServer.serve_forever, poll_interval=0.02)


@pytest.fixture
def permissions(db: None) -> None:
    """The permissions of the app's models and of the users."""
    for label in ("auth", "django_pwdless"):
        create_permissions(apps.get_app_config(label), verbosity=0)


@pytest.fixture(autouse=True)
def clear_caches() -> Iterator[None]:
    """Start every test with empty caches: limits, claimed states and keys live there."""
    from django.core.cache import caches

    yield
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def configure(settings: Any, pwdless_tenant: Any) -> Callable[..., None]:
    """Set keys of ``PWDLESS``, beside those that lead to the local tenant."""

    def configure(**keys: Any) -> None:
        settings.PWDLESS = {**settings.PWDLESS, **keys}

    return configure


@pytest.fixture
def clock(time_machine: Any, settings: Any) -> Any:
    """The time of site and tenant alike: it stands still until it is told to ``shift``."""
    return stop_time(time_machine, settings)


@pytest.fixture
def link_by_email(settings: Any) -> None:
    """A first login may join the user of its verified address."""
    settings.PWDLESS = {**settings.PWDLESS, "LINK_BY_VERIFIED_EMAIL": True}


@pytest.fixture
def no_new_users(settings: Any) -> None:
    """A first login makes no user."""
    settings.PWDLESS = {**settings.PWDLESS, "CREATE_USERS": False}
