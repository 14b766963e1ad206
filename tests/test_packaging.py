"""What a user gets: wheel and sdist are built, opened, and the wheel installed where nothing is."""

from __future__ import annotations

import configparser
import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path, PurePosixPath

import pytest

import django_pwdless

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


def package_files() -> set[str]:
    """Every file of the package in this checkout, as its path in a wheel."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


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
    leave_out = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist")
    shutil.copytree(ROOT, folder / "source", ignore=leave_out)
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


@pytest.mark.packaging
def test_wheel_holds_the_whole_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == package_files()


@pytest.mark.packaging
def test_sdist_holds_package_and_metadata_and_nothing_else(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        paths = [PurePosixPath(member.name) for member in archive if member.isfile()]
    names = {PurePosixPath(*path.parts[1:]).as_posix() for path in paths}
    assert {name for name in names if name.startswith("django_pwdless/")} == package_files()
    rest = {name for name in names if not name.startswith("django_pwdless")}
    assert rest == {
        *("CHANGELOG.md", "LICENSE", "MANIFEST.in", "PKG-INFO", "README.md"),
        *("pyproject.toml", "setup.cfg"),
    }


@pytest.mark.packaging
def test_package_holds_what_users_rely_on() -> None:
    files = package_files()
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
    assert found["extras"] == ["all", "localtenant", "phone", "qr"]
    assert found["migrated"] is True
    assert Path(found["template"]).is_relative_to(folder)
    assert any(name.startswith("django_pwdless/") for name in found["static"])
