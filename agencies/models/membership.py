"""Memberships: a person's post in an agency, the hat they act under."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from agencies.codes import OPERATING, READING_ROLES, Role, Sensitivity
from agencies.figures import DORMANT_AFTER, TEMPORARY_FOR
from agencies.models.agency import Agency
from agencies.models.person import Person


class DormantSince(models.Func):
    """The moment before which whoever was seen last is dormant; whole, as a statement is prepared
    without knowing the type of its parts.
    """

    template = f"(STATEMENT_TIMESTAMP() - INTERVAL '{DORMANT_AFTER.days} days')"
    arity = 0
    output_field = models.DateTimeField()


def awake(of: str = "") -> Q:
    """Return the condition of a person who was seen, made known or woken not too long ago.

    *of* leads to the person.  Signing in is no activity: it is what a dormant account may not do.
    """
    since = DormantSince()
    marks = ("last_seen_at", "woken_at", "created_at")
    seen, woken, made = (Q(**{f"{of}{mark}__gt": since}) for mark in marks)
    return seen | woken | made


def arranged() -> Q:
    """Return the condition of a post that rests on no arrangement, or on one that holds now.

    It holds once confirmed, while it has not ended, the other agency works and the person has a
    post there.
    """
    theirs = Membership.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=Now()),
        Q(agency__provided_arrangements__ended_at__isnull=True)
        | Q(agency__provided_arrangements__ended_at__gt=Now()),
        agency__provided_arrangements=OuterRef("arrangement"),
        agency__provided_arrangements__agency=OuterRef("agency"),
        agency__provided_arrangements__confirmed_at__lte=Now(),
        agency__status__in=OPERATING,
        person=OuterRef("person"),
        started_at__lte=Now(),
    )
    return Q(arrangement__isnull=True) | Q(Exists(theirs))


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships, narrowed by who may act under them now, on the database's clock."""

    def acting(self) -> MembershipQuerySet:
        """Return those under which a person may act at this statement."""
        return self.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gt=Now()),
            Q(credentials_until__isnull=True) | Q(credentials_until__gt=Now()),
            awake("person__"),
            arranged(),
            started_at__lte=Now(),
            person__is_active=True,
            agency__status__in=OPERATING,
        )

    def people(self) -> MembershipQuerySet:
        """Return those of people, not of programs."""
        return self.filter(program__isnull=True)

    def holding(self, *roles: str) -> MembershipQuerySet:
        """Return those that hold at least one of *roles*."""
        return self.filter(roles__overlap=list(roles))


class Membership(models.Model):
    """A person's post in an agency, with its roles and the ceiling it reads up to.

    ``credentials_until`` is a copy: when the first of the credentials lapses that the post takes,
    None where it takes none.  The services keep it; ``agencies.credentials`` says what it must be.
    One with an ``arrangement`` is held by somebody of another agency, while that holds.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    ceiling = models.PositiveSmallIntegerField(choices=Sensitivity, default=Sensitivity.SENSITIVE)
    title = models.CharField(max_length=80, blank=True)
    temporary = models.BooleanField(default=False, db_default=False)
    arrangement = models.ForeignKey(
        "agencies.Arrangement", models.PROTECT, null=True, related_name="posts"
    )
    credentials_until = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "agency"],
                condition=Q(ended_at__isnull=True),
                name="membership_once_per_agency",
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=Role.values) & Q(roles__len__gt=0),
                name="membership_roles_known",
            ),
            models.CheckConstraint(
                condition=Q(ceiling__in=Sensitivity.values), name="membership_ceiling_known"
            ),
            models.CheckConstraint(
                condition=Q(arrangement__isnull=True) | Q(roles__contained_by=READING_ROLES),
                name="membership_arranged_bounded",
            ),
            models.CheckConstraint(
                condition=Q(temporary=False)
                | Q(ended_at__isnull=False, ended_at__lte=F("started_at") + TEMPORARY_FOR),
                name="membership_temporary_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.agency_id}"
