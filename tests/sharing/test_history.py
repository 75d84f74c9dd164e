"""The disclosure log: an agency reads who read its records, and nothing of anybody else's."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from agencies.actors import Actor
from agencies.codes import Role, Sensitivity
from agencies.models import Agency, Membership
from agencies.refusals import NotVisible
from cases.models import Case
from ledger.services import record_event
from sharing.disclosure import list_records, open_record
from sharing.history import events_for
from sharing.models import Record
from tests.sharing import factory as make


class Logged(make.World):
    """Bo opened a case of Alpha and one of Charlie, listed both, and failed to open a third."""

    def __init__(self) -> None:
        super().__init__()
        self.case, self.other = make.a_case(self.alpha), make.a_case(self.charlie)
        self.hidden = make.a_case(self.alpha)
        self.grant = self.share(self.case.record)
        self.share(self.other.record)
        open_record(self.bo, Case, self.case.pk)
        open_record(self.bo, Case, self.other.pk)
        list_records(self.bo, [self.case.record, self.other.record])
        with pytest.raises(NotVisible):
            open_record(self.bo, Case, self.hidden.pk)

    def someone(self, *roles: str, **fields: Any) -> Actor:
        """Return another member of Alpha."""
        return make.an_actor(self.alpha, "", *roles, **fields)


@pytest.fixture
def world(db: None) -> Logged:
    return Logged()


def told(actor: Actor, **filters: Any) -> list[tuple[str, list[UUID]]]:
    lines = events_for(actor, **filters)[:50]
    return [(line.kind, [record["id"] for record in line.records]) for line in lines]


def test_the_owners_analyst_reads_who_read_its_records_and_no_others(world: Logged) -> None:
    assert told(world.ana) == [
        ("record.listed", [world.case.pk]),
        ("record.opened", [world.case.pk]),
    ]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_refused_attempts_are_for_auditors_and_release_authority(world: Logged, role: str) -> None:
    assert told(world.someone(role)) == [
        ("record.refused", [world.hidden.pk]),
        ("record.listed", [world.case.pk]),
        ("record.opened", [world.case.pk]),
    ]
    assert told(world.ana, outcome="refused") == []


def test_what_was_done_to_an_item_above_ones_ceiling_is_no_line_of_its_case(
    world: Logged,
) -> None:
    case = make.a_case(world.alpha).record
    plain = make.an_item(case)
    above = make.an_item(case, sensitivity=Sensitivity.HIGHLY_CONFIDENTIAL)
    with transaction.atomic():
        for item in (plain, above):
            record_event(
                world.ana, "item.added", item, records=[item.pk, case.pk], concerns=[case.owner_id]
            )
    low = world.someone(Role.ANALYST, ceiling=Sensitivity.SENSITIVE)
    both = [("item.added", [above.pk, case.pk]), ("item.added", [plain.pk, case.pk])]

    def lines(actor: Actor) -> list[tuple[str, set[UUID]]]:
        return [(kind, set(records)) for kind, records in told(actor, record=case.pk)]

    known = [(kind, set(records)) for kind, records in both]
    assert lines(low) == known[1:]
    assert lines(world.ana) == lines(world.someone(Role.AUDITOR)) == known


def test_partners_coordinators_and_administrators_read_nothing(world: Logged) -> None:
    auditor = make.an_actor(world.bravo, "", Role.AUDITOR)
    administrator = Actor(person_id=world.ana.person_id, is_administrator=True)
    for actor in (world.bo, auditor, world.someone(Role.COORDINATOR), administrator):
        assert told(actor) == []
        assert told(actor, record=world.case.pk) == []


def test_a_claimed_role_or_agency_counts_for_nothing(world: Logged) -> None:
    pretender = Actor(
        person_id=world.bo.person_id,
        membership_id=world.bo.membership_id,
        agency_id=world.alpha.pk,
        roles=("auditor",),
    )
    assert told(pretender) == []


def test_a_member_below_the_ceiling_is_not_told_of_the_record(world: Logged) -> None:
    make.change(world.case.record, sensitivity=Sensitivity.CONFIDENTIAL)
    low = world.someone(Role.ANALYST, ceiling=Sensitivity.SENSITIVE)
    assert told(low) == told(low, record=world.case.pk) == []
    assert len(told(world.someone(Role.AUDITOR, ceiling=Sensitivity.SENSITIVE))) == 3
    assert len(told(world.ana)) == 2


def test_a_former_member_and_one_of_a_suspended_agency_read_nothing(world: Logged) -> None:
    Agency.objects.filter(pk=world.alpha.pk).update(status="suspended")
    assert told(world.ana) == []
    Agency.objects.filter(pk=world.alpha.pk).update(status="active")
    assert len(told(world.ana)) == 2
    Membership.objects.filter(pk=world.ana.membership_id).update(ended_at=Now())
    assert told(world.ana) == []


def test_filters_narrow_and_name_only_what_the_reader_may_see(world: Logged) -> None:
    auditor = world.someone(Role.AUDITOR)
    bo = events_for(auditor)[:1][0].person
    assert bo is not None
    for filters, count in [
        ({"record": world.case.pk}, 2),
        ({"record": world.hidden.pk}, 1),
        ({"record": world.other.pk}, 0),
        ({"record": uuid4()}, 0),
        ({"kind": "record.opened"}, 1),
        ({"outcome": "refused"}, 1),
        ({"person": bo["email"].upper()}, 3),
        ({"person": "nobody@x.example"}, 0),
        ({"agency": "bravo"}, 3),
        ({"agency": "alpha"}, 0),
        ({"since": make.days(-1)}, 3),
        ({"until": make.days(-1)}, 0),
        ({"person": "\x00", "agency": "\ud800"}, 0),
    ]:
        assert len(told(auditor, **filters)) == count, filters


def test_a_line_says_who_acted_as_what_for_what_and_on_which_basis(world: Logged) -> None:
    line = events_for(world.ana, kind="record.opened")[:1][0]
    record = world.case.record
    row = line.as_row()
    assert isinstance(row.pop("id"), UUID)
    assert row.pop("at") > make.days(-1)
    assert row == {
        "kind": "record.opened",
        "outcome": "done",
        "person": {"name": "Bo", "email": Membership.objects.get(pk=world.bo.seat).person.email},
        "agency": {"short_name": "bravo", "name": "Bravo Police"},
        "acting_as": ["analyst"],
        "level": "view",
        "purpose": "criminal_justice",
        "for_case": "BR-77",
        "basis": {
            "via": "grant",
            "grant": str(world.grant.pk),
            "request": {"id": world.grant.decision_id, "number": world.grant.decision.number},
            "agreement": {
                "id": world.agreement.pk,
                "number": world.agreement.number,
                "version": world.agreement.version,
            },
            "approved_by": world.grant.issued_by.person.name,
        },
        "records": [
            {
                "id": record.pk,
                "kind": "case",
                "number": world.case.number,
                "type": "robbery",
                "owner": "alpha",
                "label": "",
            }
        ],
    }
    assert line.facts == {"channel": "page"}


def test_the_originator_reads_on_and_only_its_auditor_where_it_lost_access(world: Logged) -> None:
    make.change(world.case.record, originator=world.charlie)
    open_record(world.bo, Case, world.case.pk)
    cleo = make.an_actor(world.charlie, "cleo")
    auditor = make.an_actor(world.charlie, "", Role.AUDITOR)
    assert world.case.pk not in [key for _, keys in told(cleo) for key in keys]
    assert told(auditor)[0] == ("record.opened", [world.case.pk])
    world.share(Record.objects.unrestricted("a test").get(pk=world.case.pk), world.charlie)
    assert told(cleo)[0] == ("record.opened", [world.case.pk])


def test_what_concerns_an_agency_but_no_record_is_for_its_senior_people(world: Logged) -> None:
    record_event(world.bo, "request.withdrawn", concerns=[world.alpha.pk])
    assert told(world.ana)[0][0] == "record.listed"
    assert told(world.someone(Role.SUPERVISOR))[0] == ("request.withdrawn", [])


def test_pages_go_on_where_the_last_ended(world: Logged) -> None:
    history = events_for(world.someone(Role.AUDITOR))
    seen, after = [], None
    for _ in range(9):
        lines, after = history.page(after=after, size=1)
        seen += [line.kind for line in lines]
        if after is None:
            break
    assert seen == ["record.refused", "record.listed", "record.opened"]


def test_a_page_takes_a_constant_number_of_queries(world: Logged) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            open_record(world.bo, Case, world.case.pk)
        with CaptureQueriesContext(connection) as queries:
            events_for(world.ana).page()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9
