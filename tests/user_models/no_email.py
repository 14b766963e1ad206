from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.models import Identity
from tests.first_logins import ANN, claims_of, outcome

from .models import NoEmail

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_linking", [True, False])
def test_created_user_has_a_name_alone(settings: Any, is_linking: bool) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "LINK_BY_VERIFIED_EMAIL": is_linking}
    NoEmail.objects.create(handle=ANN)
    assert outcome(claims_of()) == "created"
    assert NoEmail.objects.latest("pk").handle == "user-822a4d439a11c208"
    assert Identity.objects.get().email == ANN


def test_known_user() -> None:
    outcome(claims_of())
    assert outcome(claims_of()) == "known"
