"""JSON leaves the same records as the pages, and in a browser the same cookie."""

from __future__ import annotations

import pytest
from django.core import mail

from django_pwdless.models import Event

from .conftest import Configure
from .front_end import FrontEnd

pytestmark = pytest.mark.django_db(transaction=True)


def test_rows_of_a_login(front_end: FrontEnd, configure: Configure) -> None:
    configure(EVENTS=True)
    front_end.ask()
    front_end.answer(front_end.wrong_code)
    front_end.answer()
    kinds = Event.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["message_sent", "refused", "identity_added", "sign_in"]


def test_browser_is_known_the_next_time_and_an_app_never(
    front_end: FrontEnd, configure: Configure
) -> None:
    configure(NOTICES=["new_sign_in"])
    for _ in range(2):
        front_end.ask()
        assert front_end.answer().status_code == 200
        front_end.send("POST", "logout/")
    is_browser = front_end.kind == "browser"
    assert ("pwdless_browser" in front_end.client.cookies) is is_browser
    assert len(mail.outbox) == (0 if is_browser else 1)
