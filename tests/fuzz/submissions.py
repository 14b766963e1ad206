"""Requests as nobody's browser would send them: any fields, in any encoding, under any header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.journeys.browser import FORM

from .fields import ASKED, AUTHENTICATOR, EVERYWHERE, POSTED
from .texts import TEXTS

Pairs = list[tuple[str, str]]
BOUNDARY = "--fuzz--boundary"

# How the fields are written; UTF-7 brings lone surrogates. Django itself fails on codecs that are
# no charset, such as base64, before any view.
CHARSETS = ["utf-7", "latin-1", "utf-16", "nonsense"]
# What comes instead of fields.
JUNK = {
    "json": ("application/json", b'{"identifier": "ann@example.com", "code": "000000"}'),
    "xml": ("application/xml", b"<identifier/>"),
    "no-boundary": ("multipart/form-data", b"--x\r\n"),
    "empty-boundary": ("multipart/form-data; boundary=", b"----\r\n"),
    "long-boundary": (f"multipart/form-data; boundary={'x' * 300}", b"x"),
    "no-parts": (f"multipart/form-data; boundary={BOUNDARY}", b"--" + BOUNDARY.encode()),
    "many-fields": (FORM, b"&".join([b"code=1"] * 1200)),
    "not-utf-8": (FORM, b"%ff=%00&code=%ff&identifier=%ed%a0%80&=&"),
    "huge": (FORM, b"identifier=" + b"x" * 3_000_000),
    "no-type": ("", b"code=000000"),
}

HEADERS: Mapping[str, SearchStrategy[str]] = {
    "X-Forwarded-For": st.sampled_from(
        ["", ",", "203.0.113.9", "203.0.113.9:80, 10.0.0.1", "[2001:db8::1%eth0]:443", "unknown"]
        + ["9" * 9000, "1.2.3", "::ffff:1.2.3.4", "127.0.0.1,'--", "0x7f.1", "١.٢.٣.٤"]
    ),
    "Host": st.sampled_from(["evil.example", "testserver:99999", "", "testserver\\@evil.example"]),
    "Accept": st.sampled_from(["application/json", "*/*", "application/json;q=" + "9" * 4400]),
    "Accept-Language": st.sampled_from(["de", "xx-klingon;q=nan", "*" * 3000, "de;q=-1,\0", "ar"]),
    "Cookie": st.sampled_from(
        [
            "sessionid=",
            "sessionid=x",
            "sessionid=../../../../etc/passwd",
            'sessionid="\\000aaaaaaaa"',
        ]
        + [
            "sessionid=" + "é" * 40,
            "sessionid=" + "a" * 32,
            "sessionid=😀😀😀😀😀😀😀😀",
            "=;;sessionid",
        ]
        + [
            "messages=[]",
            "csrftoken=x; sessionid=' OR 1=1--------",
            "django_language=../x",
            ";" * 900,
        ]
    ),
    "X-Requested-With": st.just("XMLHttpRequest"),
}


@dataclass(frozen=True)
class Submission:
    """One request: to the page of a name, with these fields and headers."""

    name: str
    method: str
    pk: int
    asked: Pairs
    posted: Pairs
    authenticator: str = "totp|dev_2"
    charset: str = "utf-8"
    is_multipart: bool = False
    files: frozenset[str] = frozenset()
    junk: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The address's path."""
        return reverse(f"pwdless:{self.name}", kwargs=self._in_path())

    def send(self, client: Client) -> Any:
        """Send it, and return the answer."""
        query = _urlencoded(self.asked, self.charset)
        kind, body = self._body() if self.method == "POST" else ("", b"")
        if self.method != "POST" and self.charset != "utf-8":
            kind = f"text/plain; charset={self.charset}"
        return client.generic(
            self.method, f"{self.path}?{query}", body, content_type=kind, headers=self.headers
        )

    def _in_path(self) -> dict[str, Any]:
        if self.name == "factor_remove":
            return {"id": self.authenticator}
        return {"pk": self.pk} if self.name in {"identity_remove", "sign_in_end"} else {}

    def _body(self) -> tuple[str, bytes]:
        if self.junk:
            return JUNK[self.junk]
        suffix = "" if self.charset == "utf-8" else f"; charset={self.charset}"
        if not self.is_multipart and not self.files:
            kind = FORM
            return kind + suffix, _urlencoded(self.posted, self.charset).encode()
        parts = [self._part(name, value) for name, value in self.posted]
        end = f"--{BOUNDARY}--\r\n".encode()
        return f"multipart/form-data; boundary={BOUNDARY}{suffix}", b"".join([*parts, end])

    def _part(self, name: str, value: str) -> bytes:
        file = '; filename="x.txt"' if name in self.files else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        return head.encode() + _encoded(value, self.charset) + b"\r\n"


def _urlencoded(pairs: Pairs, charset: str) -> str:
    return urlencode([(name, _encoded(value, charset)) for name, value in pairs])


def _encoded(text: str, charset: str) -> bytes:
    """Lone surrogates survive in UTF-7 alone."""
    try:
        return text.encode(charset, "surrogatepass" if charset == "utf-16" else "replace")
    except (LookupError, UnicodeError):
        return text.encode("ascii", "replace")


def _pairs(values: Mapping[str, SearchStrategy[str]]) -> SearchStrategy[Pairs]:
    """Some of these fields, each mostly once, in their order."""
    either = [st.none() | st.tuples(st.just(name), value) for name, value in values.items()]
    again = st.sampled_from([[], [], [], [0], [0, 0]])

    def chosen(drawn: tuple[Any, ...]) -> Pairs:
        *found, repeats = drawn
        pairs = [pair for pair in found if pair is not None]
        return pairs + [pairs[index] for index in repeats if pairs]

    return st.tuples(*either, again).map(chosen)


def _to(name: str) -> SearchStrategy[Submission]:
    posted = {**POSTED[name], **EVERYWHERE, "unknown": TEXTS}
    asked = {**ASKED.get(name, {}), **EVERYWHERE, "unknown": TEXTS}
    return st.builds(
        Submission,
        name=st.just(name),
        method=st.sampled_from(["POST", "POST", "POST", "GET", "GET", "HEAD", "PUT"]),
        pk=st.integers(0, 9) | st.just(10**30),
        asked=_pairs(asked),
        posted=_pairs(posted),
        authenticator=AUTHENTICATOR.filter(_is_in_paths),
        charset=st.sampled_from(["utf-8"] * 10 + CHARSETS),
        is_multipart=st.booleans(),
        files=st.sampled_from([frozenset()] * 7 + [frozenset(posted)]),
        junk=st.sampled_from([""] * 12 + list(JUNK)),
        headers=st.fixed_dictionaries(
            {}, optional={name: (value | TEXTS).map(_header) for name, value in HEADERS.items()}
        )
        | st.just({}),
    )


def _is_in_paths(text: str) -> bool:
    """Whether there is an address with this text as a part of its path."""
    return text.isprintable() and text != ""


def _header(text: str) -> str:
    """What a server lets through in a header's line."""
    kept = text.encode("utf-8", "replace").decode("latin-1")
    return "".join(char for char in kept if char not in "\0\r\n")[:2000]


SUBMISSIONS = st.sampled_from(sorted(POSTED)).flatmap(_to)
