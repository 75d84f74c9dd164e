"""What pages tell the script that keeps drafts."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agencies.drafts import draft_key, draft_owner, saved_drafts

register = template.Library()


@register.simple_tag(takes_context=True)
def drafts(context: Any) -> SafeString | str:
    """Return whose drafts may be forgotten on this page, and which forms were saved."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    if actor is None:
        return ""
    owner = format_html('<meta name="draft-owner" content="{}">', draft_owner(actor))
    saved = ((address,) for address in saved_drafts(request))
    return owner + format_html_join("", '<meta name="draft-saved" content="{}">', saved)


@register.simple_tag(takes_context=True)
def draft(context: Any) -> SafeString | str:
    """Return the attribute that has what is typed in a form kept, for the post acted under."""
    actor = getattr(context.get("request"), "actor", None)
    if actor is None or actor.membership_id is None:
        return ""
    return format_html('data-draft="{}"', draft_key(actor))
