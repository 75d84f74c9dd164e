"""The life of a grant: acknowledged, narrowed, renewed, revoked, released item by item."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from agencies.codes import Level, Sensitivity
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible, Stale
from agencies.services.agency import set_agency_status
from agencies.services.agreement import suspend_agreement
from agencies.services.party import leave_agreement
from ledger.models import Event, Message
from sharing import services
from sharing.actions import Action
from sharing.contributions import contribution_for, contribution_of
from sharing.holdings import (
    allowed_on_grant,
    grant_state,
    grants_for,
    standing_grants_for,
)
from sharing.models import Grant, Record, StandingGrant
from sharing.one_grant import open_grant
from sharing.preview import preview
from sharing.records import amend_record
from sharing.services.releasing import waiting_items
from sharing.services.withholding import release_record, withhold_record
from tests.cast import PORTAL, Cast, a_case, an_item, in_days, readable, shared, terms

pytestmark = pytest.mark.django_db


def standing(cast: Cast, to: str = "bravo", **changes: object) -> StandingGrant:
    request = services.offer_standing(
        cast.actor("ana"),
        roster_id=cast.rosters[to],
        category="investigation",
        terms=terms(**changes),
    )
    services.approve_request(cast.actor("sam"), request.pk)
    return StandingGrant.objects.get(decision=request)


def test_acknowledging_is_the_recipient_s_supervisor_s_and_happens_once(cast: Cast) -> None:
    grant = shared(cast, a_case(cast.actor("ana")))
    with pytest.raises(NotAllowed, match="received"):
        services.acknowledge_grant(cast.actor("sam"), grant.pk)
    with pytest.raises(Invalid):
        services.acknowledge_grant(cast.actor("stella"), grant.pk, contributions="maybe")
    for _ in range(2):
        services.acknowledge_grant(cast.actor("stella"), grant.pk)
    assert Event.objects.filter(kind="grant.acknowledged").count() == 1
    assert contribution_of(cast.id("bravo"), grant.record_id) is None
    seen = open_grant(cast.actor("stella"), grant.pk)
    assert allowed_on_grant(cast.actor("stella"), seen, "active") == ["renew"]


def test_acknowledging_leave_to_add_opens_one_contribution_with_one_grant(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    grant = shared(cast, case, level=Level.CONTRIBUTE)
    for _ in range(2):
        services.acknowledge_grant(cast.actor("stella"), grant.pk, contributions="each")
    contribution, direct = contribution_for(cast.actor("bo"), case.pk)
    assert not direct
    given = Grant.objects.filter(record_id=contribution.pk)
    assert [one.roster_id for one in given] == [cast.id("alpha")]


def test_what_ends_while_it_is_being_acknowledged_is_not_there(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = shared(cast, a_case(cast.actor("ana")))

    def meanwhile(*_: object) -> None:
        services.revoke_grant(cast.actor("ana"), grant.pk, reason_code="need_ended")

    monkeypatch.setattr("sharing.services.acknowledging.lock_record", meanwhile)
    with pytest.raises(NotVisible):
        services.acknowledge_grant(cast.actor("stella"), grant.pk)


def test_adding_takes_leave_and_sight_of_the_case(cast: Cast) -> None:
    case, hidden = a_case(cast.actor("ana")), a_case(cast.actor("ana"), "Hidden")
    shared(cast, case)
    with pytest.raises(NotAllowed, match="leave to add"):
        contribution_for(cast.actor("bo"), case.pk)
    with pytest.raises(NotVisible):
        contribution_for(cast.actor("bo"), hidden.pk)


def test_an_ended_grant_is_neither_acknowledged_nor_there(cast: Cast) -> None:
    grant = shared(cast, a_case(cast.actor("ana")))
    suspend_agreement(PORTAL, cast.agreements["M1"])
    with pytest.raises(NotVisible):
        services.acknowledge_grant(cast.actor("stella"), grant.pk)
    assert grant_state(open_grant(cast.actor("sam"), grant.pk)) == "suspended"


def test_the_state_of_a_grant_is_derived(cast: Cast) -> None:
    grant = shared(cast, a_case(cast.actor("ana")))
    assert grant_state(grant) == "active"
    set_agency_status(PORTAL, cast.agencies["bravo"], status="suspended", reason_code="")
    assert grant_state(grant) == "suspended"
    set_agency_status(PORTAL, cast.agencies["bravo"], status="active", reason_code="")
    assert grant_state(grant) == "active"
    Grant.objects.filter(pk=grant.pk).update(issued_at=in_days(-2), until=in_days(-1))
    assert grant_state(open_grant(cast.actor("sam"), grant.pk)) == "expired"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"level": Level.CONTRIBUTE}, "level"),
        ({"until": in_days(90)}, "until"),
        ({"until": in_days(-1)}, "until"),
        ({"later": "all"}, "later"),
        ({"later": "perhaps"}, "later"),
        ({"export": True}, "export"),
        ({"unmask": True}, "unmask"),
    ],
)
def test_narrowing_refuses_whatever_is_wider(
    cast: Cast, change: dict[str, object], field: str
) -> None:
    grant = shared(cast, a_case(cast.actor("ana")))
    with pytest.raises(Invalid) as refused:
        services.narrow_grant(cast.actor("ana"), grant.pk, **change)  # type: ignore[arg-type]
    assert set(refused.value.errors) == {field}


def test_narrowing_takes_back_names_later_items_and_the_rest(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    an_item(cast.actor("ana"), case, "Jane Roe", protected=True, label="Victim 1")
    grant = shared(cast, case, unmask=True, export=True)
    assert readable(cast, "bo") == {"Burglary series", "Jane Roe"}
    with pytest.raises(Stale):
        services.narrow_grant(cast.actor("ana"), grant.pk, version=9, export=False)
    services.narrow_grant(cast.actor("ana"), grant.pk, unmask=False, export=False)
    assert readable(cast, "bo") == {"Burglary series"}
    services.narrow_grant(cast.actor("ana"), grant.pk, later="no")
    an_item(cast.actor("ana"), case, "Red van")
    assert readable(cast, "bo") == {"Burglary series"}
    services.narrow_grant(cast.actor("ana"), grant.pk, level=Level.POINTER)
    assert readable(cast, "bo") == set()
    assert readable(cast, "bo", Action.KNOW) == {"Burglary series"}
    with pytest.raises(Invalid, match="single items"):
        services.narrow_grant(cast.actor("ana"), grant.pk, items=[uuid4()])


def test_what_has_ended_is_not_narrowed(cast: Cast) -> None:
    grant = shared(cast, a_case(cast.actor("ana")))
    with pytest.raises(NotAllowed):
        services.narrow_grant(cast.actor("bo"), grant.pk, level=Level.SUMMARY)
    services.revoke_grant(cast.actor("ana"), grant.pk, reason_code="need_ended")
    with pytest.raises(Conflict, match="ended already"):
        services.narrow_grant(cast.actor("ana"), grant.pk, level=Level.SUMMARY)


def test_revoking_takes_a_reason_of_the_table_and_the_present_version(cast: Cast) -> None:
    grant = shared(cast, a_case(cast.actor("ana")))
    for reason in ("superseded", "bored"):
        with pytest.raises(Invalid):
            services.revoke_grant(cast.actor("ana"), grant.pk, reason_code=reason)
    with pytest.raises(Stale):
        services.revoke_grant(cast.actor("ana"), grant.pk, reason_code="misuse", version=7)
    services.revoke_grant(
        cast.actor("ana"), grant.pk, reason_code="misuse", text=" Seen it ", version=1
    )
    grant.refresh_from_db()
    assert (grant.revoke_text, grant.revoked_by) == ("Seen it", cast.posts["ana"])
    told = Message.objects.filter(kind="grant.revoked").values_list("roster", flat=True)
    assert list(told) == [cast.id("bravo")]


def test_standing_access_opens_listed_cases_of_the_category_and_ends(cast: Cast) -> None:
    listed = a_case(cast.actor("ana"), "Listed", findability="listed")
    a_case(cast.actor("ana"), "Contact only")
    a_case(cast.actor("ana"), "Incident", findability="listed", category="incident_report")
    an_item(cast.actor("ana"), listed, "Blue Civic")
    an_item(cast.actor("ana"), listed, "Jane Roe", protected=True, label="Victim 1")
    an_item(cast.actor("ana"), listed, "Withheld", cover=None)
    grant = standing(cast)
    assert readable(cast, "bo", Action.READ) == {"Listed", "Blue Civic"}
    assert list(standing_grants_for(cast.actor("bo"), direction="received")) == [grant]
    assert list(standing_grants_for(cast.actor("ana"), state="ended")) == []
    services.acknowledge_grant(cast.actor("stella"), grant.pk)
    services.acknowledge_grant(cast.actor("stella"), grant.pk)
    for refused in (
        lambda: services.narrow_grant(cast.actor("ana"), grant.pk, level=Level.SUMMARY),
        lambda: services.renew_grant(cast.actor("ana"), grant.pk, until=in_days(9), reason="x"),
    ):
        with pytest.raises(NotAllowed, match="Standing"):
            refused()
    for _ in range(2):
        services.revoke_grant(cast.actor("ana"), grant.pk, reason_code="need_ended")
    assert readable(cast, "bo", Action.KNOW) == set()
    assert Event.objects.filter(kind="grant.revoked").count() == 1
    assert grant_state(open_grant(cast.actor("ana"), grant.pk)) == "revoked"


def test_new_standing_access_supersedes_the_old(cast: Cast) -> None:
    first, second = standing(cast), standing(cast, level=Level.SUMMARY)
    first.refresh_from_db()
    assert grant_state(first) == "superseded"
    assert grant_state(second) == "active"


def test_a_task_force_reads_by_its_own_agreement(cast: Cast) -> None:
    cast.agency("charlie")
    cast.person("cleo", "charlie", "analyst")
    cast.agree("M3", "alpha", "bravo", "charlie")
    cast.agree("M4", "alpha", "bravo")
    cast.task_force("river", "alpha", "M3", "bo", "cleo")
    grant = shared(cast, a_case(cast.actor("ana")), to="river")
    assert grant.agreement == cast.agreements["M3"]
    assert readable(cast, "bo") == readable(cast, "cleo") == {"Burglary series"}
    assert readable(cast, "stella") == set()
    assert [one.pk for one in grants_for(cast.actor("cleo"), direction="received")] == [grant.pk]
    assert grant_state(grant) == "active"


def test_a_grant_to_one_person_is_not_their_colleagues(cast: Cast) -> None:
    shared(cast, a_case(cast.actor("ana")), to="bo")
    assert readable(cast, "bo") == {"Burglary series"}
    assert readable(cast, "stella") == set()


def test_release_authority_acknowledges_for_its_own_people_without_reading(cast: Cast) -> None:
    cast.person("low", "bravo", "supervisor", ceiling=Sensitivity.ROUTINE)
    case = a_case(cast.actor("ana"))
    grant = shared(cast, case, to="bo", level=Level.CONTRIBUTE)
    for name in ("low", "sam"):
        with pytest.raises((NotVisible, NotAllowed)):
            services.acknowledge_grant(cast.actor(name), grant.pk)
    services.acknowledge_grant(cast.actor("stella"), grant.pk)
    assert readable(cast, "stella", Action.KNOW) == {"Contribution of Bravo Police"}
    contribution, _ = contribution_for(cast.actor("bo"), case.pk)
    assert contribution.owner_id == cast.id("bravo")
    leave_agreement(PORTAL, cast.agreements["M1"], cast.agencies["bravo"])
    with pytest.raises(NotVisible):
        open_grant(cast.actor("stella"), grant.pk)


def test_standing_access_is_not_listed_to_a_party_that_left(cast: Cast) -> None:
    grant = standing(cast)
    assert list(standing_grants_for(cast.actor("bo"))) == [grant]
    leave_agreement(PORTAL, cast.agreements["M1"], cast.agencies["bravo"])
    assert list(standing_grants_for(cast.actor("bo"))) == []


def test_renewing_chosen_items_asks_for_them_again(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    item = an_item(cast.actor("ana"), case)
    grant = shared(cast, case, items=[item.pk])
    request = services.renew_grant(cast.actor("ana"), grant.pk, until=in_days(60), reason="Longer")
    assert (request.record_id, request.items) == (case.pk, [item.pk])
    services.approve_request(cast.actor("sam"), request.pk)
    assert readable(cast, "bo", Action.READ) == {"Blue Civic"}
    services.revoke_grant(
        cast.actor("ana"),
        Grant.objects.get(record_id=case.pk, revoked_at=None).pk,
        reason_code="need_ended",
    )
    assert readable(cast, "bo", Action.KNOW) == set()
    with pytest.raises(Conflict, match="ended"):
        services.renew_grant(cast.actor("ana"), grant.pk, until=in_days(60), reason="Longer")


def test_a_protected_item_waits_for_one_tap_and_a_second_person(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    grant = shared(cast, case)
    item = an_item(cast.actor("ana"), case, "Jane Roe", protected=True, label="Witness 1")
    assert waiting_items(cast.actor("ana"), grant) == [item.pk]
    request = services.release_item(
        cast.actor("ana"), item.pk, grant_id=grant.pk, reason="She agreed"
    )
    assert readable(cast, "bo") == {"Burglary series"}
    services.approve_request(cast.actor("sam"), request.pk)
    assert readable(cast, "bo") == {"Burglary series", "Jane Roe"}
    assert waiting_items(cast.actor("ana"), grant) == []
    other = a_case(cast.actor("ana"), "Other")
    elsewhere = an_item(cast.actor("ana"), other)
    with pytest.raises(NotAllowed, match="not to the case"):
        services.release_item(cast.actor("ana"), elsewhere.pk, grant_id=grant.pk, reason="Mistake")
    suspend_agreement(PORTAL, cast.agreements["M1"])
    with pytest.raises(Conflict, match="not in force"):
        services.release_item(cast.actor("ana"), item.pk, grant_id=grant.pk, reason="Again")


def test_withholding_what_was_shared_is_a_revocation(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    item = an_item(cast.actor("ana"), case, "Blue Civic")
    grant = shared(cast, case)
    request = services.release_item(cast.actor("ana"), item.pk, grant_id=grant.pk, reason="x")
    services.approve_request(cast.actor("sam"), request.pk)
    before = Record.objects.unrestricted("test").get(pk=case.pk).version
    withheld = withhold_record(cast.actor("ana"), item)
    assert withheld.covers_itself
    assert readable(cast, "bo") == {"Burglary series"}
    assert Record.objects.unrestricted("test").get(pk=case.pk).version == before + 1
    again = withhold_record(cast.actor("ana"), withheld)
    assert again.covered_at == withheld.covered_at
    recalled = Message.objects.filter(kind="record.recalled").values_list("roster", flat=True)
    assert list(recalled) == [cast.id("bravo")]
    withhold_record(cast.actor("ana"), an_item(cast.actor("ana"), a_case(cast.actor("ana"))))
    assert recalled.count() == 1
    release_record(cast.actor("ana"), withheld, cover=case)
    released = release_record(cast.actor("ana"), withheld, cover=case)
    assert released.cover_id == case.pk
    assert readable(cast, "bo") == {"Burglary series", "Blue Civic"}


def test_a_withheld_item_moves_nothing_that_others_can_see(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    before = Record.objects.unrestricted("test").get(pk=case.pk)
    secret = an_item(cast.actor("ana"), case, "Secret", cover=None)
    amended = amend_record(cast.actor("ana"), secret, version=1, content={}, title="Changed")
    after = Record.objects.unrestricted("test").get(pk=case.pk)
    assert (after.version, after.touched_at) == (before.version, before.touched_at)
    assert (amended.version, amended.title) == (2, "Changed")
    with pytest.raises(Stale):
        amend_record(cast.actor("ana"), secret, version=1, content={}, title="Lost")


def test_what_a_cover_covers_moves_it(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    item = an_item(cast.actor("ana"), case)
    before = Record.objects.unrestricted("test").get(pk=case.pk)
    amend_record(cast.actor("ana"), item, version=1, content={}, title="Green Civic")
    after = Record.objects.unrestricted("test").get(pk=case.pk)
    assert after.version == before.version + 1
    assert after.touched_at > before.touched_at


def test_the_preview_counts_what_would_then_be_seen(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    civic = an_item(cast.actor("ana"), case, "Blue Civic")
    an_item(cast.actor("ana"), case, "Jane Roe", protected=True, label="Victim 1")
    an_item(cast.actor("ana"), case, "Note to self", cover=None, label="")
    seen = {
        name: preview(
            cast.actor("ana"), case.pk, roster_id=cast.id("bravo"), level=Level.VIEW, **change
        )
        for name, change in {
            "all": {},
            "unmasked": {"unmask": True},
            "chosen": {"items": [civic.pk]},
        }.items()
    }
    assert {name: (one.shown, one.total) for name, one in seen.items()} == {
        "all": (1, 3),
        "unmasked": (2, 3),
        "chosen": (1, 3),
    }
    assert seen["all"].held_back == ["Victim 1", "Note to self"]
    assert seen["all"].people == 2
    pointer = preview(cast.actor("ana"), case.pk, roster_id=cast.id("bravo"), level=Level.POINTER)
    assert pointer.shown == 0


def test_the_database_itself_refuses_a_second_live_grant(cast: Cast) -> None:
    grant = shared(cast, a_case(cast.actor("ana")))
    twin = Grant.objects.get(pk=grant.pk)
    twin.pk = uuid4()
    with pytest.raises(IntegrityError, match="grant_once_at_a_time"), transaction.atomic():
        twin.save(force_insert=True)
    Grant.objects.filter(pk=grant.pk).update(revoked_at=in_days(0), revoke_reason="need_ended")
    twin.save(force_insert=True)
    assert Grant.objects.count() == 2


def test_grants_are_listed_to_the_two_sides_alone(cast: Cast) -> None:
    cast.agency("charlie")
    cast.person("cleo", "charlie", "analyst")
    case = a_case(cast.actor("ana"))
    grant = shared(cast, case)
    seen = {
        (name, direction): [one.pk for one in grants_for(cast.actor(name), direction=direction)]
        for name in ("ana", "bo", "cleo", "ida")
        for direction in (None, "given", "received")
    }
    holds = {("ana", None), ("ana", "given"), ("bo", None), ("bo", "received")}
    assert seen == {key: [grant.pk] if key in holds else [] for key in seen}
    assert not grants_for(cast.actor("ana"), record=uuid4()).exists()
    assert not grants_for(cast.actor("ana"), state="ended").exists()
    with pytest.raises(NotVisible):
        open_grant(cast.actor("cleo"), grant.pk)
    assert allowed_on_grant(cast.actor("ana"), grant, "active") == ["revoke", "narrow", "renew"]
    assert allowed_on_grant(cast.actor("ana"), grant, "revoked") == []
