"""Logins that have come to their second step."""

from __future__ import annotations

import pytest

from tests.localtenant.site import ANN, NUMBER

from .second import Second


@pytest.fixture
def begin(site, tenant):
    """Return a function that adds a person, proves the address and returns the second step."""

    def first_factor(*factors, **more):
        person = tenant.add_person(ANN, phone_number=NUMBER, factors=factors, **more)
        answer = site.exchange(site.code())
        assert answer.status_code in (401, 403), answer.text
        assert answer.json()["error"] == "mfa_required"
        return Second(site, answer.json()), person

    return first_factor
