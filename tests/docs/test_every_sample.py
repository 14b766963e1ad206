"""No sample of README, tutorials and guides is left out: Python runs, settings pass the checks.

What single samples do, ``test_samples`` and its neighbours see.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import checks
from django.db.models.functions import Lower
from django.template import Context, Engine
from django.template.backends.django import get_installed_libraries

from django_pwdless.forms import LoginForm
from django_pwdless.testing import sign_in
from tests.mailers import mailer

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [
    ROOT / "README.md",
    *sorted((DOCS / "tutorial").glob("*.md")),
    *sorted((DOCS / "howto").glob("*.md")),
]
FENCE = re.compile(r"^( *)```([\w+]+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
# A sample of one key stands for the settings of a site that has these.
OWN = {"DOMAIN": "example.eu.auth0.com", "CLIENT_ID": "...", "CLIENT_SECRET": "..."}
VARIABLES = ("AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET")
REST = "# and what you have"


def samples(language: str) -> list[Any]:
    return [
        pytest.param(re.sub(f"(?m)^{indent}", "", code), id=f"{page.stem}-{number}")
        for page in PAGES
        for number, (indent, found, code) in enumerate(FENCE.findall(page.read_text("utf-8")))
        if found == language
    ]


class Selenium(SimpleNamespace):
    """As much of a browser as a sample says."""

    def get(self, url: str) -> None:
        self.url = url

    def add_cookie(self, cookie: dict[str, str]) -> None:
        self.cookie = cookie


# Samples of one page begin where a test of the reader's has begun already.
BEGUN = re.compile(r"\b(?:tenant\.|sign_in\(self)")


def given(code: str, request: pytest.FixtureRequest) -> dict[str, Any]:
    """What a sample takes for granted: names of the file or the test that it is part of."""
    settings, client = (request.getfixturevalue(name) for name in ("settings", "client"))
    names = {
        **{"__name__": "sample", "client": client, "settings": settings, "sign_in": sign_in},
        **{"get_user_model": get_user_model, "Lower": Lower, "BASE_DIR": ROOT},
        "INSTALLED_APPS": list(settings.INSTALLED_APPS),
        "TEMPLATES": [{**settings.TEMPLATES[0]}],
    }
    return {**names, **begun(request)} if BEGUN.search(code) else names


def begun(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A local tenant, a code on its way, a browser, and a notification that waits."""
    tenant, client = (request.getfixturevalue(name) for name in ("pwdless_tenant", "client"))
    settings = request.getfixturevalue("settings")
    settings.PWDLESS = {**settings.PWDLESS, "CUSTOMIZE_MFA": True}
    tenant.add_person("pia@example.com", factors=["push-notification"])
    client.post("/accounts/login/", {"identifier": "pia@example.com"})
    code = tenant.inbox.latest("pia@example.com").code
    client.post("/accounts/verify/", {"code": code}, follow=True)
    case = SimpleNamespace(client=client, browser=Selenium(), live_server_url="http://testserver")
    ann = tenant.add_person("ann@example.com")
    return {"tenant": tenant, "ann": ann, "code": code, "self": case}


@pytest.mark.django_db
@pytest.mark.parametrize("code", samples("python"))
def test_python_runs(
    code: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "import httpx" in code:
        pytest.importorskip("httpx")
    for name in VARIABLES:
        monkeypatch.setenv(name, "example.eu.auth0.com")
    exec(code, given(code, request))


def of_settings() -> list[Any]:
    return [s for s in samples("python") if re.search("^PWDLESS = {", s.values[0], re.MULTILINE)]


@pytest.mark.parametrize("code", of_settings())
def test_settings_pass_the_checks(
    code: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "example.eu.auth0.com")
    names: dict[str, Any] = {"INSTALLED_APPS": [], "TEMPLATES": [{}], "BASE_DIR": ROOT}
    if REST not in code:
        assert "DOMAIN" in code and "CLIENT_ID" in code
    exec(code, names)
    settings.PWDLESS = {**OWN, **names["PWDLESS"]}
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django_pwdless.middleware.SignInMiddleware"]
    module = ModuleType("mysite.addresses")
    module.client_ip = lambda request: None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mysite", ModuleType("mysite"))
    monkeypatch.setitem(sys.modules, "mysite.addresses", module)
    for name in names.keys() & {"LOGIN_REDIRECT_URL", "SECURE_PROXY_SSL_HEADER"}:
        setattr(settings, name, names[name])
    if seconds := names.get("EMAIL_TIMEOUT"):
        # As the sample's comment says of Django's newer setting.
        for name, value in mailer(timeout=seconds).items():
            setattr(settings, name, value)
    assert checks.run_checks(tags=["pwdless"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("code", samples("html+django"))
def test_templates_are_shown(code: str) -> None:
    """Auth0's own templates, in Liquid, are near enough to Django's."""
    extended = re.search(r'{% extends "(.+)" %}', code)
    # What extends a page of ours is that page's own template; anything else has a name of its own.
    name = extended[1] if extended and "base" not in extended[1] else "own.html"
    if name == "layout.html":
        name = "django_pwdless/base.html"
    own = {name: code, "layout.html": "<main>{% block content %}{% endblock %}</main>"}
    engine = Engine(
        loaders=[
            ("django.template.loaders.locmem.Loader", own),
            "django.template.loaders.app_directories.Loader",
        ],
        libraries=get_installed_libraries(),
    )
    shown = {
        "user": get_user_model().objects.create(username="ann"),
        "form": LoginForm(),
        "code": "087533",
        "link": "https://x/",
    }
    assert engine.get_template(name).render(Context(shown)).strip()
