"""What every page of one case shows around its own part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from agencies.codes import Level
from agencies.portal_request import PortalRequest
from agencies.refusals import NotVisible
from cases.models import Case, Item
from cases.presentation import allowed_on_case, level_of, shown_case
from cases.reach import case_to_change, item_to_change
from sharing.actions import Action
from sharing.disclosure import open_record
from sharing.explanation import visibility_summary
from sharing.holdings import AnyGrant, allowed_on_grant

TABS = (
    ("Overview", "case", Level.SUMMARY),
    ("Items", "case_items", Level.SUMMARY),
    ("Sharing", "case_sharing", Level.SUMMARY),
    ("History", "case_history", Level.MANAGE),
)


@dataclass(frozen=True)
class Holding:
    """How a received case came here: the access that reaches furthest."""

    level: Level
    grant: AnyGrant
    allowed: list[str]

    @property
    def until(self) -> datetime:
        """Return when it ends, if nobody ends it before."""
        return self.grant.until

    @property
    def waits_for_acknowledgement(self) -> bool:
        """Return whether adding opens only once a release authority has acknowledged."""
        return self.level == Level.CONTRIBUTE and self.grant.acknowledged_at is None


def opened_case(request: PortalRequest, pk: UUID, tab: str, *, needs: Level) -> dict[str, Any]:
    """Open a case for a page, which is a disclosure, and return what surrounds the part *tab*.

    Raises NotVisible where the actor does not reach it at *needs*: there is no such page for it.
    """
    case: Case = open_record(request.actor, Case, pk)
    level = level_of(case)
    if level < needs:
        raise NotVisible
    return {
        "body": case,
        "case": shown_case(case),
        "allowed": allowed_on_case(request.actor, case),
        "level": level,
        "tab": tab,
        "tabs": [(label, name) for label, name, least in TABS if level >= least],
        "holding": holding_of(request, case),
        "seen": visibility_summary(request.actor, pk),
        "owner": case.record.owner,
        "prints": level >= Level.VIEW or _has_full_items(request, pk, level),
    }


def _has_full_items(request: PortalRequest, pk: UUID, level: Level) -> bool:
    """Return whether a case that is reached in summary has items that are reached in full."""
    full = Item.objects.permitting(request.actor, Action.READ).filter(record__case_id=pk)
    return level == Level.SUMMARY and full.exists()


def case_to_show(request: PortalRequest, pk: UUID) -> Case:
    """Return a case whose form is about to be shown or sent; showing it is a disclosure."""
    if request.method != "POST":
        open_record(request.actor, Case, pk)
    return case_to_change(request.actor, pk)


def item_to_show(request: PortalRequest, pk: UUID) -> Item:
    """Return an item whose form is about to be shown or sent; showing it is a disclosure."""
    if request.method != "POST":
        open_record(request.actor, Item, pk)
    return item_to_change(request.actor, pk)


def holding_of(request: PortalRequest, case: Case) -> Holding | None:
    """Return the access by which the actor reaches an opened case; None for one of its own."""
    grant = case.basis.grant  # type: ignore[attr-defined]
    if grant is None:
        return None
    return Holding(level_of(case), grant, allowed_on_grant(request.actor, grant, "active"))
