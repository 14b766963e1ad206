"""What a user gets: wheel and sdist are built, opened, and the wheel installed where nothing is."""

from __future__ import annotations

import ast
import configparser
import email
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from readme_renderer import markdown

import django_pwdless
from tests.sources import sources

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "django_pwdless"

# Run where only the wheel and its dependencies are: what it prints is compared with this checkout.
LOOK_AROUND = """
import importlib.metadata, json, pathlib, django, django_pwdless
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_pwdless"],
    ROOT_URLCONF="django_pwdless.urls",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    PWDLESS={"DOMAIN": "tenant.example", "CLIENT_ID": "client"},
)
django.setup()
from django.db.migrations.loader import MigrationLoader
from django.template.loader import get_template
from django.contrib.staticfiles.finders import AppDirectoriesFinder
import django_pwdless.urls
get = importlib.metadata.metadata("django-pwdless")
print(json.dumps({
    "folder": str(pathlib.Path(django_pwdless.__file__).parent),
    "version": importlib.metadata.version("django-pwdless"),
    "attribute": django_pwdless.__version__,
    "extras": sorted(get.get_all("Provides-Extra")),
    "migrated": ("django_pwdless", "0001_initial") in MigrationLoader(None).disk_migrations,
    "template": get_template("django_pwdless/base.html").origin.name,
    "static": [str(path) for path, _ in AppDirectoriesFinder().list([])],
}))
"""


# What building, testing and editing leave in a checkout; all else is of the project.
LEFT_BEHIND = shutil.ignore_patterns(
    *(".git", ".venv*", ".tox", ".*_cache", ".hypothesis", ".coverage*", "htmlcov", "logs"),
    *("build", "dist", "*.egg-info", "__pycache__", "*.py[cod]", "*.sqlite3"),
    *("node_modules", "demo.json"),
)


def files_in(folder: Path) -> set[str]:
    """Every file of the project in a folder of this checkout."""
    found = set()
    for place, folders, names in os.walk(folder):
        left_behind = LEFT_BEHIND(place, [*folders, *names])
        folders[:] = [name for name in folders if name not in left_behind]
        found |= {Path(place, name) for name in names if name not in left_behind}
    return {path.relative_to(ROOT).as_posix() for path in found}


def requirements() -> dict[str, str]:
    """What ``setup.cfg`` requires, extras included, each with its lowest version."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    lines = config["options"]["install_requires"] + config["options.extras_require"]["all"]
    return dict(re.findall(r"^([\w-]+)(?:\[\w+\])?>=(.+)$", lines, re.MULTILINE))


def run(*command: str | Path, cwd: Path) -> str:
    """The output of ``command``, which does not get to see this checkout's modules."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the sdist; the wheel, built from it as a user's pip would, lies beside it."""
    folder = tmp_path_factory.mktemp("dist")
    # From a copy: a build leaves folders behind, and takes up those of the build before.
    shutil.copytree(ROOT, folder / "source", ignore=LEFT_BEHIND)
    run(sys.executable, "-m", "build", "--outdir", folder, folder / "source", cwd=folder)
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(sdist: Path) -> Path:
    return next(sdist.parent.glob("*.whl"))


def test_version_in_metadata_is_the_packages() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    assert config["metadata"]["version"] == "attr: django_pwdless.__version__"
    assert config["metadata"]["name"] == "django-pwdless"


def test_changelog_starts_with_unreleased_or_this_version() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text().splitlines()
    newest = next(line for line in lines if line.startswith("## "))
    assert newest.split()[1] in {"Unreleased", django_pwdless.__version__}


def imported() -> set[str]:
    """The top-level names that modules of the package import, within functions too."""
    names = set()
    for node, _ in (each for source in sources().values() for each in source.imports):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif not node.level:
            names.add(str(node.module).partition(".")[0])
    return names


# Whose distribution has another name than what is imported.
DISTRIBUTIONS = {
    "jwt": "pyjwt",
    "ninja": "django-ninja",
    "phonenumbers": "phonenumberslite",
    "rest_framework": "djangorestframework",
}
# Imported only where a site has them: nothing is installed for their sake.
ONLY_IF_THERE = {"drf_spectacular", "pytest"}


def test_each_import_is_declared() -> None:
    others = imported() - sys.stdlib_module_names - {"django_pwdless"} - ONLY_IF_THERE
    wanted = {DISTRIBUTIONS.get(name, name).lower().replace("_", "-") for name in others}
    assert wanted == {name.lower() for name in requirements()}


def test_lowest_versions_are_those_declared() -> None:
    lowest = (ROOT / "requirements" / "lowest.txt").read_text("utf-8")
    assert dict(re.findall(r"^([\w-]+)==(.+)$", lowest, re.MULTILINE)) == requirements()


@pytest.mark.packaging
def test_wheel_holds_the_whole_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == files_in(PACKAGE)


@pytest.fixture(scope="module")
def unpacked(sdist: Path) -> Path:
    """The folder of the unpacked sdist."""
    with tarfile.open(sdist) as archive:
        if hasattr(tarfile, "data_filter"):  # not yet in Debian's Python 3.11
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(sdist.parent / "unpacked")  # noqa: S202 - our own
    return next((sdist.parent / "unpacked").iterdir())


@pytest.mark.packaging
def test_sdist_holds_the_whole_project_and_nothing_else(unpacked: Path) -> None:
    paths = {path.relative_to(unpacked) for path in unpacked.rglob("*") if path.is_file()}
    names = {path.as_posix() for path in paths if ".egg-info" not in path.parts[0]}
    assert names - {"PKG-INFO"} == files_in(ROOT)


@pytest.mark.packaging
def test_sdist_can_be_tested(unpacked: Path) -> None:
    """As who packages the app for a distribution does, with no checkout at hand."""
    some = ["tests/docs", "tests/test_packaging.py", "tests/journeys/test_code.py"]
    run(sys.executable, "-m", "pytest", "-q", "-m", "not packaging", *some, cwd=unpacked)


@pytest.mark.packaging
def test_description_works_on_the_package_index(wheel: Path) -> None:
    """The index knows nothing of the repository: each link and picture is absolute, and there."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        metadata = email.message_from_bytes(archive.read(name))
    source = dict(line.split(", ") for line in metadata.get_all("Project-URL", []))["Source"]
    page = markdown.render(metadata.get_payload())
    assert page is not None
    links = set(re.findall(r'(?:href|src)="([^"]+)"', page))
    ours = [re.fullmatch(rf"{source}/(?:blob|raw)/v[\d.]+/([^#]+)(?:#.+)?", link) for link in links]
    targets = {match[1] for match in ours if match}
    assert len(targets) > 20 and page.count("<img ") == 4
    assert all((ROOT / target).exists() for target in targets)
    assert all(link.startswith(("https://", "#user-content-")) for link in links)


@pytest.mark.packaging
def test_package_holds_what_users_rely_on() -> None:
    files = files_in(PACKAGE)
    assert {"django_pwdless/py.typed", "django_pwdless/migrations/0001_initial.py"} <= files
    for folder in ("templates/django_pwdless/", "static/django_pwdless/"):
        assert any(name.startswith(f"django_pwdless/{folder}") for name in files)


@pytest.mark.packaging
def test_wheel_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    found = json.loads(run(python, "-W", "error", "-c", LOOK_AROUND, cwd=tmp_path))
    folder = Path(found["folder"])
    assert folder.is_relative_to(tmp_path)
    assert found["version"] == found["attribute"] == django_pwdless.__version__
    assert found["extras"] == ["all", "drf", "localtenant", "ninja", "phone", "qr"]
    assert found["migrated"] is True
    assert Path(found["template"]).is_relative_to(folder)
    assert any(name.startswith("django_pwdless/") for name in found["static"])
