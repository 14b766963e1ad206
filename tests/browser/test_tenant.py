"""The local tenant's own pages, which developers look at."""

from __future__ import annotations

import pytest

from django_pwdless.localtenant import LocalTenant
from tests.browser.visits import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]


@pytest.mark.parametrize("page", ["", "people", "switches"])
def test_pages_are_accessible_and_fit(visit, page):
    visitor = visit(PHONE)
    with LocalTenant(demo=True) as tenant:
        tenant.add_person("maximiliane.von-und-zu-hinterobermoos@donaudampfschifffahrt.example.com")
        visitor.open(f"{tenant.base_url}/{page}")
        visitor.check()
