"""Generated labels: what a masked item is called, numbered by case, contributor and role."""

from __future__ import annotations

from uuid import UUID

from cases.models import Case
from sharing.shapes import Shape

COUNTING: Shape[Case] = Shape(
    lambda case: (
        Case.objects.unrestricted("labels are counted beside the case")
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=case)
    ),
    case=UUID,
)


def next_label(case_id: UUID, contributor: UUID, stem: str) -> str:
    """Return the next label of a stem, such as "Victim 2"; none is ever given twice.

    Each contributor counts for itself, so that nobody's numbers show a gap where another's are.
    """
    (case,) = COUNTING.rows(case=case_id)
    counter = f"{contributor}:{stem}"
    number = case.labels.get(counter, 0) + 1
    case.labels[counter] = number
    case.save(update_fields=["labels"])
    return f"{stem} {number}"
