"""What the documentation shows is true: names exist, links lead somewhere, samples run."""

from __future__ import annotations

import ast
import html
import importlib
import re
import shutil
import subprocess
import unittest
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import global_settings
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.management import call_command, get_commands
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path, reverse

from django_pwdless.auth0.http import misconfiguration
from django_pwdless.auth0.http.errors import Answer, error_from
from django_pwdless.conf import Configuration
from django_pwdless.doctor.registry import OFFLINE, ONLINE
from django_pwdless.localtenant import LocalTenant
from django_pwdless.signals import identity_linked, login_refused

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "example_project" / "README.md"]
)
README = ROOT / "README.md"
DOCS = ROOT / "docs"
HOWTO = DOCS / "howto"
APP_LOADERS = ["django.template.loaders.app_directories.Loader"]
FENCE = re.compile(r"^```([\w+]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINKS = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")
FILES = re.compile(r"django_pwdless/[\w./]+")
# A page as code, messages and the changelog name it, with a heading where one follows in quotes.
NAMED_PAGES = re.compile(r"(docs/[\w/-]+\.(?:md|dot|svg))(?:,? \(?\"([^\"]+)\")?")
# Words in capitals that are neither a setting of ours nor one of Django's.
OTHER_WORDS = {
    *("AUTH0_MANAGEMENT_TOKEN", "AUTH0_MANAGEMENT_DOMAIN"),
    "API_URL",
    "ATOMIC_REQUESTS",
    "AUTH0_DOMAIN",
    "AUTH0_CLIENT_ID",
    "AUTH0_CLIENT_SECRET",
    "CHROMIUM",
    "CONN_MAX_AGE",
    "CORS_ALLOW_ALL_ORIGINS",
    "DATABASE_FILE",
    "DATABASE_URL",
    "DATABASE_URLS",
    "DEMO_FILE",
    "ERROR",
    "GET",
    "HEAD",
    "HS256",
    "HTTPS_PROXY",
    "KEY_PREFIX",
    "NATIVE_CLIENT_ID",
    "NO_PROXY",
    "PATCH",
    "POST",
    "PS256",
    "PWDLESS",
    "PWDLESS_PICTURES",
    "PYTHON",
    "RATELIMIT_ENABLE",
    "RATELIMIT_USE_CACHE",
    "REDIS_URL",
    "REQUESTS_CA_BUNDLE",
    "REMOTE_ADDR",
    "RS256",
    "SITE_PORT",
    "STAFF_EMAILS",
    "TENANT_PORT",
    "TRIES_PER_CODE",
    "WARNING",
}


@cache
def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    """The page's code of one language, in order."""
    return [code for name, code in FENCE.findall(read(page)) if name == language]


def block_with(page: Path, text: str) -> str:
    """The page's one Python sample that holds this text."""
    (found,) = (code for code in blocks(page, "python") if text in code)
    return found


def python_blocks() -> list[Any]:
    return [
        pytest.param(code, id=f"{name_of(page)}-{number}")
        for page in PAGES
        for number, code in enumerate(blocks(page, "python"))
    ]


def prose(page: Path) -> str:
    """The page without its code samples."""
    return FENCE.sub("", read(page))


def anchors(page: Path) -> set[str]:
    """What ``#`` may lead to: the headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {word.replace(" ", "-") for word in words}


def spoken(text: str) -> str:
    """The words of a text, however its lines are broken."""
    return " ".join(text.split())


pages = pytest.mark.parametrize("page", PAGES, ids=name_of)


@pages
def test_links_lead_somewhere(page: Path) -> None:
    for found in LINKS.findall(prose(page)):
        target, _, anchor = (found[0] or found[1]).partition("#")
        if ":" in target:
            continue
        place = (page.parent / target).resolve() if target else page
        assert place.exists(), f"{target} is not there"
        if anchor:
            assert anchor in anchors(place), f"{target} has no heading {anchor}"


def test_pages_named_elsewhere_are_there() -> None:
    """In the hints of checks, log lines and commands, in comments and in the changelog."""
    folders = ("django_pwdless", "tests", "benchmarks", "example_project")
    sources = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    named = [
        found for path in [*PAGES, *sources] for found in NAMED_PAGES.findall(spoken(read(path)))
    ]
    assert len(named) > 20
    for page, heading in named:
        assert (ROOT / page).exists(), f"{page} is not there"
        assert not heading or f"# {heading}\n" in read(ROOT / page), f"{page} lacks {heading}"


# The reference and the changelog name words of many kinds; test_docs.py holds the former.
@pytest.mark.parametrize(
    "page", [page for page in PAGES if "reference" not in page.parts], ids=name_of
)
def test_settings_exist(page: Path) -> None:
    words = set(re.findall(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)`", prose(page)))
    known = OTHER_WORDS | set(Configuration.keys()) | set(dir(global_settings))
    assert words <= known


@pages
def test_templates_and_static_files_exist(page: Path) -> None:
    package = ROOT / "django_pwdless"
    for name in re.findall(r"django_pwdless/[\w/.]+\.(?:html|css|js)", read(page)):
        assert (package / "templates" / name).exists() or (package / "static" / name).exists(), name


@pages
def test_urls_exist(page: Path) -> None:
    for name in re.findall(r"\bpwdless:(\w+)", read(page)):
        arguments = {"identity_remove": {"pk": 1}, "factor_remove": {"id": "sms|dev_1"}}.get(name)
        assert reverse(f"pwdless:{name}", kwargs=arguments)


@pages
def test_names_can_be_imported(page: Path) -> None:
    for name in re.findall(r"\bdjango_pwdless(?:\.\w+)+", FILES.sub("", read(page))):
        assert dotted(name) is not None


def dotted(name: str) -> Any:
    """The object of a dotted name: a module, or what is in one."""
    first, *rest = name.split(".")
    found, where = importlib.import_module(first), first
    for part in rest:
        where = f"{where}.{part}"
        found = getattr(found, part, None) or importlib.import_module(where)
    return found


@pages
def test_checks_exist(page: Path) -> None:
    checks = (ROOT / "django_pwdless" / "checks").rglob("*.py")
    known = set(re.findall(r"pwdless\.[EW]\d{3}", "".join(map(read, checks))))
    assert set(re.findall(r"pwdless\.[EW]\d{3}", read(page))) <= known


@pages
def test_commands_exist(page: Path) -> None:
    targets = re.findall(r"^([\w-]+):", read(ROOT / "Makefile"), re.MULTILINE)
    used = re.findall(r"(?:`| {4})make ((?!PYTHON)[\w-]+)", read(page))
    assert set(used) <= {*targets, "PYTHON"}
    known = {*get_commands(), "runserver", "test"}
    assert set(re.findall(r"manage\.py (\w+)", read(page))) <= known


@pages
def test_colours_exist(page: Path) -> None:
    sheet = read(ROOT / "django_pwdless" / "static" / "django_pwdless" / "pwdless.css")
    for name in re.findall(r"--pwdless-[a-z-]+", read(page)):
        assert f"{name}:" in sheet


def test_every_page_is_in_the_index() -> None:
    index = read(DOCS / "index.md")
    for page in DOCS.rglob("*.md"):
        name = page.relative_to(DOCS).as_posix()
        assert name == "index.md" or f"({name})" in index, f"{name} is not in docs/index.md"


def test_each_hint_of_the_log_is_explained() -> None:
    page = read(HOWTO / "watch.md")
    for text in (*(hint.text for hint in misconfiguration.HINTS), misconfiguration.OTHERWISE):
        assert f"| `{text}` |" in page


def test_each_line_of_the_log_is_explained() -> None:
    page = read(HOWTO / "watch.md")
    package = ROOT / "django_pwdless"
    sources = [path for path in package.rglob("*.py") if "localtenant" not in path.parts]
    calls = r'logger\.(?:error|warning)\(\s*"([^%:,(]+)'
    lines = {line.strip() for path in sources for line in re.findall(calls, read(path))}
    assert len(lines) > 10
    assert not [line for line in lines if f"`{line}" not in page]


def promises(page: str) -> list[list[str]]:
    """The rows of the page's tables that say in their last cell which tests hold them."""
    tables = re.findall(
        r"^\|.+ \| held by \|\n\|[-|]+\|\n((?:\|.+\|\n)+)", read(DOCS / page), re.MULTILINE
    )
    rows = [row for table in tables for row in table.splitlines()]
    return [row.removeprefix("| ").removesuffix(" |").split(" | ") for row in rows]


@pytest.mark.parametrize("page", ["explanation/security.md", "explanation/threats.md"])
def test_each_promise_names_tests_that_are_there_once(page: str) -> None:
    sources = "".join(map(read, (ROOT / "tests").rglob("*.py")))
    there = Counter(re.findall(r"^def (test_\w+)", sources, re.MULTILINE))
    assert len(promises(page)) >= 40
    for _first, *promise, held_by in promises(page):
        assert all(cell.strip() for cell in promise), held_by
        names = re.findall(r"`(test_\w+)`", held_by)
        assert held_by == ", ".join(f"`{name}`" for name in names) != "", promise
        assert {name: there[name] for name in names} == dict.fromkeys(names, 1)


def test_threats_are_numbered() -> None:
    """The docstrings of tests name them so."""
    numbers = [int(row[0]) for row in promises("explanation/threats.md")]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= 62


def test_assumptions_are_numbered() -> None:
    """Hints, the doctor and the code name them so."""
    page = read(DOCS / "explanation" / "assumptions.md")
    numbers = [int(number) for number in re.findall(r"^### (\d+)\. ", page, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= 48


@pytest.mark.parametrize("name", ["assumptions", "from-auth0"])
def test_code_named_in_an_explanation_is_there(name: str) -> None:
    page = spoken(read(DOCS / "explanation" / f"{name}.md"))
    places = re.findall(r"((?:`\w+` and )?`\w+`) in `(django_pwdless/[\w/]+\.py)`", page)
    assert len(places) > 15
    for names, file in places:
        for found in re.findall(r"`(\w+)`", names):
            assert re.search(rf"\b{found}\b", read(ROOT / file)), f"{found} is not in {file}"


def test_files_named_in_an_explanation_are_there() -> None:
    for page in (DOCS / "explanation").glob("*.md"):
        for file in re.findall(r"`(django_pwdless/[\w/]+\.py)`", read(page)):
            assert (ROOT / file).exists(), f"{page.name} names {file}"


def test_each_error_becomes_what_the_page_says() -> None:
    page = read(DOCS / "explanation" / "from-auth0.md")
    rows = re.findall(r"^\| `([\w.]+)` \| (`[^`]+`|any) \| `(\w+)` \|", page, re.MULTILINE)
    assert len(rows) > 30
    for error, words, kind in rows:
        said = "" if words == "any" else words.strip("`")
        body = {"error": error, "error_description": said, "mfa_token": "Fe26.2"}
        assert type(error_from(Answer(400, {}, body))).__name__ == kind, (error, said)


@pytest.mark.parametrize("name", ["mfa-flow", "sign-in-steps"])
def test_picture_of_the_flow_is_made_from_its_source(name: str) -> None:
    source = read(DOCS / "explanation" / f"{name}.dot")
    labels = re.findall(r'label="([^"]+)"', source)
    picture = html.unescape(read(DOCS / "explanation" / f"{name}.svg"))
    drawn = [line.strip() for line in re.findall(r"<text[^>]*>([^<]*)</text>", picture)]
    wanted = [line.strip() for label in labels for line in label.split("\\n")]
    assert sorted(drawn) == sorted(wanted)


@pytest.mark.parametrize("code", python_blocks())
def test_python_is_python_and_imports_what_is_there(code: str) -> None:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("django"):
            module = importlib.import_module(str(node.module))
            for alias in node.names:
                assert hasattr(module, alias.name), f"{node.module}.{alias.name}"


# Samples that run


def run(page: Path, text: str, **names: Any) -> dict[str, Any]:
    """What the page's one sample with this text defines."""
    names["__name__"] = "sample"
    exec(block_with(page, text), names)
    return names


def site(settings: Any, found: dict[str, Any]) -> None:
    """Serve the URLs of a sample."""
    module = ModuleType("sample_urls")
    vars(module).update(found)
    settings.ROOT_URLCONF = module
    settings.LOGIN_REDIRECT_URL = "/"


def in_place_of_dots(name: str, value: Any) -> Any:
    """The value of a sample; ``...`` in a list stands for what this suite has there."""
    if not isinstance(value, list) or ... not in value:
        return value
    own = [item for item in getattr(django_settings, name) if item not in value]
    return [*own, *(item for item in value if item is not ...)]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (README, "AUTHENTICATION_BACKENDS"),
        (HOWTO / "admin.md", "INSTALLED_APPS"),
        (HOWTO / "admin.md", "ADMIN_MFA"),
        (HOWTO / "go-live.md", "TRUSTED_PROXIES"),
        (HOWTO / "second-factor.md", "CUSTOMIZE_MFA"),
    ],
)
def test_settings_are_clean(page: Path, text: str, settings: Any, capsys: Any) -> None:
    found = run(page, text)
    for name in filter(str.isupper, list(found)):
        setattr(settings, name, in_place_of_dots(name, found[name]))
    call_command("check", fail_level="WARNING")
    assert "no issues" in capsys.readouterr().out


def test_settings_of_text_messages_bound_them(settings: Any) -> None:
    settings.PWDLESS = run(HOWTO / "sms.md", "PHONE_REGIONS")["PWDLESS"]
    assert checks.run_checks(tags=["pwdless"]) == []


def test_urls_of_the_readme(settings: Any) -> None:
    (code,) = (code for code in blocks(README, "python") if code.endswith("# yours\n]\n"))
    found: dict[str, Any] = {}
    exec(code, found)
    site(settings, found)
    assert reverse("pwdless:login") == "/accounts/login/"


@pytest.mark.django_db
def test_backend_that_takes_addresses_of_one_domain() -> None:
    backend = run(HOWTO / "pages.md", "class SiteBackend")["SiteBackend"]()
    claims = {"iss": "https://t/", "sub": "email|1", "email": "ann@example.com"}
    assert backend.create_user({**claims, "email_verified": True}) is not None
    assert backend.create_user(claims) is None
    assert backend.create_user({**claims, "email": "a@b.de", "email_verified": True}) is None


def test_receiver_of_a_first_sign_in() -> None:
    welcome = run(HOWTO / "pages.md", "def welcome")["welcome"]
    assert identity_linked.disconnect(welcome)


def test_test_of_a_sign_in(client: Client, db: None, pwdless_tenant: LocalTenant) -> None:
    run(HOWTO / "test.md", "def test_sign_in(client")["test_sign_in"](client, db, pwdless_tenant)


@pytest.mark.django_db
def test_test_with_somebody_signed_in(client: Client, settings: Any) -> None:
    def account(request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        return HttpResponse(str(user.email), status=200 if user.is_active else 403)

    accounts = path("accounts/", include("django_pwdless.urls"))
    site(settings, {"urlpatterns": [accounts, path("account/", account)]})
    run(HOWTO / "test.md", "def test_account")["test_account"](client, None)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["class SalariesTests", "class SignInTests"])
def test_test_case_of_the_page(text: str, settings: Any) -> None:
    found = run(HOWTO / "step-up.md", "def salaries")
    accounts = path("accounts/", include("django_pwdless.urls"))
    site(settings, {"urlpatterns": [accounts, path("salaries/", found["salaries"])]})
    name = text.removeprefix("class ")
    result = unittest.TestResult()
    case = run(HOWTO / "test.md", text)[name]
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    assert result.testsRun == 1 and result.wasSuccessful(), result.failures + result.errors


@pytest.mark.django_db
def test_admin_site_of_ones_own(settings: Any, client: Client) -> None:
    office = run(HOWTO / "admin.md", "class OfficeSite")["OfficeSite"]()
    accounts = path("accounts/", include("django_pwdless.urls"))
    site(settings, {"urlpatterns": [accounts, path("admin/", office.urls)]})
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=/admin/"


def test_admin_site_of_ones_own_by_default() -> None:
    config = run(HOWTO / "admin.md", "class OfficeConfig")["OfficeConfig"]
    assert config.name == "django.contrib.admin"
    assert config.default_site == "mysite.office.OfficeSite"


@pytest.mark.django_db
def test_pages_that_need_a_second_factor(settings: Any, admin_client: Client) -> None:
    found = run(HOWTO / "step-up.md", "def salaries")
    urls = [path("accounts/", include("django_pwdless.urls")), path("", found["salaries"])]
    site(settings, {"urlpatterns": [*urls, path("class/", found["SalariesView"].as_view())]})
    assert admin_client.get("/").status_code == admin_client.get("/class/").status_code == 403


def test_page_for_a_form_that_is_out_of_date(settings: Any) -> None:
    (sample,) = (code for code in blocks(HOWTO / "pages.md", "html+django") if "of date" in code)
    loader = ("django.template.loaders.locmem.Loader", {"403_csrf.html": sample})
    own = settings.TEMPLATES[0]
    options = {**own["OPTIONS"], "loaders": [loader, *APP_LOADERS]}
    settings.TEMPLATES = [{**own, "APP_DIRS": False, "OPTIONS": options}]
    response = Client(enforce_csrf_checks=True).post(reverse("pwdless:login"))
    assert response.status_code == 403
    assert 'href="/accounts/login/"' in response.content.decode()


@pytest.mark.django_db
def test_view_with_a_field_of_the_sites_own(settings: Any, client: Client) -> None:
    site(settings, run(HOWTO / "pages.md", "class SiteLoginView"))
    response = client.post(reverse("pwdless:login"), {"identifier": "ann@example.com"})
    assert "terms" in response.context["form"].errors
    assert response.context["theme"] == "harbour"
    assert "I accept the terms" in response.content.decode()


@pytest.mark.django_db
def test_backend_with_a_list_of_people() -> None:
    backend = run(HOWTO / "pages.md", "class MemberListBackend")["MemberListBackend"]()
    ann = get_user_model().objects.create(username="ann", email="ann@example.com")
    claims = {"email": ann.email, "email_verified": True}
    assert backend.find_user(claims) == ann
    assert backend.find_user({**claims, "email": "ben@example.com"}) is None
    assert backend.find_user({**claims, "email_verified": "true"}) is None
    assert backend.find_user({"email": "", "email_verified": True}) is None
    assert backend.create_user(claims) is None


def test_receiver_of_a_refusal() -> None:
    assert login_refused.disconnect(run(HOWTO / "pages.md", "def count")["count"])


def test_set_up_is_that_of_the_files() -> None:
    """They run in the tests of several processes."""
    page = read(HOWTO / "deploy.md")
    files = [file for file in (ROOT / "example_project" / "deploy").iterdir() if file.is_file()]
    assert len(files) == 6
    assert [file.name for file in files if f"\n{read(file)}```" not in page] == []


def test_checklist_names_lines_of_the_doctor() -> None:
    cells = re.findall(r"doctor: ([^|]+) \|", read(HOWTO / "go-live.md"))
    named = {name for cell in cells for name in re.findall(r"`([\w.]+)`", cell)}
    assert len(named) > 5 and named <= {line.id for line in (*OFFLINE, *ONLINE)}


def test_address_that_a_proxy_writes_elsewhere(rf: RequestFactory) -> None:
    client_ip = run(HOWTO / "go-live.md", "def client_ip")["client_ip"]
    assert client_ip(rf.get("/", headers={"CF-Connecting-IP": "192.0.2.1"})) == "192.0.2.1"
    assert client_ip(rf.get("/")) is None


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="needs GNU gettext")
def test_words_of_ones_own(settings: Any, client: Client, tmp_path: Path) -> None:
    (words,) = (code for code in blocks(HOWTO / "languages.md", "text") if "msgid" in code)
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (folder / "django.po").write_text(header + words, "utf-8")
    command = ["msgfmt", "-o", folder / "django.mo", folder / "django.po"]
    subprocess.run(command, check=True)
    settings.LOCALE_PATHS = [tmp_path]
    assert "Welcome to Harbour Books" in client.get(reverse("pwdless:login")).text


def test_language_of_the_browser(settings: Any, client: Client) -> None:
    found = run(HOWTO / "languages.md", "LocaleMiddleware")
    settings.MIDDLEWARE = [
        *found["MIDDLEWARE"],
        *(name for name in settings.MIDDLEWARE if name not in found["MIDDLEWARE"]),
    ]
    settings.LANGUAGES = found["LANGUAGES"]
    page = client.get(reverse("pwdless:login"), headers={"accept-language": "ar"}).text
    assert '<html lang="ar" dir="rtl"' in page
