from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import AutoField, BigAutoField

from django_pwdless.apps import PwdlessConfig

ROOT = Path(__file__).parent.parent


def test_migrations_match_models() -> None:
    """As ``makemigrations --check`` compares them, which asks the database first."""
    loader = MigrationLoader(None)
    compared = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    assert not compared.changes(loader.graph, trim_to_apps={"django_pwdless"})


def test_keys_are_not_left_to_the_sites_default_auto_field() -> None:
    keys = [model._meta.pk for model in apps.get_app_config("django_pwdless").get_models()]
    assert {type(key) for key in keys if isinstance(key, AutoField)} == {BigAutoField}
    assert PwdlessConfig.default_auto_field == "django.db.models.BigAutoField"


@pytest.mark.thorough
@pytest.mark.parametrize("auto_field", ["AutoField", "BigAutoField", "SmallAutoField"])
def test_migrations_match_models_whatever_the_default_auto_field(
    auto_field: str, tmp_path: Path
) -> None:
    # In a process of its own: models take their key's type when they are first imported.
    (tmp_path / "other_settings.py").write_text(
        "from tests.settings import *\n"
        f"DEFAULT_AUTO_FIELD = 'django.db.models.{auto_field}'\n"
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}}\n"
    )
    done = subprocess.run(
        [
            *(sys.executable, "-m", "django", "makemigrations", "django_pwdless"),
            *("--check", "--dry-run", "--settings", "other_settings"),
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "No changes detected" in done.stdout


@pytest.mark.django_db(transaction=True)
def test_migrations_can_be_undone_and_redone() -> None:
    call_command("migrate", "django_pwdless", "zero", verbosity=0)
    call_command("migrate", "django_pwdless", verbosity=0)


def test_migrations_only_add() -> None:
    """The version before goes on beside the new tables: docs/howto/upgrade.md says so."""
    adding = (CreateModel, AddField, AddIndex, AddConstraint)
    loader = MigrationLoader(None)
    ours = [m for (app, _), m in loader.disk_migrations.items() if app == "django_pwdless"]
    operations = [operation for migration in ours for operation in migration.operations]
    assert len(ours) >= 2
    assert [operation for operation in operations if not isinstance(operation, adding)] == []
