"""``{% url %}`` for names alone, worked out once: a page holds twenty such addresses.

Whatever takes arguments, or is put into a variable, is left to Django's own tag.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context
from django.template.defaulttags import url as its_own
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

register = template.Library()


class NamedAddress(template.Node):
    """The address of a view that takes no arguments."""

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, context: Context) -> SafeString:
        """Return the address as a page holds it."""
        return _address(self.name, get_urlconf(settings.ROOT_URLCONF), get_script_prefix())


@register.tag
def url(parser: Parser, token: Token) -> template.Node:
    """Return Django's node for an address, or the quicker one where only a name is given."""
    node: Any = its_own(parser, token)
    name = _constant(node.view_name)
    if name is None or ":" in name or node.args or node.kwargs or node.asvar:
        return node  # type: ignore[no-any-return]
    return NamedAddress(name)


def _constant(expression: FilterExpression) -> str | None:
    said = expression.var
    return str(said) if isinstance(said, str) and not expression.filters else None


@lru_cache(maxsize=512)
def _address(name: str, urlconf: str | None, prefix: str) -> SafeString:
    return conditional_escape(reverse(name, urlconf=urlconf))
