"""Being told no more of a case, and being told again."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from agencies.actors import Actor
from agencies.models import Membership
from agencies.refusals import NotVisible
from ledger.services import Ref, record_event
from sharing.actions import Action
from sharing.models import Mute, Record
from sharing.posts import post_of
from sharing.telling.channels import NEWS


@transaction.atomic
def mute_case(actor: Actor, case_id: UUID) -> None:
    """Tell *actor*'s post no more news of a case that it may know of.  Safe to repeat."""
    known = Record.objects.permitting(actor, Action.KNOW).filter(pk=case_id)
    if not known.filter(kind=Record.Kind.CASE).exists():
        raise NotVisible
    post = post_of(actor)
    _, new = Mute.objects.get_or_create(membership=post, case=case_id)
    if new:
        record_event(actor, "notices.muted", Ref("membership", post.pk), case=case_id)


@transaction.atomic
def unmute_case(actor: Actor, case_id: UUID) -> None:
    """Tell *actor*'s post of a case again; NotVisible for one that it has not muted."""
    gone, _ = Mute.objects.filter(membership=actor.seat, case=case_id).delete()
    if not gone:
        raise NotVisible
    record_event(actor, "notices.unmuted", Ref("membership", actor.seat), case=case_id)


def muted_cases(actor: Actor) -> set[UUID]:
    """Return the cases that *actor*'s post has muted."""
    return set(Mute.objects.filter(membership=actor.seat).values_list("case", flat=True))


def those_who_muted(kind: str, record: UUID | None, posts: Iterable[Membership]) -> set[UUID]:
    """Return which of *posts* want no news of the case that *record* is or sits in."""
    if kind not in NEWS or record is None:
        return set()
    cases = Record.objects.unrestricted("which case a notice belongs to, told to nobody")
    case = cases.filter(pk=record).values_list("case_id", flat=True).first() or record
    muted = Mute.objects.filter(case=case, membership__in=[post.pk for post in posts])
    return set(muted.values_list("membership", flat=True))
