"""Lines of the answer: the log's own, with the reason that was typed and what it rested on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from agencies.codes import Level, Role
from agencies.codetable import label
from ledger.models import Event
from sharing.audit.accesses_then import accesses_then
from sharing.audit.given_to import given_to
from sharing.audit.question import Question
from sharing.audit.weakness import LISTED, is_weak
from sharing.history import own_records
from sharing.history_lines import Line, lines_of
from sharing.holdings import AnyGrant
from sharing.models import Record, ShareRequest

WHAT = {
    LISTED: "Listed",
    "record.opened": "Opened",
    "record.printed": "Printed",
    "record.exported": "Exported",
    "record.told": "Told outside the portal",
    "record.refused": "Tried to open it",
    "record.recalled": "Recalled",
    "grant.acknowledged": "Acknowledged",
    "grant.revoked": "Access stopped",
    "copy.voided": "Copy void",
    "recall.begun": "Stopped as shared by mistake",
    "recall.sent": "Recall sent",
    "recall.acknowledged": "Recall acknowledged",
    "recall.answered": "Recall answered",
    "recall.closed": "Recall closed",
}
"""What screens and papers say for what somebody did."""


@dataclass(frozen=True)
class Entry:
    """One line: who, as what, did what to what, for what, and by whose leave."""

    line: Line
    reason: str
    on_behalf_of: str
    to: str
    request: str
    approved_by: str
    agreement: str
    derived: bool
    weak: bool
    purpose: str
    for_case: str

    @property
    def what(self) -> str:
        """Return what was done, in words."""
        kind = self.line.kind
        return WHAT.get(kind) or kind.replace("_", " ").replace(".", " ").capitalize()

    @property
    def who(self) -> str:
        """Return who did it."""
        return self.line.person["name"] if self.line.person else "The portal"

    @property
    def agency(self) -> str:
        """Return for which agency."""
        return self.line.agency["name"] if self.line.agency else ""

    @property
    def role(self) -> str:
        """Return in which roles."""
        return ", ".join(str(Role(role).label) for role in self.line.acting_as)

    @property
    def level(self) -> str:
        """Return the level then in force; empty where the line names none, as lists do."""
        return str(Level[self.line.level.upper()].label) if self.line.level else ""

    @property
    def use(self) -> str:
        """Return the purpose, in words."""
        return label("purposes", self.purpose) if self.purpose else ""

    @property
    def on_what(self) -> str:
        """Return which parts of the case, by generated label; the case itself as such."""
        names = [record["label"] or record["kind"].capitalize() for record in self.line.records]
        return ", ".join(dict.fromkeys(names))

    @property
    def copy(self) -> str:
        """Return the number of the copy or file that left the portal, if one did."""
        return str(self.line.facts.get("copy", ""))


def entries_of(question: Question, events: Iterable[Event]) -> list[Entry]:
    """Return *events* of the answer as lines, named in bulk."""
    events = list(events)
    asked = set(question.records)

    def shown(ids: Iterable[UUID]) -> Sequence[Record]:
        named = own_records(question.actor).filter(pk__in=asked & set(ids))
        return list(named.select_related("owner"))

    requests = ShareRequest.objects.in_bulk(
        {UUID(str(event.basis["request"])) for event in events if event.basis.get("request")}
    )
    then = accesses_then(question, events)
    to = given_to(events)
    lines = lines_of(events, shown=shown)
    return [
        _entry(
            line,
            _decision(event, requests),
            then.get(event.seq),
            to=to.get(event.target, "") if event.target else "",
            outside=question.reads(event),
        )
        for event, line in zip(events, lines, strict=True)
    ]


def _decision(event: Event, requests: dict[UUID, ShareRequest]) -> ShareRequest | None:
    key = event.basis.get("request")
    return requests.get(UUID(str(key))) if key else None


def _entry(
    line: Line,
    request: ShareRequest | None,
    then: AnyGrant | None,
    *,
    to: str,
    outside: bool,
) -> Entry:
    decision = then.decision if then else request
    own_reason = request.reason if request else ""
    agreement = line.basis.get("agreement", {})
    version = agreement.get("version")
    number = then.agreement.number if then else agreement.get("number", "")
    for_case = line.for_case or (then.decision.for_case if then else "")
    return Entry(
        line=line,
        reason=decision.reason if decision else "",
        on_behalf_of=decision.on_behalf_of if decision else "",
        to=to,
        request=decision.number if decision else "",
        approved_by=(
            then.issued_by.person.name if then else str(line.basis.get("approved_by", ""))
        ),
        agreement=f"{number} v{version}" if version else number,
        derived=then is not None,
        weak=outside and is_weak(line.kind, for_case=line.for_case, reason=own_reason),
        purpose=line.purpose or (then.purpose if then else ""),
        for_case=for_case,
    )
