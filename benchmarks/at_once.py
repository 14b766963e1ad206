"""Hundreds of logins at once under ASGI, and other pages meanwhile: see README.md."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from project import describe, project_for
from site_requests import PEOPLE, Site
from tenant import NO_DELAYS, Delays, tenant_process
from wsgi import Environ

SLOW = Delays(0.2)
# Fewer than the connections that PostgreSQL takes unless it is told otherwise.
POOL = 60
PAGE_EVERY = 0.05


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--logins", type=int, default=PEOPLE, help="at once (%(default)s)")
    options = parser.parse_args(arguments)
    with tenant_process() as tenant, project_for(tenant), server() as serving:
        site = Site(tenant)
        print(describe())
        page = raw(site.login_page("/accounts/login/"))
        asyncio.run(serving.warm_up(page))
        print(f"\n{'':30}{'logins':>10}{'seconds':>10}{'median':>10}{'slowest':>10}", end="")
        print(f"{'pages':>10}{'median':>10}{'slowest':>10}{'MiB':>10}")
        for name, path in (("floor 2", "/floors/code/"), ("django_pwdless", "/accounts/verify/")):
            requests = [raw(site.typed_code(path)) for _ in range(options.logins)]
            tenant.delay(SLOW)
            print(f"{name:30}{asyncio.run(serving.crowd(requests, page))}", flush=True)
            tenant.delay(NO_DELAYS)


class Serving:
    """A server's process; seconds and MiB of what it is sent."""

    def __init__(self, port: int, pid: int) -> None:
        self._port = port
        self._pid = pid

    async def warm_up(self, page: bytes) -> None:
        """Wait until it answers."""
        for _ in range(100):
            try:
                await self._send(page, b"200")
            except OSError:
                await asyncio.sleep(0.1)
            else:
                return
        raise RuntimeError("The server did not come up.")

    async def crowd(self, logins: list[bytes], page: bytes) -> str:
        """Send all of these at once, and a page again and again; return the figures as text."""
        began = time.perf_counter()
        tasks = [asyncio.create_task(self._send(login, b"302")) for login in logins]
        pages = []
        while not all(task.done() for task in tasks):
            pages.append(await self._send(page, b"200"))
            await asyncio.sleep(PAGE_EVERY)
        taken = [task.result() for task in tasks]
        figures = [time.perf_counter() - began, statistics.median(taken), max(taken)]
        text = f"{len(taken):10}" + "".join(f"{figure:10.2f}" for figure in figures)
        text += f"{len(pages):10}{statistics.median(pages):10.2f}{max(pages):10.2f}"
        return f"{text}{self._peak():10.0f}"

    async def _send(self, request: bytes, status: bytes) -> float:
        """Return how long the answer took; raises where it has another status."""
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        if answer[9:12] != status:
            raise RuntimeError(answer[:200].decode())
        return time.perf_counter() - began

    def _peak(self) -> float:
        text = Path(f"/proc/{self._pid}/status").read_text()
        peak = re.search(r"VmHWM:\s+(\d+)", text)
        assert peak is not None
        return int(peak[1]) / 1024


@contextmanager
def server() -> Iterator[Serving]:
    """Run uvicorn, one process, for as long as the context lasts."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "asgi_application:application"]
    command += ["--port", str(port), "--log-level", "error", "--proxy-headers"]
    environment = {
        **os.environ,
        "BENCHMARK_PAGES_ONLY": "1",
        "BENCHMARK_POOL": str(POOL),
    }
    with subprocess.Popen(command, env=environment, cwd=Path(__file__).parent) as process:
        try:
            yield Serving(port, process.pid)
        finally:
            process.terminate()


def raw(environ: Environ) -> bytes:
    """Return a request as it goes over the wire, from a proxy that speaks TLS."""
    body = environ["wsgi.input"].read()
    query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
    names = ("HOST", "ORIGIN", "ACCEPT", "ACCEPT_LANGUAGE", "COOKIE")
    headers = {name.replace("_", "-"): environ[f"HTTP_{name}"] for name in names}
    headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": environ["REMOTE_ADDR"]}
    headers |= {"Connection": "close", "Content-Length": str(len(body))}
    if body:
        headers["Content-Type"] = environ["CONTENT_TYPE"]
    lines = [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}{query} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


if __name__ == "__main__":
    main()
