"""What the page “Shared by mistake” shows of its five steps."""

from __future__ import annotations

from typing import Any

from agencies.actors import Actor
from agencies.codes import OPERATING
from cases.elsewhere import places_of_name
from cases.models import Case
from sharing.actions import Action
from sharing.boxes import visible_requests
from sharing.forms import AnswerForm, SendForm
from sharing.holders import grouped, hand_overs_of, holders_of
from sharing.models import IncidentNote, Recall, RecallReceipt, Record
from sharing.recalls import waiting_for
from sharing.transitions import WAITING


def steps(actor: Actor, record: Record) -> dict[str, Any]:
    """Return how each step stands for a record of the actor's own agency."""
    recall = (
        Recall.objects.select_related("stopped_by__person", "sent_by__person")
        .filter(record_id=record.pk)
        .order_by("-stopped_at")
        .first()
    )
    holders = holders_of(record)
    is_item = record.kind == Record.Kind.ITEM
    return {
        "record": record,
        "case": _case_of(actor, record),
        "name": record.label or record.title,
        "is_item": is_item,
        "recall": recall,
        "holders": holders,
        "totals": grouped(holders),
        "told": hand_overs_of(record),
        "pending": visible_requests(actor).filter(
            record_id__in=[record.pk, record.case_id or record.pk], state__in=WAITING
        ),
        "places": places_of_name(actor, record) if is_item else [],
        **_of_recall(recall),
    }


def _case_of(actor: Actor, record: Record) -> Case | None:
    cases = Case.objects.permitting(actor, Action.KNOW)
    return cases.filter(pk=record.case_id or record.pk).first()


def _of_recall(recall: Recall | None) -> dict[str, Any]:
    if recall is None:
        return {"receipts": [], "incident": None, "waiting": 0}
    receipts = list(
        recall.receipts.select_related("agency", "answered_by__person").order_by(
            "agency__name", "recipient", "copy"
        )
    )
    return {
        "receipts": receipts,
        "unreachable": [
            {"receipt": one, "form": AnswerForm(prefix=str(one.pk)[:8])}
            for one in receipts
            if recall.sent_at and not one.answer and _is_out_of_reach(one)
        ],
        "waiting": waiting_for(receipts),
        "send_form": SendForm(),
        "incident": IncidentNote.objects.filter(recall=recall).first(),
    }


def _is_out_of_reach(receipt: RecallReceipt) -> bool:
    """Return whether nobody can answer a receipt in the portal."""
    return receipt.agency is None or receipt.agency.status not in OPERATING
