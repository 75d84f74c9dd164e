"""When an access review is due, and what is handed out as its evidence."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime
from io import StringIO

from agencies.cells import safe
from agencies.codes import Role, Sensitivity
from agencies.figures import REVIEWED_EVERY
from agencies.models import AccessReview, Agency, ReviewedPost

TITLES = (
    *("Agency", "Person", "E-mail", "Roles", "Reads up to", "Last seen"),
    *("Answer", "Answered by", "Answered at"),
)


def review_due(agency: Agency) -> datetime:
    """Return when an agency's next review is due: a year after the last, or after it came."""
    last = AccessReview.objects.filter(agency=agency, closed_at__isnull=False)
    closed = last.order_by("-closed_at").values_list("closed_at", flat=True).first()
    begun = closed or agency.created_at
    return begun + REVIEWED_EVERY


def evidence_file(review: AccessReview, rows: Iterable[ReviewedPost]) -> bytes:
    """Return a review as UTF-8 with its mark, no cell of which a spreadsheet runs."""
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(TITLES)
    writer.writerows([safe(cell) for cell in _cells(review, row)] for row in rows)
    begun = f"Begun {review.begun_at.isoformat(timespec='minutes')}"
    closed = review.closed_at.isoformat(timespec="minutes") if review.closed_at else "not closed"
    writer.writerows([[begun], [f"Closed {closed}"]])
    return text.getvalue().encode("utf-8-sig")


def _cells(review: AccessReview, row: ReviewedPost) -> list[str]:
    person = row.membership.person
    return [
        review.agency.name,
        person.name,
        person.email,
        ", ".join(Role(role).label for role in row.roles),
        Sensitivity(row.ceiling).label,
        _moment(row.last_seen_at),
        row.get_answer_display() if row.answer else "",
        row.answered_by.name if row.answered_by else "",
        _moment(row.answered_at),
    ]


def _moment(value: datetime | None) -> str:
    return value.isoformat(timespec="minutes") if value else ""
