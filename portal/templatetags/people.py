"""How screens say where people stand."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse

from agencies.tenure import Tenure

register = template.Library()


@register.filter
def tenure(code: str) -> Tenure:
    """Return the state of a post that a code names."""
    return Tenure(code)


@register.simple_tag
def optional_url(name: str, *args: Any) -> str:
    """Return an address, or nothing where the portal has none of that name."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
