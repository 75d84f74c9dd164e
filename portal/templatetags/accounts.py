"""What a page about a person offers to do to their account."""

from __future__ import annotations

from typing import Any

from django import template

from agencies.account_acts import Offer, offered
from agencies.models import Person

register = template.Library()


@register.simple_tag(takes_context=True)
def account_offers(context: Any, person: Person) -> list[Offer]:
    """Return what the reader may do to the account of *person*, each with its page."""
    return offered(context["request"].actor, person)
