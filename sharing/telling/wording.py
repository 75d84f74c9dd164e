"""What a notification says, made when it is read from what its reader may see then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from agencies.actors import Actor
from agencies.codes import Role
from agencies.codetable import label
from agencies.models import Agency
from agencies.text_direction import isolated
from sharing.boxes import record_shown, visible_requests
from sharing.models import (
    Grant,
    IncidentNote,
    Notification,
    Recall,
    Record,
    ShareRequest,
    StandingGrant,
)
from sharing.naming import Name, names_of
from sharing.telling.accounts import KINDS, Accounts, account_page, accounts_of
from sharing.telling.kinds import GRANT, INCIDENT, RECALL, REQUEST, STANDING

SENTENCES = {
    "request.received": "{number}: {asker} asks for a decision about {case}.",
    "request.question": "{number}: {owner} has a question about your request.",
    "request.answered": "{number}: your question was answered.",
    "request.approved": "{number} was approved.",
    "request.denied": "{number} was not approved: {reason}.",
    "request.withdrawn": "{number} was withdrawn by who asked.",
    "request.lapsed": "{number} lapsed: nobody decided in time.",
    "grant.issued": "{owner} shared {case}, until {until}.",
    "grant.acknowledge_needed": "{owner} shared {case}; your acknowledgement is needed.",
    "grant.acknowledged": "{number}: your release of {case} was acknowledged.",
    "grant.narrowed": "{owner} now shares less of {case}.",
    "grant.revoked": "Recall: the access under {number} from {owner} has ended. Stop using it. "
    "Reason: {reason}.",
    "grant.expiring": "The access to {case} under {number} ends on {until}.",
    "grant.expired": "The access under {number} from {owner} has ended.",
    "record.contributed": "{owner} added to {case}.",
    "record.recalled": "Recall: stop using an item that {owner} shared with you.",
    "record.protected_waiting": "{case}: a protected item waits for its release.",
    "recall.sent": "Recall {recall} from {owner}: stop using it, and say what became of it.",
    "recall.answered": "Recall {recall}: one who had it has answered.",
    "incident.noted": "An incident note was written about recall {recall}.",
}

OF_STANDING = {
    "grant.issued": "{owner} opened its {category} to you, until {until}.",
    "grant.acknowledge_needed": "{owner} opened its {category}; your acknowledgement is needed.",
    "grant.acknowledged": "{number}: the access to {category} was acknowledged.",
    "grant.expiring": "The access to {category} of {owner} under {number} ends on {until}.",
    "grant.expired": "The access to {category} of {owner} under {number} has ended.",
}
"""What is said otherwise of access to a whole category than of access to one case."""

WHY = {
    Role.SUPERVISOR: "You get this because you hold release authority for {agency}.",
    Role.LIAISON: "You get this because you are at the duty desk of {agency}.",
    Role.COORDINATOR: "You get this because you run the people of {agency}.",
    "agency": "You get this because you act for {agency}, which it concerns.",
    "task_force": "You get this because you serve on a task force that it concerns.",
    "person": "You get this because it is about what you asked for or were given.",
}


@dataclass(frozen=True)
class Told:
    """A notification in words, and why its reader got it; *url* leads to what it is about.

    ``case`` names the case that it belongs to, as far as its reader may know it.
    """

    text: str
    why: str
    url: str = ""
    case: Name | None = None


@dataclass(frozen=True)
class _Known:
    names: Mapping[UUID, Name]
    requests: Mapping[UUID, ShareRequest]
    about: Mapping[UUID, UUID | None]
    grants: Mapping[UUID, Grant | StandingGrant]
    records: Mapping[UUID, Record]
    agencies: Mapping[UUID, Agency]
    recalls: Mapping[UUID, Recall]
    accounts: Accounts


def describe(actor: Actor, notification: Notification) -> Told:
    """Return what *notification* says to *actor* now."""
    return describe_all(actor, [notification])[0]


def describe_all(actor: Actor, notifications: Sequence[Notification]) -> list[Told]:
    """Return what each of *notifications* says to *actor* now, in a constant number of queries."""
    known = _known(actor, notifications)
    agency = known.agencies.get(actor.agency_id) if actor.agency_id else None
    return [_told(notice, known, agency.name if agency else "") for notice in notifications]


def why_of(why: str, agency: str) -> str:
    """Return why somebody acting for *agency* is told, in a sentence."""
    return WHY.get(why, WHY["agency"]).format(agency=isolated(agency))


def _known(actor: Actor, notices: Sequence[Notification]) -> _Known:
    requests = visible_requests(actor).select_related("owner", "requested_by__agency")
    grants = _grants(notices)
    held = Record.objects.unrestricted("whose recall it is; the record itself is not named")
    records = held.only("id", "owner_id").in_bulk({n.record for n in notices if n.record})
    asked = requests.in_bulk(_subjects(notices, REQUEST))
    about = {key: record_shown(actor, request) for key, request in asked.items()}
    named = [*(n.record for n in notices), *about.values()]
    owners = {one.owner_id for one in records.values()} | {_owner_of(g) for g in grants.values()}
    return _Known(
        names=names_of(actor, named),
        requests=asked,
        about=about,
        grants=grants,
        records=records,
        agencies=Agency.objects.in_bulk({*owners, *([actor.agency_id] if actor.agency_id else [])}),
        recalls=_recalls(notices),
        accounts=accounts_of(notices),
    )


def _subjects(notices: Iterable[Notification], kind: str) -> set[UUID]:
    return {notice.subject for notice in notices if notice.subject_kind == kind}


def _grants(notices: Sequence[Notification]) -> dict[UUID, Grant | StandingGrant]:
    found: dict[UUID, Grant | StandingGrant] = {}
    for model, kind in ((Grant, GRANT), (StandingGrant, STANDING)):
        keys = _subjects(notices, kind)
        if keys:
            found.update(model.objects.select_related("decision").in_bulk(keys))
    return found


def _recalls(notices: Sequence[Notification]) -> dict[UUID, Recall]:
    """Return the recalls that notices are about, themselves or by their incident notes."""
    keys, noted = _subjects(notices, RECALL), _subjects(notices, INCIDENT)
    found = Recall.objects.select_related("owner").in_bulk(keys) if keys else {}
    notes = IncidentNote.objects.select_related("recall__owner").filter(pk__in=noted)
    return found | {note.pk: note.recall for note in notes if noted}


def _owner_of(grant: Grant | StandingGrant) -> UUID:
    return grant.owner_id if isinstance(grant, StandingGrant) else grant.owner


def _told(notice: Notification, known: _Known, agency: str) -> Told:
    if notice.kind in KINDS:
        why = why_of(notice.why, agency)
        return Told(text=known.accounts.text(notice), why=why, url=account_page(notice))
    request = known.requests.get(notice.subject)
    grant = known.grants.get(notice.subject)
    record = notice.record or known.about.get(notice.subject)
    name = known.names.get(record) if record else None
    words = {**_of_request(request), **_of_grant(grant, known), "case": _case(name)}
    held = known.records.get(notice.record) if notice.record else None
    if held is not None and grant is None:
        words["owner"] = isolated(known.agencies[held.owner_id].name)
    recall = known.recalls.get(notice.subject)
    if recall is not None:
        words |= {"recall": recall.number, "owner": isolated(recall.owner.name)}
    sentence = _sentence(notice).format_map({**BLANKS, **words})
    url = f"/requests/{request.pk}/" if request else (name.url if name else "")
    if recall is not None:
        url = f"/{'recalls' if notice.subject_kind == RECALL else 'incidents'}/{notice.subject}/"
    return Told(text=sentence, why=why_of(notice.why, agency), url=url, case=name)


def _sentence(notice: Notification) -> str:
    usual = SENTENCES[notice.kind]
    return OF_STANDING.get(notice.kind, usual) if notice.subject_kind == STANDING else usual


BLANKS: Mapping[str, Any] = {
    "number": "A request",
    "asker": "Another agency",
    "owner": "The owning agency",
    "reason": "not said",
    "until": "its end",
    "category": "records",
    "recall": "of something",
}


def _case(name: Name | None) -> str:
    """Return what the reader may call the case."""
    return name.number if name else "a case"


def _of_request(request: ShareRequest | None) -> dict[str, str]:
    if request is None:
        return {}
    post = request.requested_by
    words = {"number": request.number, "owner": isolated(request.owner.name)}
    if post is not None:
        words["asker"] = isolated(post.agency.name)
    if request.reason_code:
        words["reason"] = label("denial_reasons", request.reason_code)
    return words


def _of_grant(grant: Grant | StandingGrant | None, known: _Known) -> dict[str, str]:
    if grant is None:
        return {}
    owner = known.agencies.get(_owner_of(grant))
    end = timezone.localtime(grant.until)
    words = {
        "number": grant.decision.number,
        "until": f"{end.day} {end:%b %Y}",
        "owner": isolated(owner.name) if owner else "",
    }
    if isinstance(grant, StandingGrant):
        words["category"] = f"listed {label('categories', grant.category).lower()}"
    if grant.revoke_reason:
        words["reason"] = label("revoke_reasons", grant.revoke_reason)
    return words
