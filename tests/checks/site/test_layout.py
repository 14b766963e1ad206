from __future__ import annotations

from typing import Any

import pytest

from tests import settings as suite
from tests.checks import ids

ALL = "".join(
    f"{{% block {name} %}}{{% endblock %}}"
    for name in ("title", "extra_head", "content", "extra_body")
)


def site(own: str | None, **others: str) -> dict[str, Any]:
    """Settings of a site with templates of its own."""
    templates = {f"{name}.html": text for name, text in others.items()}
    if own is not None:
        templates["django_pwdless/base.html"] = own
    (engine,) = suite.TEMPLATES
    loaders = [
        ("django.template.loaders.locmem.Loader", templates),
        "django.template.loaders.app_directories.Loader",
    ]
    options = {**engine["OPTIONS"], "loaders": loaders}
    return {"TEMPLATES": [{"BACKEND": engine["BACKEND"], "OPTIONS": options}]}


GOOD = [
    ALL,
    f"{{% if x %}}{{% with y=1 %}}{ALL}{{% endwith %}}{{% endif %}}",
    f'{{% extends "site.html" %}}{{% block main %}}{ALL}{{% endblock %}}',
    f'{{% extends "site.html" %}}{{% block main %}}{{{{ block.super }}}}{ALL}{{% endblock %}}',
    '{% extends "all.html" %}{% block main %}{{ block.super }}{% endblock %}',
    '{% extends "django_pwdless/base.html" %}{% block content %}{% endblock %}',
    # Only a request can tell which.
    "{% extends layout %}",
]
BAD = [
    "",
    "<p>Nothing",
    ALL.replace("content", "main"),
    '{% extends "site.html" %}',
    # The layout has no such blocks: what is put there is never shown.
    f'{{% extends "site.html" %}}{ALL}',
    # Their block is replaced.
    '{% extends "all.html" %}{% block main %}{% endblock %}',
]
OTHERS = {
    "site": "{% block main %}{% endblock %}",
    "all": f"{{% block main %}}{ALL}{{% endblock %}}",
}


@pytest.mark.parametrize("own", GOOD)
def test_layout_with_the_four_blocks(own: str) -> None:
    assert ids(**site(own, **OTHERS)) == []


@pytest.mark.parametrize("own", BAD)
def test_layout_without_them(own: str) -> None:
    assert ids(**site(own, **OTHERS)) == ["pwdless.W052"]


def test_layout_that_extends_nothing_there_is() -> None:
    assert ids(**site('{% extends "gone.html" %}')) == ["pwdless.E058"]


def test_templates_that_are_not_found() -> None:
    (engine,) = suite.TEMPLATES
    assert ids(TEMPLATES=[{**engine, "APP_DIRS": False}]) == ["pwdless.E058"]


def test_templates_in_the_second_engine() -> None:
    (engine,) = suite.TEMPLATES
    bare = {**engine, "APP_DIRS": False, "NAME": "bare"}
    assert ids(TEMPLATES=[bare, engine]) == []


def test_layout_that_is_broken_is_left_to_django() -> None:
    assert ids(**site("{% block %}")) == []
