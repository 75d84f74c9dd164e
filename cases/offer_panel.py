"""What the share dialog says of an offer as it stands: who will see what, under which agreement,
or why it cannot be shared yet and what can be done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from agencies.actors import Actor
from agencies.codes import Level, Role
from agencies.codetable import coded, label
from agencies.coverage import failings, signed_by_both
from agencies.models import Agreement, Membership, Roster
from agencies.recipients import roster_name
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.text_direction import isolated
from cases.as_they_see import own_items, seen_by
from cases.models import Case, Item
from cases.presentation import shows_identity
from cases.standing import first_day, standing_of
from sharing.forms import OfferForm
from sharing.posts import receiving_agency, roster_of
from sharing.preview import readers_in
from sharing.supposing import Supposition, as_if_released
from sharing.terms import Terms

NOT_SAID = "not said yet"
"""Stands for the reason while it is still being written; nothing is sent with it."""


@dataclass(frozen=True)
class Held:
    """An item that is held back or shown without its name, and why."""

    label: str
    why: str


@dataclass(frozen=True)
class Panel:
    """What stands beside the form; one of *waits*, *blocked* and *agreement* says how it stands."""

    who: str = ""
    waits: str = ""
    blocked: list[str] = field(default_factory=list)
    at_most: Level | None = None
    uses: list[str] = field(default_factory=list)
    coordinators: list[str] = field(default_factory=list)
    agreement: Agreement | None = None
    level: Level | None = None
    shown: int = 0
    total: int = 0
    people: int = 0
    programs: int = 0
    held_back: list[Held] = field(default_factory=list)
    masked: list[Held] = field(default_factory=list)
    until: datetime | None = None
    shortened: bool = False

    @property
    def covers(self) -> list[str]:
        """Return the data categories that the agreement speaks of, in words."""
        named = self.agreement.categories if self.agreement else ()
        return [label("categories", code).lower() for code in named]


def panel_of(actor: Actor, case: Case, form: OfferForm) -> Panel:
    """Return what to say of *form* as it stands; it need not be complete."""
    form.is_valid()
    if not form.is_bound or "who" in form.errors:
        return Panel(waits="Choose who gets it, and this says what they will see.")
    wanting = [form[name].label for name in form.errors if name in form.fields and name != "reason"]
    if wanting:
        named = " and ".join(str(one).lower() for one in wanting)
        return Panel(waits=f"Mend “{named}” first; then this says what they will see.")
    terms = terms_so_far(form)
    roster = roster_of(form.cleaned_data["who"])
    try:
        supposed = as_if_released(actor, case.pk, roster_id=roster.pk, terms=terms)
    except Conflict as refusal:
        if refusal.code != "outside_agreement":
            return Panel(who=roster_name(roster), blocked=[refusal.reason])
        return _blocked(actor, case, roster, terms)
    except (Invalid, NotAllowed) as refusal:
        return Panel(who=roster_name(roster), blocked=[refusal.reason])
    return _ready(actor, case, roster, terms, supposed)


def terms_so_far(form: OfferForm) -> Terms:
    """Return the terms of a form whose reason may still be missing."""
    form.cleaned_data.setdefault("reason", NOT_SAID)
    return form.terms()


def _ready(actor: Actor, case: Case, roster: Roster, terms: Terms, supposed: Supposition) -> Panel:
    release = supposed.release
    assert release is not None  # noqa: S101  (for the type: it is a release that was supposed)
    seen = {item.pk: item for item in seen_by(actor, case.pk, supposed).items}
    own = own_items(actor, case.pk)
    masked = [item for item in own if item.pk in seen and not shows_identity(seen[item.pk])]
    named = terms.level >= Level.VIEW
    return Panel(
        who=roster_name(roster),
        agreement=release.agreement,
        level=terms.level,
        total=len(own),
        shown=len([item for item in own if item.pk in seen]),
        **readers_in(roster.pk, case.record.sensitivity)._asdict(),
        held_back=[_held(item, case, terms) for item in own if item.pk not in seen],
        masked=[_held(item, case, terms) for item in masked] if named else [],
        until=release.until,
        shortened=release.until < terms.until,
    )


def _held(item: Item, case: Case, terms: Terms) -> Held:
    return Held(item.record.label or item.record.title, why_held(item, case, terms))


def why_held(item: Item, case: Case, terms: Terms) -> str:
    """Return why an item is held back, in words that follow its label."""
    if item.withheld:
        return "held back by us"
    if item.record.protected:
        return why_protected(item, case)
    if terms.items is not None:
        return "not chosen"
    return "not given at this level"


def why_protected(item: Item, case: Case) -> str:
    """Return why an item is protected."""
    standing = standing_of(item, item.record.restrictions, case)
    if standing.is_restricted:
        named = (label("restrictions", code).lower() for code in item.record.restrictions)
        return f"by law: {', '.join(named)}"
    if standing.role_protects:
        return str(coded("item_roles", item.role)["label"]).lower()
    if standing.is_juvenile:
        return f"a minor on {first_day(case):%-d %b %Y}"
    if standing.is_hidden_address:
        return "an address that must not be found"
    return "protected"


def _blocked(actor: Actor, case: Case, roster: Roster, terms: Terms) -> Panel:
    """Return why no agreement covers it, by the one that comes closest, and the ways out."""
    owner, recipient = case.record.owner_id, _signing(roster)
    who = roster_name(roster)
    tried = {
        agreement: failings(
            agreement,
            owner=owner,
            recipient=recipient,
            category=case.record.category,
            purpose=terms.purpose,
            level=terms.level,
        )
        for agreement in signed_by_both(owner, recipient)
    }
    closest = min(tried, key=lambda one: len(tried[one]), default=None)
    coordinators = _coordinators(actor)
    if closest is None:
        none = f"your agency has no agreement with {isolated(who)}"
        return Panel(who=who, blocked=[none], coordinators=coordinators)
    reasons = tried[closest]
    lower = len(reasons) == 1 and closest.level < terms.level
    return Panel(
        who=who,
        blocked=[f"agreement {closest.number} with {isolated(who)} {reason}" for reason in reasons],
        at_most=Level(closest.level) if lower else None,
        uses=[label("purposes", one) for one in closest.purposes]
        if terms.purpose not in closest.purposes
        else [],
        coordinators=coordinators,
    )


def _signing(roster: Roster) -> UUID:
    """Return the agency that signed for a roster: a task force's lead, or its people's own."""
    if roster.task_force:
        return roster.task_force.lead_id
    return receiving_agency(roster) or roster.pk


def _coordinators(actor: Actor) -> list[str]:
    posts = Membership.objects.acting().holding(Role.COORDINATOR).filter(agency=actor.agency_id)
    return list(posts.order_by("person__name").values_list("person__name", flat=True)[:3])
