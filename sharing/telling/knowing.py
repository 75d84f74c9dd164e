"""The rule asked again for whoever is about to be told; the answer is that of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from agencies.actors import NOBODY, acting_as
from agencies.codes import READING_ROLES
from agencies.models import Membership
from sharing.boxes import visible_requests
from sharing.holdings import standing_grants_for
from sharing.models import Access, Grant, Record
from sharing.recalls import knows_incident, knows_recall
from sharing.telling.kinds import ENDINGS, GRANT, INCIDENT, RECALL, REQUEST, STANDING


@dataclass(frozen=True)
class Subject:
    """What a message or a notification is about."""

    message_kind: str
    kind: str
    id: UUID

    @property
    def record(self) -> UUID | None:
        """Return the record that whoever is told must know of; None where it is about none."""
        if self.kind in (REQUEST, STANDING, RECALL, INCIDENT):
            return None
        if self.kind != GRANT:
            return self.id
        return Grant.objects.filter(pk=self.id).values_list("record_id", flat=True).first()


def those_who_may_know(subject: Subject, posts: Sequence[Membership]) -> set[UUID]:
    """Return which of *posts* may know of *subject* now; each post comes with its person."""
    if subject.kind == REQUEST:
        return {post.pk for post in posts if _knows_request(post, subject.id)}
    knows = {RECALL: knows_recall, INCIDENT: knows_incident}.get(subject.kind)
    if knows is not None:
        return {post.pk for post in posts if knows(acting_as(post), subject.id)}
    if subject.message_kind in ENDINGS:
        return _could_have_read(subject, posts)
    if subject.kind == STANDING:
        return {post.pk for post in posts if _knows_standing(post, subject.id)}
    return set(
        Access.objects.filter(
            record=subject.record or NOBODY,
            membership__in=[post.pk for post in posts],
            roles__overlap=[str(role) for role in READING_ROLES],
        ).values_list("membership", flat=True)
    )


def _knows_request(post: Membership, key: UUID) -> bool:
    return visible_requests(acting_as(post)).filter(pk=key).exists()


def _knows_standing(post: Membership, key: UUID) -> bool:
    return standing_grants_for(acting_as(post)).filter(pk=key).exists()


def _could_have_read(subject: Subject, posts: Sequence[Membership]) -> set[UUID]:
    """Return which of *posts* read cases up to the sensitivity of what was taken away."""
    readers = [post for post in posts if set(post.roles) & set(READING_ROLES)]
    record = subject.record
    if record is None:
        return {post.pk for post in readers}
    sensitivity = (
        Record.objects.unrestricted("who could read what was taken away")
        .filter(pk=record)
        .values_list("sensitivity", flat=True)
        .first()
    )
    return {post.pk for post in readers if sensitivity and post.ceiling >= sensitivity}
