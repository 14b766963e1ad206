"""The Django project that is measured: set up for a tenant, with a database of its own."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.db import connection
from tenant import Tenant


@contextmanager
def project_for(
    tenant: Tenant, *, sign_ins: bool = False, settings_module: str = "settings"
) -> Iterator[None]:
    """Set Django up in this process, with a new database that is dropped afterwards."""
    with tempfile.TemporaryDirectory(prefix="pwdless-benchmark-") as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = settings_module
        os.environ["BENCHMARK_FOLDER"] = folder
        os.environ["BENCHMARK_SIGN_INS"] = "1" if sign_ins else ""
        os.environ["BENCHMARK_TENANT"] = json.dumps(tenant.settings)
        for library in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
            os.environ[library] = tenant.ca_file
        django.setup()
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


def describe() -> str:
    """Return what the figures depend on, in one line."""
    cache = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    return (
        f"Python {platform.python_version()}, Django {django.get_version()}, "
        f"{connection.vendor}, {cache}, {os.cpu_count()} processors"
    )
