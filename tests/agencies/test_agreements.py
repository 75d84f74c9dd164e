"""Agreements are concluded, joined, left, suspended and ended; task forces work under them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agencies.codes import Level
from agencies.codetable import codes
from agencies.coverage import is_party
from agencies.models import Agency, Agreement, Party
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services import (
    conclude_agreement,
    conclude_participation,
    end_agreement,
    join_agreement,
    leave_agreement,
    resume_agreement,
    set_agency_status,
    suspend_agreement,
)
from tests.agencies.cast import PORTAL, Cast, agreement, days, events, last_event, on_board

Change = Callable[[Any, Agreement], Agreement]
CHANGES = [end_agreement, suspend_agreement, resume_agreement]


def concluded(by: Any, *parties: Agency, **fields: Any) -> Agreement:
    """Return an agreement that *by* enters."""
    values: dict[str, Any] = {
        "title": "Sharing",
        "categories": ["investigation"],
        "purposes": ["criminal_justice"],
        "level": Level.VIEW,
        "effective_at": days(-1),
        "expires_at": days(1),
    }
    return conclude_agreement(by, parties=parties, **values | fields)


def test_an_agreement_is_entered_with_its_parties_and_event(cast: Cast) -> None:
    made = concluded(cast.root, cast.alpha, cast.bravo, cast.alpha, number="2026-004")
    parties = set(made.parties.values_list("agency_id", flat=True))
    assert parties == {cast.alpha.pk, cast.bravo.pk}
    event = last_event()
    assert (event.kind, event.target, set(event.concerns), event.level) == (
        "agreement.concluded",
        made.pk,
        parties,
        "view",
    )
    assert event.facts["number"] == "2026-004"


@pytest.mark.parametrize("name", ["ana", "sam", "kim", "bea"])
def test_only_an_administrator_enters_and_changes_agreements(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        concluded(cast.acts(name), cast.alpha, cast.bravo)
    made = concluded(cast.root, cast.alpha, cast.bravo)
    for change in CHANGES:
        with pytest.raises(NotAllowed):
            change(cast.acts(name), made)
    with pytest.raises(NotAllowed):
        join_agreement(cast.acts(name), made, on_board("delta"))
    with pytest.raises(NotAllowed):
        conclude_participation(cast.acts(name))
    assert suspend_agreement(cast.root, made).suspended_at is not None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"categories": []}, "categories"),
        ({"categories": ["gossip"]}, "categories"),
        ({"purposes": ["licensing"]}, "purposes"),
        ({"level": Level.MANAGE}, "level"),
        ({"onward": "always"}, "onward"),
        ({"kind": "verbal"}, "kind"),
        ({"expires_at": days(-2)}, "expires_at"),
        ({"number": "x" * 21}, "number"),
    ],
)
def test_a_wrong_term_is_refused_by_its_field(
    cast: Cast, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        concluded(PORTAL, cast.alpha, cast.bravo, **fields)
    assert set(refusal.value.errors) == {field}
    assert not Agreement.objects.exists()


def test_it_takes_two_agencies_that_are_on_board(cast: Cast) -> None:
    with pytest.raises(Invalid, match="2 agencies or more"):
        concluded(PORTAL, cast.alpha, cast.alpha)
    entry = Agency.objects.create(name="Delta", ori="ZZ0010000")
    with pytest.raises(Conflict, match="Delta is not on board"):
        concluded(PORTAL, cast.alpha, entry)
    assert concluded(PORTAL, cast.alpha, cast.bravo).parties.count() == 2


def test_a_number_is_given_once_and_made_up_otherwise(cast: Cast) -> None:
    concluded(PORTAL, cast.alpha, cast.bravo, number="2026-004")
    with pytest.raises(Conflict, match="2026-004 already"):
        concluded(PORTAL, cast.alpha, cast.bravo, number="2026-004")
    numbers = {concluded(PORTAL, cast.alpha, cast.bravo).number for _ in range(5)}
    assert len(numbers) == 5
    assert {number[:5] for number in numbers} == {f"{days(-1).year}-"}


@pytest.mark.parametrize(
    ("change", "event"),
    [(end_agreement, "agreement.ended"), (suspend_agreement, "agreement.suspended")],
)
def test_stopping_an_agreement_stops_it_at_once_and_is_written_once(
    cast: Cast, change: Change, event: str
) -> None:
    made = agreement(cast.alpha, cast.bravo)
    assert is_party(made, cast.alpha.pk)
    stopped = change(cast.root, made)
    assert not is_party(made, cast.alpha.pk)
    written = last_event()
    assert (written.kind, written.target, set(written.concerns)) == (
        event,
        made.pk,
        {cast.alpha.pk, cast.bravo.pk},
    )
    assert stopped.version == made.version + 1
    before = events()
    assert change(cast.root, made).version == stopped.version
    assert events() == before


def test_a_suspended_agreement_is_resumed_and_a_terminated_one_is_not(cast: Cast) -> None:
    made = agreement(cast.alpha, cast.bravo)
    before = events()
    assert resume_agreement(PORTAL, made).version == made.version
    assert events() == before
    suspend_agreement(PORTAL, made)
    resume_agreement(PORTAL, made)
    assert (is_party(made, cast.alpha.pk), last_event().kind) == (True, "agreement.resumed")
    end_agreement(PORTAL, made)
    for change in (suspend_agreement, resume_agreement):
        with pytest.raises(Conflict, match="terminated"):
            change(PORTAL, made)
    with pytest.raises(Conflict, match="terminated"):
        join_agreement(PORTAL, made, on_board("delta"))


def test_one_party_leaves_and_the_others_stay_bound(cast: Cast) -> None:
    delta = on_board("delta")
    made = agreement(cast.alpha, cast.bravo, delta)
    leave_agreement(cast.acts("bea"), made, cast.bravo)
    assert [is_party(made, one.pk) for one in (cast.alpha, cast.bravo, delta)] == [
        True,
        False,
        True,
    ]
    event = last_event()
    assert (event.kind, event.facts["agency"]) == ("agreement.left", str(cast.bravo.pk))
    assert set(event.concerns) == {cast.alpha.pk, cast.bravo.pk, delta.pk}
    before = events()
    leave_agreement(cast.acts("bea"), made, cast.bravo)
    assert events() == before


@pytest.mark.parametrize("name", ["ana", "lee", "ida", "bea"])
def test_an_agency_leaves_by_its_own_coordinator_or_release_authority(
    cast: Cast, name: str
) -> None:
    made = agreement(cast.alpha, cast.bravo)
    with pytest.raises(NotAllowed):
        leave_agreement(cast.acts(name), made, cast.alpha)
    assert leave_agreement(cast.acts("sam"), made, cast.alpha).left_at is not None


def test_whoever_never_signed_cannot_leave(cast: Cast) -> None:
    made = agreement(cast.alpha, cast.bravo)
    with pytest.raises(Conflict, match="not a party"):
        leave_agreement(PORTAL, made, on_board("delta"))


def test_whoever_returns_is_a_new_party_from_then_on(cast: Cast) -> None:
    made = agreement(cast.alpha, cast.bravo)
    left = leave_agreement(PORTAL, made, cast.bravo)
    back = join_agreement(PORTAL, made, cast.bravo)
    assert back.pk != left.pk
    assert left.left_at is not None
    assert back.joined_at > left.left_at
    assert (is_party(made, cast.bravo.pk), last_event().kind) == (True, "agreement.joined")
    before = events()
    assert join_agreement(PORTAL, made, cast.bravo) == back
    assert events() == before
    assert Party.objects.filter(agreement=made, agency=cast.bravo).count() == 2


def test_the_participation_agreement_covers_all_but_what_takes_one_of_its_own(
    cast: Cast,
) -> None:
    set_agency_status(PORTAL, on_board("delta"), status="suspended")
    made = conclude_participation(PORTAL)
    assert (made.kind, made.level) == ("participation", Level.CONTRIBUTE)
    assert set(made.categories) == set(codes("categories")) - {"criminal_intelligence", "gang"}
    assert made.purposes == [
        "criminal_justice",
        "public_safety",
        "exigent",
        "deconfliction",
    ]
    signed = set(made.parties.values_list("agency_id", flat=True))
    assert signed == {cast.alpha.pk, cast.bravo.pk}


def test_whoever_comes_later_joins_the_participation_agreement_in_effect(cast: Cast) -> None:
    first = conclude_participation(PORTAL, agencies=[cast.alpha])
    before = events()
    assert conclude_participation(PORTAL, agencies=[cast.alpha]) == first
    assert events() == before
    assert conclude_participation(PORTAL, agencies=[cast.bravo]) == first
    assert first.parties.count() == 2
    end_agreement(PORTAL, first)
    assert conclude_participation(PORTAL, agencies=[cast.alpha]) != first


def test_a_participation_agreement_takes_somebody_to_sign_it(db: None) -> None:
    with pytest.raises(Conflict, match="No agency"):
        conclude_participation(PORTAL)
