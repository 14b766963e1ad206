"""The pytest fixture, in a pytest of its own, as a site's tests would use it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DJANGO = "pytest_django.plugin"
HEADER = """
import pytest
from django.conf import settings as configured
configured.configure(PWDLESS={"CODE_LENGTH": 7, "CLIENT_ASSERTION_KEY": "x", "DOMAIN": "old"})
"""


def run(tmp_path: Path, tests: str, *plugins: str) -> str:
    """Run a file of tests and return what pytest printed."""
    (tmp_path / "conftest.py").write_text(textwrap.dedent(HEADER))
    (tmp_path / "test_site.py").write_text(textwrap.dedent(tests))
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    loaded = [f"-p{name}" for name in ("django_pwdless.testing.plugin", *plugins)]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [*command, *loaded, "--rootdir", str(tmp_path), str(tmp_path)],
        capture_output=True,
        cwd=ROOT,
        env=environment,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def test_fixture_points_settings_at_a_tenant_as_good_as_new(tmp_path):
    tests = """
        import pytest

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
    """
    assert "9 passed" in run(tmp_path, tests, DJANGO)


def test_fixture_without_pytest_django(tmp_path):
    tests = "def test_it(pwdless_tenant): pass"
    printed = run(tmp_path, tests)
    assert "1 error" in printed and "pytest-django" in printed


def test_plugin_imports_nothing_until_used():
    script = (
        "import sys, pytest; before = set(sys.modules); import django_pwdless.testing.plugin; "
        "new = {n.partition('.')[0] for n in set(sys.modules) - before}; "
        "assert new == {'django_pwdless'}, new"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)


def test_tenant_does_not_import_django():
    script = (
        "import sys; from django_pwdless.localtenant import LocalTenant; LocalTenant(); "
        "assert not {'django', 'requests'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, cwd=ROOT)


def test_access_tokens_are_for_the_sites_own_api(tmp_path):
    tests = """
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
    """
    assert "2 passed" in run(tmp_path, tests, DJANGO)


def test_apis_of_the_settings_are_known(tmp_path):
    tests = """
        import pytest

        @pytest.fixture(autouse=True)
        def site(settings):
            apis = {"AUDIENCE": "https://a.example", "API_AUDIENCE": ["https://b.example"]}
            settings.PWDLESS = {**settings.PWDLESS, **apis}

        def test_apis(pwdless_tenant):
            known = pwdless_tenant.state.apis
            assert known.find("https://a.example") and known.find("https://b.example")
            assert not known.find("https://c.example")
    """
    assert "1 passed" in run(tmp_path, tests, DJANGO)


def test_fixture_begins_with_no_limits_used(tmp_path):
    tests = """
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
    """
    printed = run(tmp_path, "import pytest\n" + textwrap.dedent(tests), DJANGO)
    assert "5 passed" in printed, printed


def test_fixture_keeps_the_prefix_of_the_cache_that_counts(tmp_path):
    tests = """
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
    """
    printed = run(tmp_path, tests, DJANGO)
    assert "2 passed" in printed, printed
