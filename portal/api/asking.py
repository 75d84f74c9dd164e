"""A request as a program sends it, in the words of the service that takes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from agencies.actors import Actor
from portal.api.recipients import roster_named
from portal.api.shapes.agencies import agency_id
from sharing.models import ShareRequest
from sharing.services import ask_by_number, ask_for_record, offer_record, offer_standing
from sharing.terms import Terms

TERMS = [
    "level",
    "purpose",
    "reason",
    "until",
    "for_case",
    "on_behalf_of",
    "needed_by",
    "contact_phone",
    "items",
    "later",
]


def send_request(actor: Actor, said: dict[str, Any]) -> UUID:
    """Return the id of the request that *said* makes."""
    terms = Terms(**{name: said[name] for name in TERMS}, **said.get("conditions", {}))
    send = _ask if said["direction"] == "ask" else _offer
    return UUID(str(send(actor, said, terms).pk))


def _ask(actor: Actor, said: dict[str, Any], terms: Terms) -> ShareRequest:
    if "record" in said:
        return ask_for_record(actor, record_id=said["record"], terms=terms)
    return ask_by_number(
        actor,
        agency_id=agency_id("agency", said["agency"]),
        own_number=said["own_number"],
        description=said["description"],
        terms=terms,
    )


def _offer(actor: Actor, said: dict[str, Any], terms: Terms) -> ShareRequest:
    roster = roster_named(said["to"])
    if "record" in said:
        return offer_record(actor, record_id=said["record"], roster_id=roster, terms=terms)
    return offer_standing(actor, roster_id=roster, category=said["category"], terms=terms)
