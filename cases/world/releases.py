"""The requests and grants of a world file: asked by one person, decided by another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from agencies.actors import acting_as
from agencies.models import Membership
from cases.models import Case
from cases.world.authorities import level, sole_hat
from cases.world.cast import Cast
from cases.world.entries import BrokenWorld, Entry
from sharing.actions import Action
from sharing.models import Grant, Record, ShareRequest, StandingGrant
from sharing.services import (
    acknowledge_grant,
    approve_request,
    ask_by_number,
    ask_for_record,
    attach_record,
    deny_request,
    offer_record,
    offer_standing,
)
from sharing.terms import Terms

TERMS = (
    "level",
    "purpose",
    "reason",
    "for_case",
    "until",
    "items",
    "later",
    "conditions",
    "unmask",
    "export",
)
REASON = "Working the same offenders."


def load_request(cast: Cast, entry: Entry) -> None:
    """Ask or offer as the person named, and decide where the file says how."""
    entry.knows("key", "case", "by", "direction", "to", "agency", "decide", *TERMS)
    case = cast.case(entry, entry.text("case"))
    with entry.blamed():
        request = _asked(cast, entry, case) if _is_ask(entry) else _offered(cast, entry, case)
        cast.remember(entry, request.pk)
        decision = entry.entry("decide")
        if decision is not None:
            decide(cast, decision, request, case)


def _is_ask(entry: Entry) -> bool:
    direction = entry.text("direction", "ask")
    if direction not in ("ask", "offer"):
        raise BrokenWorld(f'{entry.place}: "direction" is ask or offer.')
    return direction == "ask"


def _asked(cast: Cast, entry: Entry, case: Case) -> ShareRequest:
    """Ask for a record the asker knows of, else by number; then its owner's desk finds it."""
    hats = cast.hats.get(entry.text("by"), [])
    outside = [hat for hat in hats if hat.agency_id != case.agency_id]
    asker = outside[0] if outside else cast.hat(entry, entry.text("by"))
    actor, terms = acting_as(asker), terms_of(cast, entry)
    if Record.objects.permitting(actor, Action.KNOW).filter(pk=case.pk).exists():
        return ask_for_record(actor, record_id=case.pk, terms=terms)
    request = ask_by_number(
        actor, agency_id=case.agency_id, own_number=case.own_number or case.number, terms=terms
    )
    desk = cast.desk(case.agency_id)
    return attach_record(acting_as(desk), request.pk, record_id=case.pk) if desk else request


def _offered(cast: Cast, entry: Entry, case: Case) -> ShareRequest:
    return offer_record(
        cast.actor(entry, entry.text("by"), case.agency_id),
        record_id=case.pk,
        roster_id=recipient(cast, entry),
        terms=terms_of(cast, entry),
    )


def decide(cast: Cast, entry: Entry, request: ShareRequest, case: Case) -> None:
    """Approve or deny a request as the entry states."""
    entry.knows("by", "as", "reason_code", "text", *TERMS)
    supervisor = cast.actor(entry, entry.text("by"), case.agency_id)
    how = entry.text("as")
    if how == "deny":
        deny_request(
            supervisor,
            request.pk,
            reason_code=entry.text("reason_code"),
            text=entry.text("text", ""),
        )
    elif how == "approve":
        record = None if request.record_id else case.pk
        approve_request(supervisor, request.pk, record_id=record, **_less(cast, entry))
    else:
        raise BrokenWorld(f'{entry.place}: "as" is approve or deny.')


def _less(cast: Cast, entry: Entry) -> dict[str, Any]:
    """Return what the supervisor changes of the terms."""
    less: dict[str, Any] = {}
    if "level" in entry.values:
        less["level"] = level(entry, entry.text("level"))
    if "until" in entry.values:
        less["until"] = entry.moment("until")
    if "items" in entry.values:
        less["items"] = chosen(cast, entry)
    if "later" in entry.values:
        less["later"] = entry.text("later")
    return {**less, **conditions(entry)}


def load_grant(cast: Cast, entry: Entry) -> None:
    """Have access proposed by one person of the owner and approved by the supervisor named."""
    entry.knows(
        "key",
        "case",
        "standing",
        "from",
        "category",
        "to",
        "agency",
        "by",
        "agreement",
        "acknowledged",
        "contributions",
        *TERMS,
    )
    with entry.blamed():
        standing = entry.flag("standing")
        grant = _standing_grant(cast, entry) if standing else _case_grant(cast, entry)
        cast.remember(entry, grant.pk)
        if entry.flag("acknowledged"):
            _acknowledge(cast, entry, grant)


def _case_grant(cast: Cast, entry: Entry) -> Grant:
    case = cast.case(entry, entry.text("case"))
    supervisor = cast.hat(entry, entry.text("by"), case.agency_id)
    opener = cast.openers[entry.text("case")]
    other = opener.person_id != supervisor.person_id
    asker = opener if other else cast.other_analyst(entry, case.agency_id, supervisor)
    request = offer_record(
        acting_as(asker),
        record_id=case.pk,
        roster_id=recipient(cast, entry),
        terms=terms_of(cast, entry),
    )
    approve_request(acting_as(supervisor), request.pk)
    issued = list(Grant.objects.filter(decision=request))
    return next((grant for grant in issued if grant.record_id == case.pk), issued[0])


def _standing_grant(cast: Cast, entry: Entry) -> StandingGrant:
    owner = cast.agency(entry, entry.text("from"))
    supervisor = cast.hat(entry, entry.text("by"), owner.pk)
    request = offer_standing(
        acting_as(cast.other_analyst(entry, owner.pk, supervisor)),
        roster_id=recipient(cast, entry),
        category=entry.text("category"),
        terms=terms_of(cast, entry),
    )
    approve_request(acting_as(supervisor), request.pk)
    return StandingGrant.objects.get(decision=request)


def _acknowledge(cast: Cast, entry: Entry, grant: Grant | StandingGrant) -> None:
    """Acknowledge as the supervisor of the agency that received it."""
    signer = cast.receiver(entry, grant.roster)
    acknowledge_grant(
        acting_as(signer), grant.pk, contributions=entry.text("contributions", "direct")
    )


def recipient(cast: Cast, entry: Entry) -> UUID:
    """Return the roster that ``to`` names: an agency's, a task force's, or one person's."""
    name = entry.text("to")
    if name in cast.agencies:
        return cast.agencies[name].pk
    if name in cast.task_forces:
        return cast.task_forces[name].pk
    if name not in cast.people:
        raise BrokenWorld(
            f'{entry.place}: there is no agency, task force or person "{name}" in this world.'
        )
    agency = cast.agency(entry, entry.text("agency")) if "agency" in entry.values else None
    hat: Membership = sole_hat(cast, entry, name, agency)
    return hat.pk


def terms_of(cast: Cast, entry: Entry) -> Terms:
    """Return the terms of a request or grant."""
    agreement = entry.text("agreement", None)
    terms = Terms(
        level=level(entry, entry.text("level", "view")),
        purpose=entry.text("purpose", "criminal_justice"),
        reason=entry.text("reason", REASON),
        for_case=entry.text("for_case", ""),
        until=entry.moment("until", "+30d"),
        items=chosen(cast, entry),
        later=entry.text("later", ShareRequest.Later.EXCEPT_PROTECTED),
        agreement_id=cast.agreement(entry, agreement).pk if agreement else None,
    )
    return replace(terms, **conditions(entry))


def conditions(entry: Entry) -> dict[str, Any]:
    """Return the conditions an entry states, by themselves or under ``conditions``."""
    stated = entry.entry("conditions") or Entry(entry.place, {})
    stated.knows("unmask", "export")
    found = {**entry.values, **stated.values}
    both = Entry(entry.place, found)
    return {name: both.flag(name) for name in ("unmask", "export") if name in found}


def chosen(cast: Cast, entry: Entry) -> list[UUID] | None:
    """Return the items an entry names by key; None for all."""
    if entry.get("items", "all") == "all":
        return None
    return [cast.thing(entry, key) for key in entry.texts("items")]
