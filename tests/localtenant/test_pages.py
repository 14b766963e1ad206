"""The inbox, the switches and the people, as pages."""

from __future__ import annotations

import re
from dataclasses import fields
from html import unescape

import pytest

from django_pwdless.localtenant.clients.client import GRANTS, OTP_GRANT
from django_pwdless.localtenant.pages.switches import GROUPS
from django_pwdless.localtenant.switches import Switches

from .site import ANN, NUMBER


@pytest.mark.parametrize("path", ["/", "/inbox", "/switches", "/people"])
def test_page_is_protected_and_has_a_language(site, path):
    answer = site.get(path)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert '<html lang="en">' in answer.text and "style=" not in answer.text


def test_inbox_is_empty(site):
    assert "No mail yet" in site.get("/").text


def test_inbox_refreshes_without_script(site):
    assert '<noscript><meta http-equiv="refresh"' in site.get("/").text


def test_inbox_shows_codes(site, tenant):
    code = site.code()
    site.start_sms()
    html = site.get("/").text
    assert f"<output>{code}</output>" in html
    assert tenant.inbox.latest(NUMBER).code in html


def test_inbox_shows_what_became_of_a_code(site, tenant):
    site.start()
    assert "newest" in site.get("/").text
    site.exchange(tenant.inbox.latest(ANN).code)
    html = site.get("/").text
    assert "used or replaced" in html and '<article class="letter spent">' in html
    site.start()
    tenant.clock.advance(200)
    assert ">expired<" in site.get("/").text


def test_inbox_live_part(site):
    before = site.get("/_tenant/inbox").json()
    code = site.code()
    after = site.get("/_tenant/inbox").json()
    assert (before["newest"], after["newest"]) == (0, 1)
    assert code in after["html"] and code not in before["html"]


def test_inbox_escapes_what_was_typed(site):
    site.start("<script>alert(1)</script>@example.com")
    html = site.get("/").text
    assert "<script>alert" not in html and "&lt;script&gt;" in html


def test_inbox_links_only_to_web_addresses(site, tenant):
    tenant.switches.mail_link = "javascript:alert(1)//{{ code }}"
    site.start()
    assert "javascript:" not in site.get("/").text


def test_switches_show_what_is_armed(site, tenant):
    tenant.fail("/oauth/token", "timeout", times=3)
    html = site.get("/switches").text
    assert "<strong>timeout</strong>" in html and "3 more" in html


def test_switches_show_calls(site):
    site.start()
    assert "POST /passwordless/start" in site.get("/switches").text


def test_people_shows_everybody(site, tenant):
    tenant.add_person(ANN, phone_number=NUMBER, blocked=True)
    html = site.get("/people").text
    assert ANN in html and NUMBER in html and "Unblock" in html


@pytest.mark.parametrize(
    ("name", "kind"),
    [("tenant.css", "text/css"), ("tenant.js", "text/javascript"), ("person.svg", "image/svg+xml")],
)
def test_assets_have_their_types(site, name, kind):
    assert site.get(f"/assets/{name}").headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize("name", ["page.html", "..%2ftenant.py", "nothing.css"])
def test_nothing_but_assets_is_served(site, name):
    assert site.get(f"/assets/{name}").status_code == 404


@pytest.mark.parametrize("switch", fields(Switches), ids=lambda switch: switch.name)
def test_switches_say_what_each_does(site, switch):
    behaviour = site.get("/switches").text.partition("<h2>Behaviour")[2]
    control = behaviour.partition(f'name="{switch.name}"')[2]
    explanation = control.partition("</p>")[0].rpartition(">")[2]
    assert unescape(explanation) == switch.metadata["meaning"]


def test_people_shows_what_is_known_of_somebody_with_a_number_only(site, tenant):
    tenant.add_person(phone_number=NUMBER, factors=["sms"])
    html = site.get("/people").text
    assert "<li>Factors: sms</li>" in html and "Address" not in html


def test_each_switch_is_in_one_group():
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(switch.name for switch in fields(Switches))


def test_groups_of_switches_are_folded_unless_one_was_changed(site, tenant):
    assert '<details class="group" open>' not in site.get("/switches").text
    tenant.switches.code_length = 8
    html = site.get("/switches").text
    (summary,) = re.findall(r'<details class="group" open><summary>(.*?)</summary>', html)
    assert summary == 'Codes <span class="badge good">1 changed</span>'


@pytest.mark.parametrize("page", ["/switches", "/people"])
def test_page_says_that_a_form_was_saved(site, page):
    assert "Saved." not in site.get(page).text
    answer = site.call("POST", "/_tenant/clock", data={"advance": "30", "page": page})
    again = site.get(answer.headers["Location"]).text
    assert '<p class="badge good saved" role="status">Saved.</p>' in again


def test_switches_have_each_application(site, tenant):
    tenant.client.grants.discard(OTP_GRANT)
    tenant.client.callbacks = ["https://site.example/cb"]
    tenant.add_client("public", "a-phone-app")
    html = site.get("/switches").text
    card = html.partition(f"<code>{tenant.client_id}</code>")[2].partition("</section>")[0]
    assert card.count(" checked") == len(GRANTS) - 1 + 2
    assert 'value="https://site.example/cb"' in card
    assert f'name="secret" value="{tenant.client_secret}"' in card
    other = html.partition("<code>a-phone-app</code>")[2].partition("</section>")[0]
    assert 'name="secret"' not in other and 'name="grants"' in other
