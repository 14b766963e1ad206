"""The tables of what is sent leave out no page, and nothing that a page reads."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

from django_pwdless import forms
from django_pwdless.urls import urlpatterns

from .fields import ASKED, EVERYWHERE, POSTED

READ = re.compile(r'\b(GET|POST)(?:\.get\(|\[)"(\w+)"|"(\w+)" in request\.(GET|POST)')


def read_by(view: Any) -> set[tuple[str, str]]:
    """Where the classes of a view look for which name."""
    ours = [kind for kind in view.__mro__ if kind.__module__.startswith("django_pwdless.")]
    found = READ.findall("".join(map(inspect.getsource, ours)))
    return {(place or other_place, name or other) for place, name, other, other_place in found}


def test_every_page_is_sent_something() -> None:
    assert {url.name for url in urlpatterns} == POSTED.keys() >= ASKED.keys()


@pytest.mark.parametrize("url", urlpatterns, ids=lambda url: str(url.name))
def test_everything_a_page_reads_is_sent(url: Any) -> None:
    read = read_by(url.callback.view_class)
    assert {name for place, name in read if place == "POST"} <= POSTED[url.name].keys()
    assert {name for place, name in read if place == "GET"} <= ASKED.get(url.name, {}).keys()
    # Auth0 alone comes to the back-channel, and goes nowhere after it.
    assert EVERYWHERE.keys() == {getattr(url.callback.view_class, "redirect_field_name", "next")}


def test_readings_are_found() -> None:
    views: Any = {url.name: url.callback for url in urlpatterns}
    assert read_by(views["login"].view_class) == {("POST", "reconfirm"), ("GET", "confirm")}
    assert ("GET", "error_description") in read_by(views["callback"].view_class)


FORMS = {
    "login": forms.LoginForm,
    "verify": forms.CodeForm,
    "link": forms.LinkForm,
    "mfa_challenge": forms.RecoveryCodeForm,
    "mfa_enroll": forms.EnrollForm,
    "identity_add": forms.IdentifierForm,
}


@pytest.mark.parametrize(("name", "form"), FORMS.items())
def test_every_field_of_a_form_is_sent(name: str, form: Any) -> None:
    assert form.base_fields.keys() <= POSTED[name].keys()


def test_every_form_is_known() -> None:
    ours = [kind for kind in vars(forms).values() if inspect.isclass(kind)]
    fields = [kind.base_fields.keys() for kind in ours if hasattr(kind, "base_fields")]
    assert set().union(*fields) <= {name for names in POSTED.values() for name in names}
