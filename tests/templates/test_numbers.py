"""Numbers that machines read: attributes are the same however a language writes numbers."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest
from django.db.models import Model
from django.test import override_settings
from django.utils import translation

from tests.template_samples import Sample

from .html import every_sample, page_of


def enlarged(value: Any) -> Any:
    """The same with numbers and primary keys that a separator could stand in."""
    if isinstance(value, list):
        return [enlarged(item) for item in value]
    if isinstance(value, Model):
        value = copy(value)
        value.pk += 1000
    return value + 1000 if type(value) is int else value


def attributes(sample: Sample) -> list[dict[str, str]]:
    context = {name: enlarged(value) for name, value in sample.context().items()}
    page = page_of(sample.template, context)
    return [
        {name: value for name, value in element.attrs.items() if name != "value" or hides(element)}
        for element in page.walk()
    ]


def hides(element: Any) -> bool:
    """Whether it has no value that is another one each time."""
    return bool(element.attrs.get("name") != "csrfmiddlewaretoken")


@every_sample
@pytest.mark.parametrize("language", ["en", "de", "pl"])
def test_attributes_have_no_thousand_separator(language: str, sample: Sample) -> None:
    with translation.override(language):
        plain = attributes(sample)
        with override_settings(USE_THOUSAND_SEPARATOR=True):
            assert attributes(sample) == plain
