"""The directory as anybody may look through it, without signing in.

What is given out is what directories of ORIs publish: number, name, county and state.  An agency
that no directory lists is not given out, so that being found here never says that it is on board;
and what is found, and how fast, does not depend on where an agency stands.
"""

from __future__ import annotations

from django.core.cache import cache
from django.db.models import Q

from agencies.models import Agency
from agencies.onboarding.figures import LOOKUPS_PER_ADDRESS
from agencies.onboarding.links import digest_of

MOST = 20
SHORTEST = 3
MINUTE = 60


def listed_agencies(text: str) -> list[Agency]:
    """Return at most 20 entries whose name and place, or ORI, hold every word of *text*."""
    words = text.split()
    if len("".join(words)) < SHORTEST:
        return []
    found = Agency.objects.filter(ori__isnull=False).exclude(state="")
    for word in words:
        found = found.filter(
            Q(name__icontains=word)
            | Q(ori__istartswith=word)
            | Q(county__icontains=word)
            | Q(state__icontains=word)
        )
    shown = found.only("ori", "name", "kind", "county", "state")
    return list(shown.order_by("name", "pk")[:MOST])


def listed_agency(ori: str) -> Agency | None:
    """Return the entry of that ORI, if a directory lists it."""
    return Agency.objects.filter(ori__iexact=ori.strip()).exclude(state="").first()


def looks_too_often(address: str) -> bool:
    """Count one look-up of a network address; return whether that is too many in a minute."""
    key = f"directory-lookup:{digest_of(address)}"
    cache.add(key, 0, timeout=MINUTE)
    try:
        return cache.incr(key) > LOOKUPS_PER_ADDRESS
    except ValueError:
        return False
