"""Keeping views of the list of cases, for oneself or for the agency."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from agencies.actors import Actor
from agencies.codes import READING_ROLES, Role
from agencies.kept import Kept
from agencies.models import Membership
from agencies.refusals import Invalid, NotAllowed, NotVisible
from cases.models import SavedView
from cases.models.saved_view import LONGEST_NAME, LONGEST_QUERY
from cases.wording import one_line
from ledger.services import record_event
from sharing.posts import post_of

KEEPERS = (Role.SUPERVISOR, Role.COORDINATOR)
"""Who may change and remove what others made for the agency."""

MOST = 50
"""Views of one post, and of one agency: more is no help to anybody."""


def views_for(actor: Actor) -> QuerySet[SavedView]:
    """Return the views *actor* may open: its own, and its agency's for whoever reads or keeps."""
    return _views(actor.seat)


def listed_views(actor: Actor) -> list[SavedView]:
    """Return the same, read now, as every page of the list shows them."""
    return _listed(seat=actor.seat)


def _views(seat: UUID) -> QuerySet[SavedView]:
    acting = Membership.objects.acting().filter(pk=seat)
    of_agency = acting.holding(*READING_ROLES, *KEEPERS).values("agency_id")
    mine = Q(agency__isnull=True, made_by__in=acting.values("pk"))
    return SavedView.objects.filter(mine | Q(agency__in=of_agency)).order_by("name", "pk")


_listed = Kept(_views, "seat")


def may_change(actor: Actor, view: SavedView) -> bool:
    """Return whether *actor* may change, share and remove a view: its maker, or the agency's
    keeper.
    """
    keeper = view.agency_id is not None and view.agency_id == actor.agency_id
    return view.made_by_id == actor.membership_id or (keeper and actor.holds(*KEEPERS))


@transaction.atomic
def save_view(
    actor: Actor, *, name: str, query: str, for_agency: bool = False, is_default: bool = False
) -> SavedView:
    """Keep a view under a name; one of the same name and for the same people is replaced.

    Raises Invalid for a bad name, for too many, and NotAllowed where the agency's view of that name
    is somebody else's.
    """
    post = post_of(actor)
    called = _name(name)
    if len(query) > LONGEST_QUERY:
        raise Invalid({"query": "These words are too long to keep; shorten them first."})
    same = _beside(post, for_agency).filter(name__iexact=called).select_for_update().first()
    if same is not None:
        _require_change(actor, same)
    view = same or SavedView(made_by=post, agency_id=post.agency_id if for_agency else None)
    view.name, view.query = called, query
    if same is None and _beside(post, for_agency).count() >= MOST:
        raise Invalid({"name": f"There are {MOST} views already; remove one first."})
    _save(view, is_default=is_default)
    record_event(actor, "view.saved", view, concerns=[post.agency_id], for_agency=for_agency)
    return view


@transaction.atomic
def change_view(
    actor: Actor,
    view_id: UUID,
    *,
    name: str,
    for_agency: bool,
    is_default: bool,
) -> SavedView:
    """Rename a view, share it with the agency or take it back for its maker, make it the first.

    NotVisible for none that the actor may open; NotAllowed for one that is not its to change.
    """
    post = post_of(actor, *READING_ROLES, *KEEPERS)
    view = _to_change(actor, view_id)
    view.name = _name(name)
    view.agency_id = post.agency_id if for_agency else None
    _save(view, is_default=is_default)
    record_event(actor, "view.changed", view, concerns=[post.agency_id], for_agency=for_agency)
    return view


@transaction.atomic
def remove_view(actor: Actor, view_id: UUID) -> None:
    """Remove a view; the cases in it are not touched."""
    view = _to_change(actor, view_id)
    concerns = [actor.agency_id] if actor.agency_id else []
    record_event(actor, "view.removed", view, concerns=concerns)
    view.delete()


def _to_change(actor: Actor, view_id: UUID) -> SavedView:
    view = views_for(actor).filter(pk=view_id).select_for_update(of=("self",)).first()
    if view is None:
        raise NotVisible
    _require_change(actor, view)
    return view


def _require_change(actor: Actor, view: SavedView) -> None:
    if not may_change(actor, view):
        raise NotAllowed(
            "Only who made this view, the release authority and the agency coordinator change it."
        )


def _name(name: str) -> str:
    try:
        called = one_line(name, longest=LONGEST_NAME)
    except ValueError as error:
        raise Invalid({"name": str(error)}) from None
    if not called:
        raise Invalid({"name": "Give it a name."})
    return called


def _beside(post: Membership, for_agency: bool) -> QuerySet[SavedView]:
    """Return the views among which a name and the first one must be alone."""
    if for_agency:
        return SavedView.objects.filter(agency=post.agency_id)
    return SavedView.objects.filter(made_by=post, agency__isnull=True)


def _save(view: SavedView, *, is_default: bool) -> None:
    """Save a view; where it becomes the first one, the one that was is not any more."""
    beside = SavedView.objects.exclude(pk=view.pk)
    beside = (
        beside.filter(agency=view.agency_id)
        if view.agency_id
        else beside.filter(made_by=view.made_by_id, agency__isnull=True)
    )
    if is_default:
        beside.filter(is_default=True).update(is_default=False)
    view.is_default = is_default
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise Invalid({"name": "There is a view of this name already."}) from None
