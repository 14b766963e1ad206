"""What the pages say where the context alone decides it."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from .browser import ANN, Browser


@pytest.mark.django_db
@pytest.mark.parametrize(("email", "name"), [(ANN, ANN), ("", "ann")])
def test_people_are_called_by_their_address(client: Client, email: str, name: str) -> None:
    client.force_login(get_user_model().objects.create_user("ann", email))
    context = client.get("/accounts/login/?next=/in/").context
    assert context["signed_in_as"] == name


@pytest.mark.django_db
def test_person_of_our_making_is_called_by_the_address(signed_in: Browser) -> None:
    assert signed_in.get("login", next="/in/").context["signed_in_as"] == ANN
