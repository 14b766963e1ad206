"""Run the example site, and a local tenant unless the environment names a real one.

``AUTH0_DOMAIN``, ``AUTH0_CLIENT_ID`` and ``AUTH0_CLIENT_SECRET`` together choose a real tenant.
``SITE_PORT`` and ``TENANT_PORT`` choose ports; a free one is taken where one is in use.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator

import django
from django.contrib.staticfiles.management.commands import runserver
from django.core.management import call_command
from django.core.servers.basehttp import WSGIRequestHandler

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.cli import print_message
from django_pwdless.localtenant.clients.api import DEFAULT_API
from manage import DEMO

HOST = "127.0.0.1"
STAFF = "staff@example.com"
METHODS = "email-code,email-link,sms-code,universal"
NOTICES = (
    "new_sign_in,identity_added,identity_removed,factor_added,factor_removed,recovery_code_used"
)
#: What ``manage.py`` has to know to be part of the demo.
SHARED = (
    *("AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET", "AUTH0_MANAGEMENT_TOKEN"),
    *("STAFF_EMAILS", "METHODS", "CUSTOMIZE_MFA", "FACTORS_PAGE", "LOGOUT", "INBOX_URL"),
    *("API_AUDIENCE", "API_URL", "BACKCHANNEL_LOGOUT", "DATABASE_FILE", "NOTICES"),
)
TENANT_VARIABLES = ("AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET")


def main() -> int:
    # Also where a shell that started this in the background has them ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    given = [name for name in TENANT_VARIABLES if os.environ.get(name)]
    if given and len(given) < len(TENANT_VARIABLES):
        missing = ", ".join(name for name in TENANT_VARIABLES if name not in given)
        print(f"For a real tenant set {missing} too; for the local one unset {', '.join(given)}.")
        return 2
    site = f"{HOST}:{free_port('SITE_PORT', 8000)}"
    with contextlib.ExitStack() as stack:
        if given:
            where = f"Codes go by mail, from {os.environ['AUTH0_DOMAIN']}."
        else:
            inbox = stack.enter_context(local_tenant(site))
            where = f"Inbox   {inbox}  (codes and links arrive there, and below)"
        serve(site, where)
    return 0


@contextlib.contextmanager
def local_tenant(site: str) -> Iterator[str]:
    """Start a tenant, point the environment at it, and yield the address of its inbox.

    Its mails have a link to the ``site`` beside the code.
    """
    with LocalTenant(
        free_port("TENANT_PORT", 8400),
        demo=True,
        on_message=print_message,
        mail_link=f"http://{site}/accounts/link/#code={{{{ code }}}}",
    ) as tenant:
        tenant.client.backchannel_logout_url = f"http://{site}/accounts/backchannel-logout/"
        os.environ["AUTH0_DOMAIN"] = tenant.domain
        os.environ["AUTH0_CLIENT_ID"] = tenant.client_id
        os.environ["AUTH0_CLIENT_SECRET"] = tenant.client_secret or ""
        os.environ.setdefault("STAFF_EMAILS", STAFF)
        os.environ.setdefault("METHODS", METHODS)
        os.environ.setdefault("CUSTOMIZE_MFA", "1")
        os.environ.setdefault("FACTORS_PAGE", "1")
        os.environ.setdefault("LOGOUT", "auth0")
        os.environ.setdefault("API_AUDIENCE", DEFAULT_API)
        os.environ.setdefault("API_URL", f"http://{site}/api/account/")
        os.environ.setdefault("BACKCHANNEL_LOGOUT", "1")
        inbox = os.environ["INBOX_URL"] = f"{tenant.domain}/"
        os.environ.setdefault("AUTH0_MANAGEMENT_TOKEN", tenant.management_token())
        with shared():
            yield inbox


@contextlib.contextmanager
def shared() -> Iterator[None]:
    """Let ``manage.py`` know this site's settings as long as it runs."""
    told = {name: os.environ[name] for name in SHARED if name in os.environ}
    DEMO.write_text(json.dumps({**told, "DEBUG": "1"}), encoding="utf-8")
    try:
        yield
    finally:
        DEMO.unlink(missing_ok=True)


def serve(address: str, where: str) -> None:
    """Migrate, then serve the site at ``address`` until Ctrl-C."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "example.settings"
    os.environ["DEBUG"] = "1"
    os.environ.setdefault("NOTICES", NOTICES)
    # Head and body go apart: the one waited 40 ms for the other to be acknowledged.
    WSGIRequestHandler.disable_nagle_algorithm = True
    django.setup()
    call_command("migrate", verbosity=0)
    call_command(Site(where), address, use_reloader=False, stdout=io.StringIO())


class Site(runserver.Command):
    """Django's development server, which says where everything is once it listens."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where

    def on_bind(self, server_port: int) -> None:
        logging.getLogger("django.server").setLevel(logging.WARNING)
        site = f"http://{HOST}:{server_port}/"
        print(f"\n  Site    {site}\n  {self.where}")
        if staff := os.environ.get("STAFF_EMAILS"):
            print(f"  Admin   {site}admin/  (for {staff})")
        if os.environ.get("API_AUDIENCE"):
            print(f"  API     {site}api/account/  (for native_client.py)")
        # Not "python", which the shell that typed "make demo" may have without Django.
        python = os.path.relpath(sys.executable)
        print(f"  Doctor  {python} example_project/manage.py pwdless_doctor")
        print(f"  JSON    {site}front-end/  (and app/, for session_client.py)")
        print("\n  Sign in with any address or number; the inbox names people with second factors.")
        print("  Ctrl-C stops.\n", flush=True)


def free_port(variable: str, default: int) -> int:
    """The port that ``variable`` names, else ``default``; any free one where it is taken."""
    port = int(os.environ.get(variable) or default)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            probe.bind((HOST, 0))
            print(f"Port {port} is in use: {probe.getsockname()[1]} instead ({variable}).")
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
