"""The tenant in a terminal."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Sequence
from typing import Any

from .loopback import is_loopback
from .records.inbox import Message
from .tenant import CLIENT_ID, LocalTenant

PORT = 3000
CLIENT_SECRET = "local-client-secret"  # noqa: S105 (it opens nothing but the local tenant)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the tenant's options to ``parser``."""
    parser.add_argument("--port", type=int, default=PORT, help="0 for a free one (%(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (%(default)s)")
    parser.add_argument("--tls", action="store_true", help="https, with an authority of its own")
    parser.add_argument("--client-id", default=CLIENT_ID, help="(%(default)s)")
    parser.add_argument("--client-secret", default=CLIENT_SECRET, help="(%(default)s)")
    parser.add_argument(
        "--api",
        dest="apis",
        action="append",
        default=[],
        metavar="IDENTIFIER",
        help="an API that tokens can be for; may be repeated",
    )
    parser.add_argument("--no-people", dest="demo", action="store_false", help="nobody ready-made")
    parser.add_argument("--quiet", action="store_true", help="do not print messages")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a tenant until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m django_pwdless.localtenant",
        description="Run a local stand-in for an Auth0 tenant.",
    )
    add_arguments(parser)
    options = parser.parse_args(arguments)
    if not is_loopback(options.host):
        parser.error(f"{options.host} is not a loopback address")
    try:
        run(**vars(options))
    except OSError as problem:
        parser.exit(1, f"{problem}\n")


def run(
    port: int = PORT,
    host: str = "127.0.0.1",
    tls: bool = False,
    quiet: bool = False,
    demo: bool = True,
    **client: Any,
) -> None:
    """Serve until interrupted; print the settings that lead here, then every message.

    ``demo`` adds ready-made people; ``client``, and ``apis`` in it, is passed on to
    :class:`LocalTenant`. Raises OSError where nobody can listen there.
    """
    on_message = None if quiet else print_message
    tenant = LocalTenant(port, host, tls=tls, on_message=on_message, demo=demo, **client)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    _listen(tenant, f"{host}:{port}")
    with tenant:
        print(introduction(tenant), flush=True)
        stopped.wait()


def _listen(tenant: LocalTenant, place: str) -> None:
    try:
        tenant.start()
    except (OSError, OverflowError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        text = f"Nobody can listen at {place} ({reason}): choose another port with --port."
        raise OSError(text) from problem


def introduction(tenant: LocalTenant) -> str:
    """Return what to know about a tenant that has just started."""
    settings = "".join(f"    {name!r}: {value!r},\n" for name, value in tenant.settings.items())
    trust = f"\ntrust:    {tenant.ca_file}" if tenant.base_url.startswith("https") else ""
    return (
        f"inbox:    {tenant.base_url}/\nswitches: {tenant.base_url}/switches{trust}\n"
        f"PWDLESS = {{\n{settings}}}"
    )


def print_message(message: Message) -> None:
    """Print one message, e.g. ``to ann@example.com: code 123456``."""
    print(f"to {message.to}: {describe(message)}", flush=True)


def describe(message: Message) -> str:
    """Return what a message holds, in one line."""
    parts = [("code", message.code), ("link", message.link)]
    return ", ".join(f"{name} {value}" for name, value in parts if value) or message.send
