"""The set-up of ``example_project/deploy``, run from its own files on ports and paths of ours."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import requests
import trustme
from requests.adapters import HTTPAdapter

from django_pwdless.localtenant import LocalTenant

from .redis_server import RedisServer, free_port
from .waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2] / "example_project"
FILES = PROJECT / "deploy"
HOST = "www.example.com"
PYTHON = "/srv/example/venv/bin/python"
# What a distribution's own nginx.conf has around the site's file, run by whoever runs the tests.
AROUND = """
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon off;
events {{}}
http {{
    {temporary}
    types {{ text/css css; image/svg+xml svg; }}
    include {folder}/nginx.conf;
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Deployment:
    """The files with other addresses in them, and the processes that they start."""

    def __init__(self, folder: Path, redis: RedisServer, tenant: LocalTenant) -> None:
        self.folder = folder
        self.http_port, self.https_port = free_port(), free_port()
        self.ca_file = str(folder / "ca.pem")
        self._certify()
        self._places = {
            "/run/example": str(folder),
            "/srv/example/static/": f"{folder}/static/",
            "/srv/example/site.sqlite3": f"{folder}/site.sqlite3",
            "/srv/example/example_project": str(PROJECT),
            PYTHON: sys.executable,
            "/var/log/nginx": str(folder),
            f"/etc/letsencrypt/live/{HOST}": str(folder),
            "listen 80": f"listen 127.0.0.1:{self.http_port}",
            "listen 443": f"listen 127.0.0.1:{self.https_port}",
            "redis://127.0.0.1:6379": redis.url,
            "example.eu.auth0.com": tenant.domain,
            "your-client-id": tenant.client_id,
            "your-client-secret": tenant.client_secret or "",
        }
        self._ca_of_tenant = tenant.ca_file

    def read(self, name: str) -> str:
        """Return a file with our addresses in it, and nothing else changed."""
        text = (FILES / name).read_text("utf-8")
        for theirs, ours in self._places.items():
            text = text.replace(theirs, ours)
        return text

    def write(self, name: str) -> Path:
        """Write it, and return where."""
        path = self.folder / name
        path.write_text(self.read(name))
        return path

    @property
    def environment(self) -> dict[str, str]:
        """What ``EnvironmentFile`` sets, and how this machine trusts the tenant."""
        lines = re.findall(r"^(\w+)=(.*)$", self.read("example.env"), re.MULTILINE)
        own = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        return {**own, **dict(lines), "REQUESTS_CA_BUNDLE": self._ca_of_tenant}

    def release(self) -> str:
        """Do what a new version needs; return what was said."""
        done = subprocess.run(
            ["/bin/sh", self.write("release.sh")],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run gunicorn as the unit says, and nginx in front of it."""
        with ExitStack() as stack:
            config = self.write("gunicorn.conf.py")
            (start,) = re.findall(r"^ExecStart=(.+)$", self.read("example.service"), re.MULTILINE)
            command = shlex.split(start.replace("deploy/gunicorn.conf.py", str(config)))
            self._gunicorn = self._start(stack, command, "gunicorn.log")
            wait_until((self.folder / "gunicorn.sock").exists, "gunicorn listens")
            self.write("nginx.conf")
            around = self.folder / "around.conf"
            temporary = [f"{name}_temp_path {self.folder}/{name};" for name in TEMPORARY]
            user = "user root;" if os.geteuid() == 0 else ""
            around.write_text(
                AROUND.format(folder=self.folder, temporary=" ".join(temporary), user=user)
            )
            self._start(stack, ["nginx", "-p", str(self.folder), "-c", str(around)], "nginx.log")
            wait_until(lambda: listens(self.https_port), "nginx listens")
            yield

    def reload(self) -> None:
        """Have all workers replaced, as the unit says."""
        (reload,) = re.findall(r"^ExecReload=(.+)$", self.read("example.service"), re.MULTILINE)
        command = shlex.split(reload.replace("$MAINPID", str(self._gunicorn.pid)))
        subprocess.run(command, check=True, timeout=60)

    def _start(self, stack: ExitStack, command: list[str], log: str) -> subprocess.Popen[bytes]:
        output = stack.enter_context((self.folder / log).open("wb"))
        process = subprocess.Popen(
            command, cwd=PROJECT, env=self.environment, stdout=output, stderr=output
        )
        stack.callback(process.wait, 60)
        stack.callback(process.send_signal, signal.SIGTERM)
        return process

    def _certify(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca_file)
        certificate = authority.issue_cert(HOST)
        certificate.private_key_pem.write_to_path(str(self.folder / "privkey.pem"))
        for part in certificate.cert_chain_pems:
            part.write_to_path(str(self.folder / "fullchain.pem"), append=True)


class AsHost(HTTPAdapter):
    """Asks for the site's name at an address of this machine, from one of its addresses."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Check the certificate against that name."""
        names = {"server_hostname": self.name, "assert_hostname": self.name}
        super().init_poolmanager(*args, **options, **names, source_address=(self.source, 0))


class Visitor:
    """A browser at the site; ``source`` is its address, as nginx sees it."""

    def __init__(self, site: Deployment, source: str = "127.0.0.1", name: str = HOST) -> None:
        self.site = site
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.verify = site.ca_file
        self.http.headers.update({"Host": name, "Referer": f"https://{name}/"})
        self.http.mount("https://", AsHost(name, source))

    def get(self, path: str, **options: Any) -> requests.Response:
        """Open a page."""
        url = f"https://127.0.0.1:{self.site.https_port}{path}"
        return self.http.get(url, allow_redirects=False, timeout=60, **options)

    def post(self, path: str, forwarded: str = "", **fields: str) -> requests.Response:
        """Send a form; ``forwarded`` is an address that the visitor makes up."""
        if "csrftoken" not in self.http.cookies:
            self.get("/accounts/login/")
        fields["csrfmiddlewaretoken"] = self.http.cookies["csrftoken"]
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        url = f"https://127.0.0.1:{self.site.https_port}{path}"
        options: Any = {"headers": headers, "allow_redirects": False, "timeout": 60}
        return self.http.post(url, data=fields, **options)


def redis_config(folder: Path) -> Path:
    """Write the set-up's own for a Redis that keeps its files here."""
    text = (FILES / "redis.conf").read_text("utf-8")
    path = folder / "redis.conf"
    path.write_text(text.replace("/var/lib/redis", str(folder)))
    return path


def listens(port: int) -> bool:
    """Whether somebody does."""
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0
