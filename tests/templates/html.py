"""Pages of the package, rendered with sample contexts and read as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import get_language

import django_pwdless
from tests.template_samples import (
    SAMPLES,
    Sample,
)

TEMPLATES = Path(django_pwdless.__file__).parent / "templates" / "django_pwdless"
VOID = {"br", "hr", "img", "input", "link", "meta", "wbr"}
every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


@dataclass
class Element:
    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)
    parent: Element | None = None

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags: str, **attrs: str) -> list[Element]:
        return [
            element
            for element in self.walk()
            if (not tags or element.tag in tags) and attrs.items() <= element.attrs.items()
        ]

    def one(self, *tags: str, **attrs: str) -> Element:
        (element,) = self.all(*tags, **attrs)
        return element

    def has(self, attribute: str) -> list[Element]:
        return [element for element in self.walk() if attribute in element.attrs]

    def ancestors(self) -> Iterator[Element]:
        if self.parent:
            yield self.parent
            yield from self.parent.ancestors()

    @property
    def raw_text(self) -> str:
        parts = (c if isinstance(c, str) else c.raw_text for c in self.children)
        return "".join(parts) + (" " if self.tag in {"div", "li", "p"} else "")

    @property
    def text(self) -> str:
        return " ".join(self.raw_text.split())

    @property
    def classes(self) -> list[str]:
        return self.attrs.get("class", "").split()


class Page(HTMLParser):
    """A strict little parser: every element that is no void one must be closed, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self.current = Element("#document")
        self.feed(html)
        self.close()
        assert self.current is self.root, f"<{self.current.tag}> is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        element = Element(tag, {name: value or "" for name, value in attrs}, parent=self.current)
        self.current.children.append(element)
        if tag not in VOID:
            self.current = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.current.tag == tag, f"</{tag}> closes <{self.current.tag}>"
        assert self.current.parent
        self.current = self.current.parent

    def handle_data(self, data: str) -> None:
        self.current.children.append(data)


def engine(**options: Any) -> list[dict[str, Any]]:
    """Return ``TEMPLATES`` with other options."""
    django_engine: dict[str, Any] = settings.TEMPLATES[0]
    options = {**django_engine["OPTIONS"], **options}
    return [{**django_engine, "APP_DIRS": "loaders" not in options, "OPTIONS": options}]


def engine_with(name: str, source: str) -> list[dict[str, Any]]:
    """Return ``TEMPLATES`` of a site that replaces one of our templates."""
    own = ("django.template.loaders.locmem.Loader", {f"django_pwdless/{name}": source})
    return engine(loaders=[own, "django.template.loaders.app_directories.Loader"])


def html_of(template: str, context: dict[str, Any]) -> str:
    request = RequestFactory().get("/")
    return render_to_string(f"django_pwdless/{template}", context, request)


def page_of(template: str, context: dict[str, Any]) -> Element:
    return Page(html_of(template, context)).root


def shown(sample: Sample) -> Element:
    return shown_in(get_language(), sample)


@cache
def shown_in(language: str | None, sample: Sample) -> Element:
    return page_of(sample.template, sample.context())


def errors_of(sample: Sample) -> bool:
    form = sample.context().get("form")
    return isinstance(form, forms.Form) and bool(form.errors)


def sample_called(name: str) -> Sample:
    (sample,) = (sample for sample in SAMPLES if sample.name == name)
    return sample
