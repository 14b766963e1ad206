"""The pytest fixture, in a pytest of its own, as a site's tests would use it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEADER = """
import pytest
from django.conf import settings as configured
configured.configure(PWDLESS={"CODE_LENGTH": 7, "CLIENT_ASSERTION_KEY": "x", "DOMAIN": "old"})
"""


# Each is a file of tests, as a site has them.
SITES = {
    "points_settings_at_a_tenant_as_good_as_new": """
        seen = []

        def test_settings(pwdless_tenant, settings):
            assert settings.PWDLESS == {"CODE_LENGTH": 7, **pwdless_tenant.settings}

        def test_settings_afterwards(settings):
            assert settings.PWDLESS["DOMAIN"] == "old"
            assert "CLIENT_ASSERTION_KEY" in settings.PWDLESS

        @pytest.mark.parametrize("number", range(3))
        def test_reset(pwdless_tenant, number):
            assert pwdless_tenant.sign_ups and not list(pwdless_tenant.state.people)
            pwdless_tenant.sign_ups = False
            pwdless_tenant.add_person("ann@example.com")
            pwdless_tenant.fail("*", "timeout")
            seen.append(pwdless_tenant.domain)

        def test_one_server():
            assert len(set(seen)) == 1

        def test_rotate(pwdless_tenant):
            assert pwdless_tenant.domain in seen
            pwdless_tenant.rotate_keys()

        def test_stop_after_a_rotation(pwdless_tenant):
            assert pwdless_tenant.domain not in seen
            pwdless_tenant.stop()

        def test_running_after_a_stop(pwdless_tenant):
            assert pwdless_tenant.is_running
    """,
    "access_tokens_are_for_the_sites_own_api": """
        import jwt
        import pytest

        def audience_of(token):
            return jwt.decode(token, options={"verify_signature": False})["aud"]

        @pytest.mark.parametrize("written", ["https://api.example", ["https://api.example", "b"]])
        def test_audience(pwdless_tenant, settings, written):
            usual = audience_of(pwdless_tenant.access_token("email|1"))
            settings.PWDLESS = {**settings.PWDLESS, "API_AUDIENCE": written}
            assert audience_of(pwdless_tenant.access_token("email|1")) == "https://api.example"
            assert usual != "https://api.example"
    """,
    "apis_of_the_settings_are_known": """
        @pytest.fixture(autouse=True)
        def site(settings):
            apis = {"AUDIENCE": "https://a.example", "API_AUDIENCE": ["https://b.example"]}
            settings.PWDLESS = {**settings.PWDLESS, **apis}

        def test_apis(pwdless_tenant):
            known = pwdless_tenant.state.apis
            assert known.find("https://a.example") and known.find("https://b.example")
            assert not known.find("https://c.example")
    """,
    "begins_with_no_limits_used": """
        from django.core.cache import cache
        from django.test import RequestFactory
        from django_pwdless.exceptions import LimitExceeded
        from django_pwdless.identifiers.identifier import Identifier
        from django_pwdless.limits.rates import consume

        def start():
            request = RequestFactory().post("/")
            consume(request, "start", identifier=Identifier("email", "ann@example.com"))

        def test_without():
            cache.set("site", "kept")

        @pytest.mark.parametrize("number", range(3))
        def test_use_all_of_them(pwdless_tenant, number):
            for _ in range(6):
                start()
            with pytest.raises(LimitExceeded):
                start()

        def test_afterwards(settings):
            assert cache.get("site") == "kept"
            assert "KEY_PREFIX" not in settings.CACHES["default"]
    """,
    "keeps_the_prefix_of_the_cache_that_counts": """
        def test_prefix(settings, request):
            memory = "django.core.cache.backends.locmem.LocMemCache"
            limits = {"BACKEND": memory, "LOCATION": "limits", "KEY_PREFIX": "site"}
            settings.CACHES = {"default": {"BACKEND": memory}, "limits": limits}
            settings.RATELIMIT_USE_CACHE = "limits"
            request.getfixturevalue("pwdless_tenant")
            assert settings.CACHES["default"] == {"BACKEND": memory}
            assert settings.CACHES["limits"]["KEY_PREFIX"].startswith("site")
            assert settings.CACHES["limits"]["LOCATION"] == "limits"

        def test_cache_that_is_missing(settings, request):
            settings.RATELIMIT_USE_CACHE = "nowhere"
            assert request.getfixturevalue("pwdless_tenant").is_running
    """,
}


def run(folder: Path, *arguments: str, **files: str) -> str:
    """Run Python where pytest loads no plugin by itself, and return what it printed."""
    for name, text in files.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text))
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments, "--rootdir", str(folder), str(folder)],
        capture_output=True,
        cwd=ROOT,
        env=environment,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What one pytest says of all the files."""
    plugins = [f"-p{name}" for name in ("django_pwdless.testing.plugin", "pytest_django.plugin")]
    command = ["-m", "pytest", "-v", "-p", "no:cacheprovider", *plugins]
    files = {
        f"test_{name}": f"import pytest\n{textwrap.dedent(text)}" for name, text in SITES.items()
    }
    return run(tmp_path_factory.mktemp("sites"), *command, conftest=HEADER, **files)


@pytest.mark.parametrize("name", SITES)
def test_fixture(name: str, printed: str) -> None:
    lines = [line for line in printed.splitlines() if f"/test_{name}.py::" in line]
    assert lines, printed
    assert all(" PASSED " in line for line in lines), printed


# The plugin imports nothing until it is used; the tenant imports no Django; and where pytest-django
# is missing, the fixture says so.
WITHOUT_DJANGO = """
import sys
import pytest

before = set(sys.modules)
from django_pwdless.testing import plugin

new = {name.partition(".")[0] for name in set(sys.modules) - before}
assert new == {"django_pwdless"}, new

from django_pwdless.localtenant import LocalTenant

LocalTenant()
assert not {"django", "requests"} & set(sys.modules)
pytest.main(["-p", "no:cacheprovider", *sys.argv[1:]], plugins=[plugin])
"""


def test_plugin_and_tenant_without_django(tmp_path: Path) -> None:
    site = "def test_it(pwdless_tenant): pass"
    printed = run(tmp_path, "-c", WITHOUT_DJANGO, test_site=site)
    assert "1 error" in printed and "pwdless_tenant needs pytest-django" in printed, printed
