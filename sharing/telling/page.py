"""What the page of notifications shows: the newest, under the case that each is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from agencies.actors import Actor
from sharing.cursors import Key, decode, encode
from sharing.models import Mute, Notification
from sharing.naming import Name, names_of
from sharing.telling.inbox import notifications_for
from sharing.telling.kinds import STANDING
from sharing.telling.muting import muted_cases
from sharing.telling.wording import Told, describe_all

SHOWN = 50


@dataclass(frozen=True)
class Line:
    """One notification in words; ``more`` is how many events it gathered beside the newest."""

    notice: Notification
    told: Told

    @property
    def more(self) -> int:
        """Return how many events before the newest it has gathered."""
        return self.notice.count - 1

    @property
    def is_standing(self) -> bool:
        """Return whether it is about access to a whole category."""
        return self.notice.subject_kind == STANDING


@dataclass
class Group:
    """The notifications about one case; about none, where ``case`` is None."""

    case: UUID | None
    name: Name | None
    muted: bool
    lines: list[Line] = field(default_factory=list)

    @property
    def unread(self) -> list[Line]:
        """Return the lines that are not yet read."""
        return [line for line in self.lines if line.notice.read_at is None]


@dataclass(frozen=True)
class Page:
    """Groups by their newest line, and where older ones go on."""

    groups: Sequence[Group]
    older: str

    @property
    def unread(self) -> bool:
        """Return whether anything on it is unread."""
        return any(group.unread for group in self.groups)


def notification_page(actor: Actor, after: str = "") -> Page:
    """Return the page of *actor*'s notifications behind a cursor, or the first; Invalid if it is
    none.
    """
    notices = notifications_for(actor)
    place, _ = decode(after)
    if place is not None:
        notices = notices.filter(
            Q(created_at__lt=place.touched_at) | Q(created_at=place.touched_at, pk__lt=place.id)
        )
    found = list(notices[: SHOWN + 1])
    shown = found[:SHOWN]
    last = shown[-1] if len(found) > SHOWN else None
    return Page(
        groups=_grouped(actor, shown),
        older=encode(Key(last.created_at, last.pk)) if last else "",
    )


def muted_names(actor: Actor) -> list[tuple[UUID, Name]]:
    """Return the cases that *actor*'s post has muted and may still know of, by number."""
    keys = Mute.objects.filter(membership=actor.seat).values_list("case", flat=True)
    return sorted(names_of(actor, keys).items(), key=lambda one: one[1].number)


def _grouped(actor: Actor, notices: Sequence[Notification]) -> list[Group]:
    muted = muted_cases(actor)
    groups: dict[UUID | None, Group] = {}
    for notice, told in zip(notices, describe_all(actor, notices), strict=True):
        name = told.case
        case = (name.record.case_id or name.record.pk) if name else None
        group = groups.setdefault(case, Group(case, name, case in muted))
        group.lines.append(Line(notice, told))
    return list(groups.values())
