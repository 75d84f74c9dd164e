"""A word with its meaning beside it, on hover, on focus, and to whoever listens."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.glossary import is_term, meaning

register = template.Library()

SHOWN = (
    '<span class="term"><button class="term__word" type="button" aria-describedby="term-{}">{}'
    '</button><span class="term__means" role="tooltip" id="term-{}">{}</span></span>'
)


@register.simple_tag(takes_context=True)
def term(context: template.Context, word: str, shown: str = "") -> SafeString:
    """Return a word, *shown* in the page's own form, with what the glossary says it means."""
    number = _next_number(context)
    return format_html(SHOWN, number, shown or word, number, meaning(word))


@register.simple_tag(takes_context=True)
def term_if_known(context: template.Context, word: str) -> SafeString | str:
    """Return a word from a table of codes, with its meaning where the glossary has it."""
    return term(context, word) if is_term(str(word)) else word


@register.simple_tag(takes_context=True)
def first_term(context: template.Context, word: str, shown: str = "") -> SafeString | str:
    """Return a word with its meaning where the page says it first; as it is from then on."""
    said: set[str] = context["request"].__dict__.setdefault("terms_said", set())
    known, new = is_term(str(word)), str(word).lower() not in said
    said.add(str(word).lower())
    return term(context, word, shown) if known and new else shown or word


def _next_number(context: template.Context) -> int:
    """Return a number that no other term of the page has: ids are used once."""
    request: Any = context.get("request")
    number = getattr(request, "terms_shown", 0) + 1
    if request is not None:
        request.terms_shown = number
    return number
