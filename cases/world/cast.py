"""Who is who in a world while it is loaded: by short name, by e-mail, by key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from agencies.actors import Actor, acting_as
from agencies.codes import AgencyStatus, Role
from agencies.models import Agency, Agreement, Membership, Person, Roster, TaskForce
from cases.models import Case
from cases.world.entries import BrokenWorld, Entry
from ledger.doer import Portal

T = TypeVar("T")

PORTAL = Portal()


@dataclass
class Cast:
    """What has been loaded so far; *keys* is what the loader answers, *at* the cases by place."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    hats: dict[str, list[Membership]] = field(default_factory=dict)
    task_forces: dict[str, TaskForce] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    at: dict[str, Case] = field(default_factory=dict)
    openers: dict[str, Membership] = field(default_factory=dict)
    keys: dict[str, UUID] = field(default_factory=dict)
    recalled: set[str] = field(default_factory=set)

    def recall(self, section: str) -> None:
        """Add whom the portal knew before, after the file's own: its later sections may name them.

        Agreements go by number; a case of an earlier file is not known again.
        """
        if section == "agencies":
            on_board = Agency.objects.exclude(status=AgencyStatus.DIRECTORY)
            self._add(self.agencies, {agency.short_name or "": agency for agency in on_board})
        elif section == "people":
            self._recall_people()
        elif section == "agreements":
            numbered = {agreement.number: agreement for agreement in Agreement.objects.all()}
            self._add(self.agreements, numbered)
        elif section == "task_forces":
            forces = {force.short_name: force for force in TaskForce.objects.all()}
            self._add(self.task_forces, forces)

    def _recall_people(self) -> None:
        posts = Membership.objects.filter(ended_at__isnull=True).select_related("person", "agency")
        hats: dict[str, list[Membership]] = {}
        for post in posts.order_by("started_at", "pk"):
            hats.setdefault(post.person.email, []).append(post)
        self._add(self.people, {email: held[0].person for email, held in hats.items()})
        self._add(self.hats, hats)

    def _add(self, known: dict[str, T], before: dict[str, T]) -> None:
        new = {name: thing for name, thing in before.items() if name not in known}
        known.update(new)
        self.recalled.update(new)

    def remember(self, entry: Entry, pk: UUID) -> None:
        """Keep what a keyed entry became; two of one name are refused."""
        if entry.key is None:
            return
        if entry.key in self.keys:
            raise BrokenWorld(f'{entry.place}: the key "{entry.key}" is used twice.')
        self.keys[entry.key] = pk

    def answer(self) -> dict[str, UUID]:
        """Return every key with its id; whoever has none goes by name, where it is free."""
        named = {
            **{email: person.pk for email, person in self.people.items()},
            **{name: force.pk for name, force in self.task_forces.items()},
            **{name: agency.pk for name, agency in self.agencies.items()},
        }
        own = {name: pk for name, pk in named.items() if name not in self.recalled}
        return {**own, **self.keys}

    def agency(self, entry: Entry, name: str) -> Agency:
        """Return the agency that an entry speaks of."""
        return self._known(self.agencies, entry, name, "agency")

    def agreement(self, entry: Entry, name: str) -> Agreement:
        """Return the agreement that an entry speaks of."""
        return self._known(self.agreements, entry, name, "agreement")

    def case(self, entry: Entry, name: str) -> Case:
        """Return the case that an entry speaks of."""
        return self._known(self.cases, entry, name, "case")

    def thing(self, entry: Entry, name: str) -> UUID:
        """Return the id of a keyed thing that an entry speaks of."""
        return self._known(self.keys, entry, name, "key")

    def hat(self, entry: Entry, email: str, agency: UUID | None = None) -> Membership:
        """Return the membership under which a person acts: in *agency*, else the first."""
        hats = self._known(self.hats, entry, email, "person")
        fitting = [hat for hat in hats if agency in (None, hat.agency_id)]
        if not fitting:
            raise BrokenWorld(f"{entry.place}: {email} is not of that agency.")
        return fitting[0]

    def actor(self, entry: Entry, email: str, agency: UUID | None = None) -> Actor:
        """Return a person of the world acting, in *agency* where one is given."""
        return acting_as(self.hat(entry, email, agency))

    def other_analyst(self, entry: Entry, agency: UUID, than: Membership) -> Membership:
        """Return the first other analyst of an agency; refused where there is none."""
        return self._first(entry, agency, than, Role.ANALYST)

    def receiver(self, entry: Entry, roster: Roster) -> Membership:
        """Return the supervisor who acknowledges for a roster; refused where there is none."""
        if roster.task_force:
            return self._seconded_supervisor(entry, roster.task_force)
        post = roster.membership
        if post is not None and Role.SUPERVISOR in post.roles:
            return post
        return self._first(entry, post.agency_id if post else roster.pk, None, Role.SUPERVISOR)

    def _seconded_supervisor(self, entry: Entry, force: TaskForce) -> Membership:
        seated = set(force.secondments.values_list("membership_id", flat=True))
        for hats in self.hats.values():
            for hat in hats:
                if hat.pk in seated and Role.SUPERVISOR in hat.roles:
                    return hat
        raise BrokenWorld(f"{entry.place}: no supervisor is seconded to {force.name}.")

    def desk(self, agency: UUID) -> Membership | None:
        """Return the first of an agency's duty desk or release authority."""
        wanted = {Role.LIAISON, Role.SUPERVISOR}
        members = (hat for hats in self.hats.values() for hat in hats)
        return next(
            (hat for hat in members if hat.agency_id == agency and wanted & set(hat.roles)), None
        )

    def _first(self, entry: Entry, agency: UUID, than: Membership | None, role: str) -> Membership:
        for hats in self.hats.values():
            for hat in hats:
                other = than is None or hat.person_id != than.person_id
                if hat.agency_id == agency and role in hat.roles and other:
                    return hat
        other_ = "other " if than else ""
        raise BrokenWorld(f"{entry.place}: the agency has no {other_}{role} to do this.")

    @staticmethod
    def _known(known: dict[str, T], entry: Entry, name: str, what: str) -> T:
        found = known.get(name)
        if found is None:
            raise BrokenWorld(f'{entry.place}: there is no {what} "{name}" in this world.')
        return found
