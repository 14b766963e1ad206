"""What hostile, broken or merely foreign programs send where text belongs."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.journeys.browser import ANN, BEN

# A page that ever holds an element or attribute of this name took text for markup.
MARK = "fuzz"
# A code that no page may ever show, and a text of Auth0's that none may repeat.
TYPED_CODE = "TYPEDC0DE1"
WRITTEN_BY_AUTH0 = "the user was written about"

ODD = [
    *("\0", "\ud800", "\udfff", "\u202e", "\u2066", "\u200d", "\ufeff", "\u2028", "\x85", "\x1b"),
    *("\r\n", "\t", " ", "\u00a0", "%00", "%0d%0a", "\\", "/", "//", "..", "@", "+", "-", "?"),
    *("İ", "ı", "ſ", "ß", "ﬁ", "ａ", "а", "e\u0301", "é", "٣", "१", "¹", "½", "Ⅷ", "😀"),
    *(f"<{MARK}>", f'"{MARK}="', f"'{MARK}='", f"</title><{MARK}>", f"--><{MARK}>"),
    *(f"javascript:{MARK}", "{{ 7|add:35 }}", "{% now %}", "%s", "%(value)s", "{0}", "null"),
]  # fmt: skip

CHARACTERS = st.characters(exclude_categories=())
PIECES = st.sampled_from(ODD) | st.text(CHARACTERS, max_size=5)
HUGE = st.builds(
    lambda piece, count: (piece * count)[:count],
    st.sampled_from(ODD),
    st.sampled_from([330, 2001, 9000]),
)
TEXTS: SearchStrategy[str] = st.lists(PIECES, max_size=5).map("".join) | HUGE

LOCALS = st.sampled_from(["ann", "Ann", "ádmin", "ａnn", "аnn", "o'neil", "a" * 64, "\u202enna"])
DOMAINS = st.sampled_from(
    ["example.com", "EXAMPLE.COM", "bücher.example", "ﬁn.example", "xn--bcher-kva.example"]
    + ["[192.0.2.1]", "exa\u00admple.com", "ехample.com", "İstanbul.example", "example.com."]
)
ADDRESSES = (
    st.sampled_from([ANN, BEN, f" {ANN}\n", ANN.upper(), "ann+shop@example.com"])
    | st.builds("{}@{}".format, LOCALS, DOMAINS)
    | st.builds("{}{}@example.com".format, TEXTS, st.sampled_from(["", "ann"]))
)
NUMBERS = (
    st.sampled_from(["+4915123456789", "0151 23456789", "+49 151 ٢٣٤٥٦٧٨٩", "+1 (202) 555-0100"])
    | st.from_regex(r"\+?[0-9 ()./;=x-]{3,24}", fullmatch=True)
    | st.sampled_from(["+19002345678", "tel:+4915123456789", "+٤٩١٥١٢٣٤٥٦٧٨٩", "+49ⅷ", "911"])
)
IDENTIFIERS = ADDRESSES | NUMBERS | TEXTS

CODES = (
    st.just(TYPED_CODE)
    | st.from_regex(r"[0-9]{4,8}", fullmatch=True)
    | st.sampled_from(["000000", "٠٠٠٠٠٠", "０００００0", "00-00 00", "0\u200d00000", "¹²³⁴⁵⁶"])
    | st.from_regex(r"[A-Z0-9 -]{8,26}", fullmatch=True)
    | TEXTS
)

# Where a redirect must not lead, and where it may.
TARGETS = (
    st.sampled_from(
        ["/in/", "/in/?a=b&c=<d>", "in", "?a", "#a", "/accounts/login/", "/accounts/login/?next=/"]
        + ["//evil.example", "///evil.example", "https:evil.example", "https://evil.example/"]
        + ["/\\evil.example", "\\\\evil.example", "/\t/evil.example", "\n//evil.example", "http:///x"]
        + ["http://testserver@evil.example", "http://testserver.evil.example", "http://[", "//["]
        + ["http://testserver/in/", "https://testserver/in/", "HTTP://TESTSERVER/", "ftp://testserver"]
        + ["home", "pwdless:login", "javascript:alert(1)", "data:text/html,x", "/€" * 700]
    )
    | st.builds("/{}".format, TEXTS)
    | TEXTS
)  # fmt: skip
