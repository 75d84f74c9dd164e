"""The answer as a file, CSV or PDF: made as it is on the page, and itself on the ledger."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from agencies.actors import Actor
from agencies.models import Membership
from ledger.completeness import Completeness, completeness
from ledger.services import Ref, record_event
from sharing.audit.answer import Section, readers_of_case, sections, weak_reasons
from sharing.audit.entries import Entry
from sharing.audit.question import ASKING_ROLES, Question
from sharing.disclosure import LedgerUnavailable
from sharing.posts import post_of

MOST = {"csv": 10_000, "pdf": 500}
"""Lines of each section that a file holds; it says so where there are more."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    *("section", "entry", "time_utc", "what", "person", "email", "role", "agency", "on_behalf_of"),
    *("on_what", "to", "level", "purpose", "their_case", "reason", "weak_reason", "request"),
    *("approved_by", "agreement", "basis_derived", "copy"),
)


@dataclass(frozen=True)
class Answer:
    """All that a file says, read in one transaction with the event of its making."""

    question: Question
    sections: list[Section]
    readers: list[Any]
    weak: int
    sealed: Completeness
    made_by: Membership
    made_at: datetime


def take_answer(actor: Actor, question: Question, *, kind: str) -> Answer:
    """Return the answer for a file of *kind*, whose making is on the ledger when this returns."""
    try:
        with transaction.atomic(durable=True):
            post = post_of(actor, *ASKING_ROLES)
            found = sections(question, most=MOST[kind])
            event = record_event(
                actor,
                "log.exported",
                Ref("case", question.case.pk),
                records=[question.case.pk],
                concerns=[one for one in (actor.agency_id,) if one],
                format=kind,
                lines=sum(len(part.entries) for part in found),
                since=question.since,
                until=question.until,
            )
            event.refresh_from_db(fields=["at"])
            return Answer(
                question=question,
                sections=found,
                readers=readers_of_case(question),
                weak=weak_reasons(question),
                sealed=completeness(),
                made_by=post,
                made_at=event.at,
            )
    except DatabaseError:
        raise LedgerUnavailable from None


def as_csv(answer: Answer) -> str:
    """Return the lines as CSV with times in UTC, what they are complete to at the end; no cell is
    a formula.
    """
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for part in answer.sections:
        rows.writerows([part.key, *map(safe, cells(entry))] for entry in part.entries)
    rows.writerow([])
    rows.writerows([safe(cell) for cell in line] for line in _about(answer))
    return out.getvalue()


def cells(entry: Entry) -> list[str]:
    """Return the cells of a line behind its section."""
    line = entry.line
    email = line.person["email"] if line.person else ""
    return [
        *(str(line.seq), utc(line.at), entry.what, entry.who, email, entry.role, entry.agency),
        *(
            entry.on_behalf_of,
            entry.on_what,
            entry.to,
            entry.level,
            entry.use,
            entry.for_case,
            entry.reason,
        ),
        *("yes" if entry.weak else "", entry.request, entry.approved_by, entry.agreement),
        *("yes" if entry.derived else "", entry.copy),
    ]


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def utc(at: datetime | None) -> str:
    """Return a moment in UTC; nothing for an open end."""
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""


def _about(answer: Answer) -> Iterator[tuple[str, ...]]:
    question, sealed = answer.question, answer.sealed
    yield ("case", question.number)
    yield ("from_utc", utc(question.since))
    yield ("to_utc", utc(question.until))
    yield ("made_by", f"{answer.made_by.person.name}, {answer.made_by.agency.name}")
    yield ("made_at_utc", utc(answer.made_at))
    yield ("complete_to_entry", str(sealed.entry))
    yield ("sealed_at_utc", utc(sealed.sealed_at))
    yield ("batch_root", sealed.root)
    yield ("weak_reasons", str(answer.weak))
    for part in answer.sections:
        yield (f"left_out_of_{part.key}", "older lines" if part.more else "nothing")


def for_paper(answer: Answer) -> dict[str, Any]:
    """Return what the template of the answer is filled with; times in the zone in force."""
    question, sealed = answer.question, answer.sealed
    return {
        "number": question.number,
        "agency": answer.made_by.agency.name,
        "period": period_in_words(question),
        "made": f"{answer.made_by.person.name}, {moment(answer.made_at)}",
        "sealed": sealed_in_words(sealed),
        "weak": answer.weak,
        "readers": [
            {
                "who": f"{one.person}, {one.agency}",
                "counts": ", ".join(f"{what} {times}" for what, times in one.counts),
                "span": f"{moment(one.first)} to {moment(one.last)}",
            }
            for one in answer.readers
        ],
        "sections": [
            {
                "title": part.title,
                "nothing": part.nothing,
                "more": len(part.entries) if part.more else 0,
                "lines": [_line(entry) for entry in part.entries],
            }
            for part in answer.sections
        ],
    }


def _line(entry: Entry) -> list[str]:
    on_behalf = f"for {entry.on_behalf_of}" if entry.on_behalf_of else ""
    leave = [entry.request, entry.approved_by and f"approved by {entry.approved_by}"]
    leave.append(entry.agreement and f"agreement {entry.agreement}")
    return [
        f"{entry.line.seq}\n{moment(entry.line.at)}",
        _said(entry.who, entry.role, entry.agency, on_behalf),
        _said(entry.what, entry.on_what, entry.to and f"To {entry.to}", entry.level, entry.copy),
        _said(entry.use, entry.for_case, entry.reason, "Weak reason" if entry.weak else ""),
        _said(*leave, "as released then" if entry.derived else ""),
    ]


def _said(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def moment(at: datetime) -> str:
    """Return a moment in the zone in force, with that zone's name."""
    local = timezone.localtime(at)
    return f"{local.day} {local:%b %Y, %H:%M %Z}"


def period_in_words(question: Question) -> str:
    """Return the period as it was asked, in the zone in force."""
    since = f"from {moment(question.since)}" if question.since else "from the beginning"
    until = f"up to {moment(question.until)}" if question.until else "until now"
    return f"{since} {until}"


def sealed_in_words(sealed: Completeness) -> str:
    """Return what the answer is complete to."""
    if sealed.sealed_at is None:
        return "Nothing is sealed yet."
    return (
        f"Complete to entry {sealed.entry}, sealed {moment(sealed.sealed_at)},"
        f" batch {sealed.batch}, root {sealed.short_root}."
    )
