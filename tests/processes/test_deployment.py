"""gunicorn, nginx and Redis, set up as docs/howto/deploy.md shows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import requests

from django_pwdless.localtenant import LocalTenant

from .conftest import REQUIRED
from .deployment import HOST, Deployment, Visitor, redis_config
from .redis_server import RedisServer
from .waiting import wait_until

pytestmark = pytest.mark.processes

ANN = "ann@example.com"


@pytest.fixture(scope="module")
def secure_tenant() -> Iterator[LocalTenant]:
    with LocalTenant(tls=True) as tenant:
        yield tenant


@pytest.fixture(scope="module")
def deployed(
    tmp_path_factory: pytest.TempPathFactory, secure_tenant: LocalTenant
) -> Iterator[Deployment]:
    missing = [name for name in ("nginx", "redis-server") if shutil.which(name) is None]
    if missing:
        text = f"There is no {' and no '.join(missing)} (on Debian: apt install nginx-light)."
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set. {text}")
        pytest.skip(text)
    folder = tmp_path_factory.mktemp("deployed")
    redis = RedisServer(folder, redis_config(folder))
    with ExitStack() as stack:
        redis.start()
        stack.callback(redis.stop)
        site = Deployment(folder, redis, secure_tenant)
        site.release()
        stack.enter_context(site.running())
        yield site


@pytest.fixture
def visitor(deployed: Deployment, secure_tenant: LocalTenant) -> Visitor:
    secure_tenant.reset()
    return Visitor(deployed)


def test_somebody_signs_in(
    visitor: Visitor, deployed: Deployment, secure_tenant: LocalTenant
) -> None:
    asked = visitor.post("/accounts/login/", identifier=ANN)
    assert asked.headers["Location"] == "/accounts/verify/"
    code = secure_tenant.inbox.latest(ANN).code or ""
    answered = visitor.post("/accounts/verify/", code=code)
    assert answered.headers["Location"] == "/account/"
    assert "; Secure" in answered.headers["Set-Cookie"]
    page = visitor.get("/account/")
    assert page.status_code == 200 and ANN in page.text
    assert page.headers["Strict-Transport-Security"] == "max-age=3600"
    assert page.headers["Server"] == "nginx"


def test_http_leads_to_https(deployed: Deployment) -> None:
    url = f"http://127.0.0.1:{deployed.http_port}/account/?a=b"
    answer = requests.get(url, headers={"Host": HOST}, allow_redirects=False, timeout=60)
    assert answer.headers["Location"] == f"https://{HOST}/account/?a=b"


def test_nginx_serves_static_files(visitor: Visitor) -> None:
    style = visitor.get("/static/django_pwdless/pwdless.css")
    assert style.status_code == 200 and style.headers["Content-Type"] == "text/css"


@pytest.mark.parametrize("name", ["evil.example", "example.com"])
def test_other_names_get_no_answer(deployed: Deployment, name: str) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        Visitor(deployed, name=name).get("/")
    visitor = Visitor(deployed)
    visitor.http.headers["Host"] = name
    with pytest.raises(requests.ConnectionError):
        visitor.get("/")


def test_visitors_are_counted_by_the_address_that_nginx_sees(deployed: Deployment) -> None:
    """Whatever address they make up, and whichever worker answers."""
    pushy, other = Visitor(deployed, "127.0.0.2"), Visitor(deployed, "127.0.0.3")
    asked = [
        pushy.post("/accounts/login/", f"203.0.113.{number}", identifier=f"{number}@example.com")
        for number in range(21)
    ]
    assert [answer.status_code for answer in asked] == [302] * 20 + [429]
    assert other.post("/accounts/login/", identifier=ANN).status_code == 302


def test_log_has_no_codes(visitor: Visitor, deployed: Deployment) -> None:
    visitor.get("/accounts/callback/?code=a-secret&state=another-secret")
    log = deployed.folder / "example.log"
    # nginx writes the line once the answer is on its way.
    wait_until(lambda: "/accounts/callback/" in log.read_text(), "nginx logs the request")
    assert "secret" not in log.read_text()


def test_sign_ins_outlast_a_reload(
    visitor: Visitor, deployed: Deployment, secure_tenant: LocalTenant
) -> None:
    """A new version is released between two steps."""
    visitor.post("/accounts/login/", identifier="ben@example.com")
    assert "0 static files copied" in deployed.release()
    deployed.reload()
    code = secure_tenant.inbox.latest("ben@example.com").code or ""
    assert visitor.post("/accounts/verify/", code=code).headers["Location"] == "/account/"
