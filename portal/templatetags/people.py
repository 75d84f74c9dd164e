"""How screens say where people stand."""

from __future__ import annotations

from django import template

from agencies.tenure import Tenure

register = template.Library()


@register.filter
def tenure(code: str) -> Tenure:
    """Return the state of a post that a code names."""
    return Tenure(code)
