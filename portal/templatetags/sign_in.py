"""What whoever signs in is told before they do (CJISSECPOL 6.0 AC-8)."""

from __future__ import annotations

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def sign_in_notice() -> list[str]:
    """Return the paragraphs of the notice, which signing in agrees to."""
    parts = settings.SIGN_IN_NOTICE.split("\n\n")
    return [part.strip() for part in parts if part.strip()]


@register.simple_tag
def confirmed_minutes() -> int:
    """Return for how many minutes showing again who one is holds."""
    return int(settings.REAUTHENTICATION_SECONDS) // 60
