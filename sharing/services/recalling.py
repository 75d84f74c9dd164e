"""Recalling: what was shared by mistake is called back, and answered for by each holder."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from agencies.actors import Actor
from agencies.clock import database_time
from agencies.codes import OPERATING, Role
from agencies.codetable import coded, is_code
from agencies.models import Agency
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from ledger.services import Ref, Tell, record_event
from sharing.holders import Holder, holders_of, knows_case
from sharing.models import Recall, RecallReceipt, Record
from sharing.posts import post_of
from sharing.recalls import given_recalls, open_recall, receipts_for

ERROR = "released_in_error"
LONGEST = 2_000


def begin_recall(actor: Actor, record: Record) -> Recall:
    """Return the recall of a record that is being stopped, and note who has it until then.

    In the caller's transaction, which holds *record*; before anything is taken away.  One that was
    not sent yet is gone on with.
    """
    post = post_of(actor)
    recall = Recall.objects.filter(record_id=record.pk, sent_at__isnull=True).first()
    if recall is None:
        recall = _numbered(
            record_id=record.pk,
            case=record.case_id or record.pk,
            label=record.label,
            owner_id=record.owner_id,
            sensitivity=record.sensitivity,
            reason_code=ERROR,
            stopped_by=post,
        )
        record_event(
            actor,
            "recall.begun",
            recall,
            records=[record.pk],
            concerns=[record.owner_id],
            reason_code=ERROR,
        )
    note_holders(recall, record)
    return recall


@transaction.atomic
def send_recall(actor: Actor, recall_id: UUID, *, due_at: datetime) -> Recall:
    """Call a stopped record back from everybody who has or had it, to be answered by *due_at*.

    Raises NotVisible, Invalid for a time that has passed, and Conflict for one that was sent.
    """
    post = post_of(actor)
    seen = open_recall(actor, recall_id)
    recall = Recall.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    if recall.sent_at is not None:
        raise Conflict("This recall was sent already.", code="state")
    if due_at <= database_time():
        raise Invalid({"due_at": "This time has passed."})
    record = Record.objects.unrestricted("what the actor was found to manage").get(
        pk=recall.record_id
    )
    note_holders(recall, record)
    recall.sent_by, recall.due_at = post, due_at
    recall.sent_at = database_time()
    recall.save(update_fields=["sent_by", "due_at", "sent_at"])
    receipts = list(RecallReceipt.objects.filter(recall=recall))
    record_event(
        actor,
        "recall.sent",
        recall,
        tell=_told(receipts),
        records=[record.pk],
        concerns=[recall.owner_id, *(one.agency_id for one in receipts if one.agency_id)],
        reason_code=recall.reason_code,
        due_at=due_at,
        receipts=len(receipts),
    )
    return recall


@transaction.atomic
def answer_recall(actor: Actor, receipt_id: UUID, *, answer: str, text: str = "") -> RecallReceipt:
    """Say what became of what a receipt asks about; a later answer takes the place of one before.

    The holder answers; for whoever cannot be reached in the portal the owner's people note what
    they were told.  Raises NotVisible, NotAllowed and Invalid.
    """
    post = post_of(actor)
    receipt = _to_answer(actor, receipt_id)
    if not is_code("recall_answers", answer):
        raise Invalid({"answer": "This is not one of the answers."})
    said = text.strip()
    if coded("recall_answers", answer).get("text") == "required" and not said:
        raise Invalid({"text": "Say by which law or order, in which file, or to whom."})
    if len(said) > LONGEST:
        raise Invalid({"text": f"This is longer than {LONGEST:,} characters."})
    if (receipt.answer, receipt.answer_text) == (answer, said):
        return receipt
    receipt.answer, receipt.answer_text = answer, said
    receipt.answered_by, receipt.answered_at = post, database_time()
    receipt.save(update_fields=["answer", "answer_text", "answered_by", "answered_at"])
    recall = receipt.recall
    record_event(
        actor,
        "recall.answered",
        receipt,
        tell=[Tell("recall.answered", recall.sent_by_id, subject=Ref("recall", recall.pk))]
        if recall.sent_by_id
        else [],
        records=[recall.record_id],
        concerns=[one for one in (recall.owner_id, receipt.agency_id) if one],
        answer=answer,
    )
    return receipt


def note_holders(recall: Recall, record: Record) -> None:
    """Write a receipt for each holder and each copy that has none yet."""
    holders = holders_of(record)
    knowing = knows_case(record, [one.agency.pk for one in holders if one.agency])
    for holder in holders:
        agency = holder.agency.pk if holder.agency else None
        posts = None if holder.posts is None else sorted(holder.posts)
        for copy in ["", *holder.copies]:
            receipt, new = RecallReceipt.objects.get_or_create(
                recall=recall,
                agency_id=agency,
                recipient=holder.recipient,
                copy=copy,
                defaults={"holders": posts, "names_case": agency in knowing},
            )
            if not new:
                _widen(receipt, holder)


def _widen(receipt: RecallReceipt, holder: Holder) -> None:
    """Have whoever has it beside those of a receipt be asked too."""
    if receipt.holders is None:
        return
    holder.take_in(receipt.holders)
    receipt.holders = None if holder.posts is None else sorted(holder.posts)
    receipt.save(update_fields=["holders"])


def _told(receipts: list[RecallReceipt]) -> list[Tell]:
    """Return whom a recall is sent to: an agency's readers, or its people and their authority."""
    told: list[Tell] = []
    for one in receipts:
        if one.agency_id and one.holders is None:
            told.append(Tell("recall.sent", one.agency_id))
        elif one.agency_id:
            told.append(Tell("recall.sent", one.agency_id, role=Role.SUPERVISOR))
            told += [Tell("recall.sent", post) for post in one.holders or ()]
    return told


def _to_answer(actor: Actor, receipt_id: UUID) -> RecallReceipt:
    """Return a receipt that the actor may answer, locked."""
    asked = receipts_for(actor).filter(pk=receipt_id).exists()
    receipt = (
        RecallReceipt.objects.select_for_update(of=("self",))
        .select_related("recall")
        .filter(pk=receipt_id, recall__sent_at__isnull=False)
        .first()
    )
    if receipt is None:
        raise NotVisible
    if asked:
        return receipt
    if not given_recalls(actor).filter(pk=receipt.recall_id).exists():
        raise NotVisible
    if (
        receipt.agency_id
        and Agency.objects.filter(pk=receipt.agency_id, status__in=OPERATING).exists()
    ):
        raise NotAllowed("They answer this themselves, in the portal.", code="not_holder")
    return receipt


def _numbered(**values: object) -> Recall:
    """Insert a recall under a random number that is free: numbers in order would tell how many."""
    for _ in range(20):
        try:
            with transaction.atomic():
                recall = Recall(number=f"RC-{secrets.randbelow(900_000) + 100_000}", **values)
                recall.save(force_insert=True)
                recall.refresh_from_db()
                return recall
        except IntegrityError as error:
            if "sharing_recall_number" not in str(error):
                raise
    raise Conflict("No free number was found; try again.")
