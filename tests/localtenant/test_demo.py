"""The ready-made people: each path can be walked."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.demo import PEOPLE

from .site import Site


@pytest.fixture
def demo() -> Iterator[Site]:
    with LocalTenant(demo=True) as tenant:
        site = Site(tenant)
        yield site
        site.session.close()


def test_everybody_is_named_on_the_first_page(demo):
    html = unescape(demo.get("/").text)
    for person in PEOPLE:
        assert person["email"] in html and person["note"] in html


def test_everybody_is_back_after_a_reset(demo):
    demo.tenant.reset()
    assert len(demo.tenant.state.people) == len(PEOPLE)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person["email"])
def test_each_person_meets_the_path_they_are_there_for(demo, person):
    demo.start(person["email"])
    if person.get("blocked"):
        assert demo.tenant.inbox.messages() == []
        return
    answer = demo.exchange(demo.tenant.inbox.latest().code, person["email"])
    wants_mfa = person.get("factors") or person.get("mfa")
    expected = "access_denied" if person.get("denied") else "mfa_required" if wants_mfa else None
    assert answer.json().get("error") == expected


def test_mail_link_is_preset_and_back_after_a_reset():
    template = "https://site.example/link/#code={{ code }}"
    with LocalTenant(mail_link=template) as tenant:
        assert tenant.switches.mail_link == template
        tenant.switches.mail_link = None
        tenant.reset()
        assert tenant.switches.mail_link == template


def test_nobody_without_demo(site):
    assert "People to try" not in site.get("/").text
