"""Sharing requests: an ask for access to a record, or a proposal to give it."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from agencies.codes import Level
from agencies.models import Agency, Agreement, Membership, Roster
from sharing.models.record import Record
from sharing.sealed.key import SealedKey


class ShareRequest(models.Model):
    """What one side wants shared; the owner's supervisor decides it whichever side asked.

    ``owner`` holds or may hold the record; ``roster`` would receive.  An ask as on the telephone
    names no record: it carries what the asker said (``own_number``, ``description``) until the
    owner attaches one. A proposal of a standing grant names a category instead.
    ``for_case_known`` says that the asker's case is one that its agency has here; otherwise the
    number stands as it was typed.

    An approval that can still be undone counts from ``effective_at`` on; until then everybody but
    the owner is shown the request as it was before.
    """

    class Direction(models.TextChoices):
        """Which side asks."""

        ASK = "ask", "Ask"
        OFFER = "offer", "Offer"

    class State(models.TextChoices):
        """Where a request stands; the table of transitions says what leads where."""

        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        UNDER_REVIEW = "under_review", "Under review"
        INFO_NEEDED = "info_needed", "Question asked"
        APPROVED = "approved", "Approved"
        APPROVED_CONDITIONAL = "approved_conditional", "Approved with conditions"
        PARTLY_APPROVED = "partly_approved", "Partly approved"
        DENIED = "denied", "Not approved"
        WITHDRAWN = "withdrawn", "Withdrawn"
        LAPSED = "lapsed", "Lapsed"

    class Priority(models.TextChoices):
        """How soon an answer is due."""

        ROUTINE = "routine", "Routine: 3 working days"
        URGENT = "urgent", "Urgent: 8 hours"
        FLASH = "flash", "Danger to life: 30 minutes; call them as well"

    class Later(models.TextChoices):
        """Whether items added after the decision are reached."""

        NO = "no", "No"
        EXCEPT_PROTECTED = "except_protected", "Yes, except protected people"
        ALL = "all", "Yes, everything"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=20, choices=State, default=State.SUBMITTED)
    direction = models.CharField(max_length=5, choices=Direction)
    record = SealedKey(Record, models.PROTECT, related_name="share_requests", null=True)
    owner = models.ForeignKey(Agency, models.PROTECT, related_name="requests_to_decide")
    recipient = models.ForeignKey(
        Agency, models.PROTECT, related_name="requests_to_receive", null=True
    )
    roster = models.ForeignKey(Roster, models.PROTECT, related_name="share_requests")
    requested_by = models.ForeignKey(
        Membership, models.PROTECT, related_name="share_requests", null=True
    )
    own_number = models.CharField(max_length=80, blank=True)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=40, blank=True)
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="share_requests", null=True
    )
    level = models.PositiveSmallIntegerField(choices=Level)
    purpose = models.CharField(max_length=40)
    for_case = models.CharField(max_length=80, blank=True)
    for_case_known = models.BooleanField(default=False)
    on_behalf_of = models.CharField(max_length=120, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    reason = models.TextField()
    needed_by = models.DateTimeField(null=True)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.ROUTINE)
    until = models.DateTimeField()
    items = ArrayField(models.UUIDField(), null=True)
    later = models.CharField(max_length=20, choices=Later, default=Later.EXCEPT_PROTECTED)
    export = models.BooleanField(default=False)
    unmask = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, related_name="decided_requests", null=True
    )
    decided_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(null=True)
    state_before = models.CharField(max_length=20, choices=State, blank=True)
    agreement_before = models.ForeignKey(Agreement, models.PROTECT, related_name="+", null=True)
    reason_code = models.CharField(max_length=40, blank=True)
    decision_text = models.TextField(blank=True)
    own_note = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="request_two_people",
            ),
            models.CheckConstraint(
                condition=Q(direction="ask") | Q(record__isnull=False) | ~Q(category=""),
                name="request_offer_names_what",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "approved_conditional", "partly_approved"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="request_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="denied") | (Q(decided_by__isnull=False) & ~Q(reason_code="")),
                name="request_denied_with_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "state", "-created_at"], name="request_inbox"),
            models.Index(fields=["recipient", "state", "-created_at"], name="request_sent"),
            models.Index(fields=["record"], name="request_record"),
        ]

    def __str__(self) -> str:
        return self.number


class RequestNote(models.Model):
    """A question about a request or the answer to one; its text is for the two sides alone."""

    class Kind(models.TextChoices):
        """Which way a note goes."""

        QUESTION = "question", "Question"
        ANSWER = "answer", "Answer"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    request = models.ForeignKey(ShareRequest, models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.TextField()
    written_by = models.ForeignKey(Membership, models.PROTECT, related_name="request_notes")
    written_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering: ClassVar = ["written_at"]

    def __str__(self) -> str:
        return f"{self.kind} on {self.request_id}"
