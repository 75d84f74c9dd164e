"""The append-only history of what happened, and the outbox of who must still be told."""

from __future__ import annotations

from typing import ClassVar, NamedTuple, Self
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from ledger.fields import CurrentTransaction, Horizon, TransactionIdField


class Position(NamedTuple):
    """Where an event stands in the order that is final once its transaction is settled."""

    xid: int
    seq: int


class EventQuerySet(models.QuerySet["Event"]):
    """Events by position: transaction first, because their own numbers commit out of order."""

    def in_order(self) -> Self:
        """Oldest position first."""
        return self.order_by("xid", "seq")

    def settled(self) -> Self:
        """Those before which no event can still appear: no older transaction is running."""
        return self.filter(xid__lt=Horizon())

    def after(self, position: Position | None) -> Self:
        """Those behind *position*; all without one."""
        if position is None:
            return self.all()
        behind = models.Q(xid__gt=position.xid) | models.Q(seq__gt=position.seq)
        return self.filter(behind, xid__gte=position.xid)

    def until(self, position: Position) -> Self:
        """Those up to and with *position*."""
        within = models.Q(xid__lt=position.xid) | models.Q(seq__lte=position.seq)
        return self.filter(within, xid__lte=position.xid)


class Event(models.Model):
    """One thing that happened; a row is never changed and never removed.

    Rows hold ids and codes.  Free text stays on the row that the decision was made on.  There are
    no foreign keys: history outlives what it speaks of.
    """

    class Outcome(models.TextChoices):
        """Whether the thing was done or refused."""

        DONE = "done", "Done"
        REFUSED = "refused", "Refused"

    seq = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    xid = TransactionIdField(db_default=CurrentTransaction(), editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)
    kind = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.DONE)
    person = models.UUIDField(null=True)
    membership = models.UUIDField(null=True)
    agency = models.UUIDField(null=True)
    roles = ArrayField(models.CharField(max_length=20), default=list)
    target_kind = models.CharField(max_length=40, blank=True)
    target = models.UUIDField(null=True)
    records = ArrayField(models.UUIDField(), default=list)
    concerns = ArrayField(models.UUIDField(), default=list)
    level = models.CharField(max_length=12, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    for_case = models.CharField(max_length=80, blank=True)
    basis = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-seq"]
        indexes: ClassVar = [
            GinIndex(fields=["records"], name="event_records"),
            GinIndex(fields=["concerns"], name="event_concerns"),
            models.Index(fields=["target", "-seq"], name="event_target"),
            models.Index(fields=["agency", "-seq"], name="event_agency"),
            models.Index(fields=["at"], name="event_at"),
            models.Index(fields=["xid", "seq"], name="event_position"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"

    @property
    def position(self) -> Position:
        """Return where it stands in the settled order."""
        return Position(self.xid, self.seq)


class Message(models.Model):
    """What a roster must still be told about an event; written in the event's transaction."""

    class State(models.TextChoices):
        """Where a message is on its way."""

        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        WITHDRAWN = "withdrawn", "Withdrawn before it was sent"
        DEAD = "dead", "Dead letter"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="messages", db_index=False)
    kind = models.CharField(max_length=60)
    roster = models.UUIDField()
    role = models.CharField(max_length=20, blank=True)
    subject_kind = models.CharField(max_length=40)
    subject = models.UUIDField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    next_attempt_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "kind", "roster", "role", "subject"], name="message_once_per_event"
            ),
            models.CheckConstraint(
                condition=models.Q(state="delivered", delivered_at__isnull=False)
                | (~models.Q(state="delivered") & models.Q(delivered_at__isnull=True)),
                name="message_delivered_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state="waiting"),
                name="message_waiting",
            ),
            models.Index(
                fields=["created_at"], condition=models.Q(state="dead"), name="message_dead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.roster}"


class Seal(models.Model):
    """A batch of settled events, closed by a root that also takes in the root of the batch before.

    It covers every event behind the last position of the batch before, up to its own.  It keeps the
    hash of each event beside the root, in one column of 32 bytes each, because a root alone can say
    only that a batch is broken and not which of its rows; in the same row, because a table of
    hashes would cost a second index as large as the ledger's own and could lose rows by itself.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    form = models.PositiveSmallIntegerField()
    previous_root = models.CharField(max_length=64, unique=True)
    root = models.CharField(max_length=64, unique=True)
    last_xid = TransactionIdField()
    last_seq = models.BigIntegerField()
    events = ArrayField(models.BigIntegerField())
    leaves = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"batch {self.number}"

    @property
    def last(self) -> Position:
        """Return the position of the last event that it covers."""
        return Position(self.last_xid, self.last_seq)
