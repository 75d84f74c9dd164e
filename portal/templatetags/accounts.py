"""What a page about a person offers to do to their account."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from agencies.account_acts import offered
from agencies.models import Person

register = template.Library()


@register.simple_tag(takes_context=True)
def account_acts(context: Any, person: Person) -> SafeString:
    """Return a link for each thing that the reader may do, which leads back to this page."""
    request = context["request"]
    back = urlencode({"next": request.path})
    links = (
        (f"{reverse(offer.name, args=[person.pk])}?{back}", offer.label)
        for offer in offered(request.actor, person)
    )
    shown = '<a class="usa-button usa-button--outline" href="{}">{}</a> '
    return format_html_join("", shown, links)
