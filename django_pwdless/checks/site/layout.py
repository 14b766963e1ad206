"""Checks of the layout around the pages: found, and with the blocks that they fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar, cast

from django.core.checks import CheckMessage, Error, Warning
from django.template import Engine, Template, TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates
from django.template.base import Node, VariableNode
from django.template.loader_tags import BlockNode, ExtendsNode

from django_pwdless.checks.settings.values import about

Kind = TypeVar("Kind", bound=Node)

LAYOUT = "django_pwdless/base.html"
BLOCKS = ("title", "extra_head", "content", "extra_body")


@about()
def check_layout() -> Iterator[CheckMessage]:
    """Every page finds its layout, and the layout shows what the page says."""
    try:
        missing = _missing_blocks()
    except TemplateDoesNotExist as error:
        yield Error(
            f"There is no template {error}, so no page can be shown.",
            hint='Write "APP_DIRS": True in TEMPLATES, or correct what your own '
            "django_pwdless/base.html extends.",
            id="pwdless.E058",
        )
        return
    except Exception:  # a template or engine that is broken is Django's to report
        return
    if missing:
        yield Warning(
            f"Your {LAYOUT} does not show these blocks: {', '.join(missing)}. What the pages put "
            "there is lost.",
            hint="Put {% block title %}, extra_head, content and extra_body into it, each inside "
            "a block of the layout that it extends.",
            id="pwdless.W052",
        )


def _missing_blocks() -> list[str]:
    django_engines = [each.engine for each in engines.all() if isinstance(each, DjangoTemplates)]
    if not django_engines:
        return []
    chain = _chain(*_find(django_engines))
    if chain is None:
        return []
    shown = _shown_blocks(chain)
    return [name for name in BLOCKS if name not in shown]


def _find(django_engines: Iterable[Engine]) -> tuple[Engine, Template]:
    for engine in django_engines:
        try:
            return engine, engine.get_template(LAYOUT)
        except TemplateDoesNotExist as error:
            if error.args != (LAYOUT,):
                raise
    raise TemplateDoesNotExist(LAYOUT)


def _chain(engine: Engine, template: Template) -> list[Template] | None:
    """Return the template and all that it extends; None where only a request can tell."""
    chain, origins = [template], [template.origin]
    while extends := _nodes_of(template, ExtendsNode):
        parent: Any = extends[0].parent_name
        name = parent.var
        if not isinstance(name, str):
            return None
        template, _origin = engine.find_template(name, skip=origins)
        chain.append(template)
        origins.append(template.origin)
    return chain


def _shown_blocks(chain: list[Template]) -> set[str]:
    """Return the names of the blocks that are shown: those outside of any block of the last
    template, and those inside of what is shown in their place.
    """
    versions: dict[str, list[BlockNode]] = {}
    for template in chain:
        for block in _nodes_of(template, BlockNode):
            versions.setdefault(block.name, []).append(block)
    shown: set[str] = set()
    waiting = list(_outermost(chain[-1].nodelist))
    while waiting:
        name = waiting.pop()
        if name in shown:
            continue
        shown.add(name)
        for version in versions[name]:
            waiting += _outermost(version.nodelist)
            if not _shows_parent(version):
                break
    return shown


def _outermost(nodes: Iterable[Node]) -> Iterator[str]:
    """Yield the names of blocks that are in no other block here."""
    for node in nodes:
        if isinstance(node, BlockNode):
            yield node.name
        else:
            for name in node.child_nodelists:
                yield from _outermost(getattr(node, name, None) or ())


def _shows_parent(block: BlockNode) -> bool:
    values = _nodes_of(block, VariableNode)
    return any(str(value.filter_expression.token).startswith("block.super") for value in values)


def _nodes_of(parent: Template | BlockNode, kind: type[Kind]) -> list[Kind]:
    return cast(list[Kind], parent.nodelist.get_nodes_by_type(kind))
