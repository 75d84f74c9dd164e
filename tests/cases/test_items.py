"""Items: added by the owner or a partner, protected, withheld, changed."""

from __future__ import annotations

from typing import Any

import pytest

from agencies.codes import Level
from agencies.refusals import Invalid, NotAllowed, NotVisible, Stale
from cases.models import Case, Item
from cases.services import add_item, amend_case, amend_item, open_case
from ledger.models import Event, Message
from sharing.actions import Action
from sharing.models import Grant, Revision, SearchDocument
from sharing.services import acknowledge_grant, approve_request, offer_record
from tests.cast import Cast, terms, two_agencies

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return two_agencies()


@pytest.fixture
def case(cast: Cast) -> Case:
    return a_case(cast)


def a_case(cast: Cast, **changes: Any) -> Case:
    return open_case(
        cast.actor("ana"),
        **{"title": "Alder Street", "type": "burglary", "opened_on": "2026-03-01", **changes},
    )


def added(cast: Cast, case: Case, who: str = "ana", **changes: Any) -> Item:
    return add_item(cast.actor(who), case.pk, **{"kind": "person", "title": "Jane Roe", **changes})


def shared(cast: Cast, case: Case, *, contributions: str = "direct", **changes: Any) -> Grant:
    request = offer_record(
        cast.actor("ana"),
        record_id=case.pk,
        roster_id=cast.id("bravo"),
        terms=terms(**{"level": Level.CONTRIBUTE, **changes}),
    )
    approve_request(cast.actor("sam"), request.pk)
    grant = Grant.objects.get(record_id=case.pk, roster_id=cast.id("bravo"), revoked_at=None)
    acknowledge_grant(cast.actor("stella"), grant.pk, contributions=contributions)
    return grant


def read_by(cast: Cast, who: str, case: Case) -> set[str]:
    """Return the titles of the items of *case* that a person reaches."""
    items = Item.objects.permitting(cast.actor(who), Action.LIST)
    return set(items.filter(record__case_id=case.pk).values_list("record__title", flat=True))


def test_an_item_is_covered_by_its_case_and_moves_it(cast: Cast, case: Case) -> None:
    before = case.record.touched_at
    item = added(cast, case, kind="vehicle", title="Civic", role="used")
    record = item.record
    assert (record.cover_id, record.case_id, record.owner_id, record.type, record.label) == (
        case.pk,
        case.pk,
        cast.id("alpha"),
        "vehicle",
        "Vehicle 1",
    )
    case.record.refresh_from_db()
    assert (case.record.version, case.record.touched_at > before) == (2, True)
    event = Event.objects.get(kind="item.added")
    assert (event.records, event.concerns) == ([item.pk, case.pk], [cast.id("alpha")])
    assert Revision.objects.get(record=item.pk).content["role"] == "used"


@pytest.mark.parametrize(
    ("what", "protected", "label"),
    [
        ({"role": "victim"}, True, "Victim 1"),
        ({"role": "witness"}, True, "Witness 1"),
        ({"role": "complainant"}, True, "Complainant 1"),
        ({"role": "informant"}, True, "Protected person 1"),
        ({"role": "undercover"}, True, "Protected person 1"),
        ({"role": "suspect"}, False, "Suspect 1"),
        ({}, False, "Person 1"),
        ({"role": "suspect", "fields": {"dob": "2008-03-02"}}, True, "Juvenile 1"),
        ({"role": "suspect", "fields": {"dob": "2008-03-01"}}, False, "Suspect 1"),
        ({"role": "victim", "fields": {"dob": "2015-01-01"}}, True, "Victim 1"),
        ({"role": "suspect", "restrictions": ["court_sealed"]}, True, "Suspect 1"),
        ({"role": "suspect", "restrictions": ["grand_jury"]}, False, "Suspect 1"),
        ({"kind": "organization", "role": "victim"}, False, "Victim 1"),
        ({"kind": "place", "role": "residence"}, False, "Place 1"),
        ({"kind": "place", "fields": {"address_protected": True}}, True, "Place 1"),
    ],
)
def test_role_age_and_restriction_decide_who_is_protected(
    cast: Cast, case: Case, what: dict[str, Any], protected: bool, label: str
) -> None:
    record = added(cast, case, **what).record
    assert (record.protected, record.label) == (protected, label)


def test_a_residence_is_protected_where_the_type_of_case_says_so(cast: Cast, case: Case) -> None:
    home = added(cast, case, kind="place", title="12 Elm", role="residence")
    scene = added(cast, case, kind="place", title="The bar", role="scene")
    amend_case(cast.actor("ana"), case.pk, version=3, type="domestic_violence")
    assert protected_items() == {home.pk}
    assert scene.record.protected is False


def test_an_earlier_event_makes_a_minor_of_somebody(cast: Cast, case: Case) -> None:
    person = added(cast, case, role="suspect", fields={"dob": "2008-01-15"})
    assert protected_items() == set()
    added(cast, case, kind="event", title="Later", fields={"from": "2026-02-01"})
    assert protected_items() == set()
    event = added(cast, case, kind="event", title="Earlier", fields={"from": "2026-01-20"})
    assert protected_items() == set()
    amend_item(cast.actor("ana"), event.pk, version=1, fields={"from": "2026-01-14"})
    assert protected_items() == {person.pk}


def protected_items() -> set[object]:
    items = Item.objects.unrestricted("test").filter(record__protected=True)
    return set(items.values_list("pk", flat=True))


def test_labels_count_by_role_and_are_never_given_twice(cast: Cast, case: Case) -> None:
    first = added(cast, case, role="victim")
    assert added(cast, case, role="witness").record.label == "Witness 1"
    assert added(cast, case, role="victim").record.label == "Victim 2"
    sam = cast.actor("sam")
    assert amend_item(sam, first.pk, version=1, role="suspect").record.label == "Suspect 1"
    assert amend_item(sam, first.pk, version=2, role="victim").record.label == "Victim 3"
    assert added(cast, a_case(cast), role="victim").record.label == "Victim 1"


def test_an_item_is_held_at_least_as_closely_as_its_case(cast: Cast) -> None:
    case = a_case(cast, sensitivity="sensitive")
    held = {
        added(cast, case, sensitivity=wish).record.sensitivity
        for wish in ("routine", None, "sensitive")
    }
    assert held == {2}
    assert added(cast, case, sensitivity="confidential").record.sensitivity == 3
    with pytest.raises(Invalid):
        added(cast, case, sensitivity="highly_confidential")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "ship"}, "kind"),
        ({"title": ""}, "title"),
        ({"title": "\x00"}, "title"),
        ({"role": "king"}, "role"),
        ({"role": ["victim"]}, "role"),
        ({"kind": "vehicle", "role": "victim"}, "role"),
        ({"fields": {"vin": "1HGCM82633A004352"}}, "fields.vin"),
        ({"fields": 7}, "fields"),
        ({"withheld": "yes"}, "withheld"),
        ({"restrictions": ["none"]}, "restrictions"),
        ({"sensitivity": "cosmic"}, "sensitivity"),
    ],
)
def test_an_item_that_makes_no_sense_is_refused_by_field(
    cast: Cast, case: Case, sent: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        added(cast, case, **sent)
    assert set(refused.value.errors) == {field}
    assert not Item.objects.unrestricted("test").exists()


def test_strangers_add_nothing_and_learn_nothing(cast: Cast, case: Case) -> None:
    for who in ("bo", "abe", "ida"):
        with pytest.raises(NotVisible):
            added(cast, case, who)
    assert added(cast, case, "lee").record.owner_id == cast.id("alpha")


def test_a_withheld_item_changes_nothing_that_a_partner_sees(cast: Cast, case: Case) -> None:
    shared(cast, case)
    case.record.refresh_from_db()
    before = (case.record.version, case.record.touched_at)
    item = added(cast, case, role="suspect", withheld=True)
    case.record.refresh_from_db()
    assert (case.record.version, case.record.touched_at) == before
    assert item.record.cover_id == item.pk
    assert read_by(cast, "bo", case) == set()
    assert read_by(cast, "ana", case) == {"Jane Roe"}


def test_withholding_and_releasing_takes_an_item_from_a_partner_and_gives_it_back(
    cast: Cast, case: Case
) -> None:
    shared(cast, case)
    item = added(cast, case, role="suspect")
    assert read_by(cast, "bo", case) == {"Jane Roe"}
    held = amend_item(cast.actor("ana"), item.pk, version=1, withheld=True)
    assert (held.withheld, held.record.cover_id) == (True, item.pk)
    assert read_by(cast, "bo", case) == set()
    given = amend_item(cast.actor("ana"), item.pk, version=2, withheld=False)
    assert (given.withheld, given.record.cover_id) == (False, case.pk)
    assert read_by(cast, "bo", case) == {"Jane Roe"}
    kinds = Event.objects.filter(kind__startswith="item.").order_by("seq")
    assert [one.kind for one in kinds] == ["item.added", "item.withheld", "item.released"]


def test_a_partner_reads_what_is_added_later_but_nobody_protected(cast: Cast, case: Case) -> None:
    shared(cast, case)
    added(cast, case, title="Bill", role="suspect")
    added(cast, case, title="Vera", role="victim")
    assert read_by(cast, "bo", case) == {"Bill"}


def test_release_authority_is_told_of_a_protected_item_that_waits(cast: Cast, case: Case) -> None:
    waiting = Message.objects.filter(kind="record.protected_waiting")
    added(cast, case, title="Early", role="victim")
    shared(cast, case)
    added(cast, case, title="Bill", role="suspect")
    added(cast, case, title="Held", role="victim", withheld=True)
    assert not waiting.exists()
    added(cast, case, title="Late", role="victim")
    assert [(one.roster, one.role) for one in waiting] == [(cast.id("alpha"), "supervisor")]


def test_a_partner_with_leave_to_add_adds_its_own_items(cast: Cast, case: Case) -> None:
    shared(cast, case)
    item = added(cast, case, "bo", kind="vehicle", title="Van", role="seen")
    assert (item.record.owner_id, item.record.originator_id, item.record.case_id) == (
        cast.id("bravo"),
        cast.id("bravo"),
        case.pk,
    )
    assert item.record.cover_id not in (case.pk, item.pk)
    assert read_by(cast, "ana", case) == read_by(cast, "bo", case) == {"Van"}
    told = Message.objects.get(kind="record.contributed")
    assert (told.roster, told.subject) == (cast.id("alpha"), item.pk)


def test_a_contribution_is_protected_and_numbered_for_itself(cast: Cast, case: Case) -> None:
    shared(cast, case)
    added(cast, case, role="victim")
    theirs = added(cast, case, "bo", title="Vic", role="victim")
    assert (theirs.record.protected, theirs.record.label) == (True, "Victim 1")


def test_only_whoever_added_an_item_changes_it(cast: Cast, case: Case) -> None:
    shared(cast, case)
    ours = added(cast, case, title="Ours", role="suspect")
    theirs = added(cast, case, "bo", title="Theirs", role="suspect")
    for who, item in (("bo", ours), ("ana", theirs)):
        with pytest.raises(NotAllowed):
            amend_item(cast.actor(who), item.pk, version=1, title="Mine")
    assert amend_item(cast.actor("bo"), theirs.pk, version=1, title="B").record.title == "B"
    assert amend_item(cast.actor("ana"), ours.pk, version=1, title="A").record.title == "A"
    with pytest.raises(NotAllowed):
        amend_case(cast.actor("bo"), case.pk, version=1, title="Mine")


def test_reading_alone_adds_nothing(cast: Cast, case: Case) -> None:
    shared(cast, case, level=Level.VIEW)
    with pytest.raises(NotAllowed):
        added(cast, case, "bo")
    assert read_by(cast, "ana", case) == set()


def test_adding_waits_for_the_recipients_supervisor(cast: Cast, case: Case) -> None:
    request = offer_record(
        cast.actor("ana"),
        record_id=case.pk,
        roster_id=cast.id("bravo"),
        terms=terms(level=Level.CONTRIBUTE),
    )
    approve_request(cast.actor("sam"), request.pk)
    with pytest.raises(NotAllowed) as refused:
        added(cast, case, "bo")
    assert refused.value.code == "not_acknowledged"
    acknowledge_grant(cast.actor("stella"), Grant.objects.get(record_id=case.pk).pk)
    assert added(cast, case, "bo").record.owner_id == cast.id("bravo")


def test_what_is_released_one_by_one_waits_for_its_own_supervisor(cast: Cast, case: Case) -> None:
    shared(cast, case, contributions="each")
    item = added(cast, case, "bo", title="Van", kind="vehicle")
    assert item.withheld is True
    assert read_by(cast, "ana", case) == set()
    assert not Message.objects.filter(kind="record.contributed").exists()
    with pytest.raises(NotAllowed):
        amend_item(cast.actor("bo"), item.pk, version=1, withheld=False)
    amend_item(cast.actor("stella"), item.pk, version=1, withheld=False)
    assert read_by(cast, "ana", case) == {"Van"}


def test_fields_are_merged_and_null_takes_one_away(cast: Cast, case: Case) -> None:
    item = added(cast, case, kind="vehicle", fields={"plate": "abc", "color": "red"})
    saved = amend_item(
        cast.actor("ana"), item.pk, version=1, fields={"color": None, "make": "Honda"}
    )
    assert saved.fields == {"plate": "ABC", "make": "Honda"}
    again = Item.objects.unrestricted("test").get(pk=item.pk)
    assert again.fields == {"plate": "ABC", "make": "Honda"}
    with pytest.raises(Invalid):
        amend_item(cast.actor("ana"), item.pk, version=2, fields=["plate"])


def test_a_stale_version_of_an_item_changes_nothing(cast: Cast, case: Case) -> None:
    item = added(cast, case)
    amend_item(cast.actor("ana"), item.pk, version=1, title="First")
    with pytest.raises(Stale):
        amend_item(cast.actor("sam"), item.pk, version=1, title="Second", role="victim")
    again = Item.objects.unrestricted("test").select_related("record").get(pk=item.pk)
    assert (again.record.title, again.role) == ("First", "")


def test_only_release_authority_unmasks_by_changing_a_role(cast: Cast, case: Case) -> None:
    item = added(cast, case, role="victim")
    still = amend_item(cast.actor("ana"), item.pk, version=1, role="suspect")
    assert (still.role, still.record.protected, still.record.label) == (
        "suspect",
        True,
        "Victim 1",
    )
    titled = amend_item(cast.actor("sam"), item.pk, version=2, title="Jane A. Roe")
    assert titled.record.protected is True
    given = amend_item(cast.actor("sam"), item.pk, version=3, role="suspect")
    assert (given.record.protected, given.record.label) == (False, "Suspect 1")


def test_only_release_authority_takes_a_restriction_off_an_item(cast: Cast, case: Case) -> None:
    item = added(cast, case, restrictions=["juvenile"])
    with pytest.raises(NotAllowed):
        amend_item(cast.actor("ana"), item.pk, version=1, restrictions=[])
    assert (
        amend_item(cast.actor("sam"), item.pk, version=1, restrictions=[]).record.restrictions == []
    )


def test_an_item_is_raised_within_ones_own_ceiling(cast: Cast, case: Case) -> None:
    item = added(cast, case)
    with pytest.raises(Invalid):
        amend_item(cast.actor("ana"), item.pk, version=1, sensitivity="highly_confidential")
    raised = amend_item(cast.actor("ana"), item.pk, version=1, sensitivity="confidential")
    assert raised.record.sensitivity == 3
    assert (
        amend_item(cast.actor("ana"), item.pk, version=2, sensitivity="routine").record.sensitivity
        == 2
    )


def test_an_unknown_change_is_refused_and_a_stranger_finds_nothing(cast: Cast, case: Case) -> None:
    item = added(cast, case)
    with pytest.raises(Invalid):
        amend_item(cast.actor("ana"), item.pk, version=1, kind="vehicle")
    with pytest.raises(NotVisible):
        amend_item(cast.actor("bo"), item.pk, version=1, title="Mine")


def test_an_item_is_found_by_identity_only_in_full(cast: Cast, case: Case) -> None:
    item = added(
        cast,
        case,
        role="victim",
        fields={"given": "Jane", "surname": "Roe", "aliases": ["Janey"], "phone": "212 555 0133"},
    )
    found = {one.level: one for one in SearchDocument.objects.filter(record=item.pk)}
    assert set(found) == {Level.SUMMARY, Level.VIEW}
    assert (found[2].text, found[2].names, found[2].keys) == ("Victim 1 Person", "", [])
    assert found[3].names == "JANE ROE\nJANEY"
    assert "2125550133" in found[3].keys


def test_a_vehicle_is_found_by_its_plate_with_and_without_state(cast: Cast, case: Case) -> None:
    item = added(
        cast,
        case,
        kind="vehicle",
        title="Civic",
        fields={"plate": "8KT 417", "plate_state": "or", "vin": "1HGCM82633A004352"},
    )
    document = SearchDocument.objects.get(record=item.pk)
    assert set(document.keys) == {"8KT417", "OR8KT417", "1HGCM82633A004352"}
