"""What holds for every answer of the app, whatever was asked."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.journeys.test_next import followed

from .texts import MARK, TYPED_CODE, WRITTEN_BY_AUTH0

HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
# Those of our pages, of Django's own for what it refuses itself, and of an outage.
STATUSES = {200, 302, 403, 405, 429}
NOT_OURS = {400, 404}
JSON_STATUSES = {200, 400, 401, 403, 404, 405, 409, 415, 429, 503}
# Where those are led who would change second factors and are nobody.
FACTORS_OF_NOBODY = "/accounts/login/?next=/accounts/factors/"
ADDRESSES = ("href", "src", "action", "formaction", "poster", "data")


class Page(HTMLParser):
    """The elements of an answer, as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    @property
    def names(self) -> set[str]:
        """Of elements and attributes."""
        return {name for tag, attrs in self.elements for name in (tag, *attrs)}

    @property
    def addresses(self) -> list[str]:
        """Where links, forms and automatic refreshes lead, and what is loaded."""
        found = [attrs.get(name) for _, attrs in self.elements for name in ADDRESSES]
        refreshes = [attrs.get("content") for tag, attrs in self.elements if "http-equiv" in attrs]
        found += [(content or "").partition("url=")[2] for content in refreshes]
        return [address for address in found if address]

    def value_of(self, name: str) -> str | None:
        """What an input shows."""
        inputs = [attrs for _, attrs in self.elements if attrs.get("name") == name]
        return inputs[0].get("value") if inputs else None


def stays(address: str) -> bool:
    """Whether a browser that follows this address stays on the site."""
    parts = urlsplit(followed(address))
    return parts.scheme in {"http", "https"} and parts.netloc == "testserver"


def check_answer(answer: Any, *, tenant_url: str, name: str, may_fail: bool = False) -> None:
    """Assert what is true of every answer of the page of this name."""
    outage = {503} if may_fail else set()
    assert answer.status_code in STATUSES | NOT_OURS | outage, answer.status_code
    if answer.status_code not in NOT_OURS:
        found = {header: answer.headers.get(header) for header in HEADERS}
        assert found == HEADERS
    if (location := answer.headers.get("Location")) is not None:
        _check_location(location, tenant_url, name)
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        _check_page(answer.content.decode(), tenant_url)


def check_json(answer: Any) -> None:
    """Assert what is true of every answer of the JSON."""
    assert answer.status_code in JSON_STATUSES, answer.status_code
    assert {header: answer.headers.get(header) for header in HEADERS} == HEADERS
    is_problem = answer.status_code != 200
    kind = "application/problem+json" if is_problem else "application/json"
    assert answer.headers["Content-Type"] == kind
    assert not is_problem or "outcome" in answer.json()
    text = answer.content.decode()
    assert TYPED_CODE not in text and WRITTEN_BY_AUTH0 not in text


def _check_location(location: str, tenant_url: str, name: str) -> None:
    if name == "universal" and location != FACTORS_OF_NOBODY:
        assert location.startswith(f"{tenant_url}/authorize?")
        return
    assert stays(location), location
    assert len(location) < 8000, len(location)
    assert TYPED_CODE not in location
    parts = urlsplit(location)
    if parts.path.startswith("/accounts/"):
        assert parse_qs(parts.query).keys() <= {"next"}, location


def _check_page(html: str, tenant_url: str) -> None:
    assert TYPED_CODE not in html and WRITTEN_BY_AUTH0 not in html
    page = Page(html)
    assert not [name for name in page.names if name.startswith(MARK)]
    assert not page.value_of("code")
    for address in page.addresses:
        to_tenant = address.startswith(f"{tenant_url}/v2/logout?")
        assert to_tenant or address.startswith("otpauth://") or stays(address), address
