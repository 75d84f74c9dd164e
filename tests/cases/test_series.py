"""Series: made of cases one may list, shown to each reader as far as they may know."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agencies.codes import Sensitivity
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from cases.models import Case, SeriesMember
from cases.series import members_of, own_series, series_of, series_page
from cases.services import add_to_series, amend_case, make_series, open_case, take_out_of_series
from cases.services import series as series_service
from ledger.models import Event
from sharing.models import Record
from sharing.services import approve_request, offer_record, revoke_grant
from tests.cast import Cast, shared, terms, two_agencies


@pytest.fixture
def cast(db: None) -> Cast:
    """Return Alpha, Bravo, and Charlie, which agreed with Alpha and with Bravo."""
    made = two_agencies()
    made.agency("charlie")
    made.person("ash", "charlie", "analyst")
    made.person("cleo", "charlie", "supervisor")
    made.agree("M2", "alpha", "bravo", "charlie")
    return made


def a_case(cast: Cast, title: str, name: str = "ana", **more: Any) -> Case:
    return open_case(cast.actor(name), title=title, type="burglary", **more)


def record(case: Case) -> Record:
    return Record.objects.unrestricted("a test").get(pk=case.pk)


def a_series(cast: Cast, *members: Case, name: str = "ana") -> Case:
    return make_series(
        cast.actor(name),
        members=[one.pk for one in members],
        title="Garages at noon",
        type="burglary",
    )


def give(cast: Cast, case: Case, to: str, *, by: str = "bo", signed: str = "stella") -> None:
    """Have one agency share a case with another."""
    request = offer_record(cast.actor(by), record_id=case.pk, roster_id=cast.id(to), terms=terms())
    approve_request(cast.actor(signed), request.pk)


def in_series(cast: Cast, name: str, series: Case) -> set[str]:
    return {one.number for one in members_of(cast.actor(name), record(series))}


def part_of(cast: Cast, name: str, case: Case) -> set[str]:
    return {one.number for one in series_of(cast.actor(name), record(case))}


def numbers(*cases: Case) -> set[str]:
    return {one.number for one in cases}


def test_a_series_is_a_case_of_its_own_made_of_others(cast: Cast) -> None:
    one, two = a_case(cast, "One"), a_case(cast, "Two")
    series = a_series(cast, one, two)
    assert record(series).grouping == "series"
    assert in_series(cast, "ana", series) == numbers(one, two)
    assert part_of(cast, "ana", one) == numbers(series)
    event = Event.objects.get(kind="series.extended")
    assert (event.records, event.concerns) == ([series.pk], [cast.id("alpha")])
    assert event.facts["cases"] == [str(one.pk), str(two.pk)]


def test_what_one_may_not_list_is_refused_like_what_is_not_there(cast: Cast) -> None:
    one, hidden = a_case(cast, "One"), a_case(cast, "Bravo's", "bo")
    said = []
    for other in (hidden.pk, cast.id("alpha")):
        with pytest.raises(Invalid) as refused:
            make_series(cast.actor("ana"), members=[one.pk, other], title="A", type="burglary")
        said.append(refused.value.errors)
    assert said[0] == said[1]
    assert not Case.objects.unrestricted("a test").filter(record__grouping="series").exists()
    assert in_series(cast, "ana", a_series(cast, one)) == numbers(one)


def test_a_series_needs_cases_and_no_series_among_them(cast: Cast) -> None:
    with pytest.raises(Invalid, match="Choose the cases"):
        a_series(cast)
    series = a_series(cast, a_case(cast, "One"))
    with pytest.raises(Invalid, match="not of other series"):
        a_series(cast, series)


def test_a_series_has_room_for_so_many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series_service, "MOST", 2)
    one, two, three = (a_case(cast, title) for title in ("One", "Two", "Three"))
    series = a_series(cast, one, two)
    add_to_series(cast.actor("ana"), series.pk, members=[one.pk])
    with pytest.raises(Invalid, match="at most 2"):
        add_to_series(cast.actor("ana"), series.pk, members=[three.pk])


def test_adding_twice_and_taking_out_twice_changes_nothing_more(cast: Cast) -> None:
    one, two = a_case(cast, "One"), a_case(cast, "Two")
    series, ana = a_series(cast, one), cast.actor("ana")
    for _ in range(2):
        add_to_series(ana, series.pk, members=[two.pk, two.pk])
    assert in_series(cast, "ana", series) == numbers(one, two)
    for _ in range(2):
        take_out_of_series(ana, series.pk, member=two.pk)
    assert in_series(cast, "ana", series) == numbers(one)
    kinds = list(Event.objects.filter(kind__startswith="series.").values_list("kind", flat=True))
    assert sorted(kinds) == ["series.extended", "series.extended", "series.reduced"]


def test_only_its_own_agency_changes_a_series(cast: Cast) -> None:
    one = a_case(cast, "One")
    series = a_series(cast, one)
    with pytest.raises(NotVisible):
        take_out_of_series(cast.actor("bo"), series.pk, member=one.pk)
    shared(cast, record(series))
    with pytest.raises(NotAllowed):
        take_out_of_series(cast.actor("bo"), series.pk, member=one.pk)
    with pytest.raises(NotAllowed):
        take_out_of_series(cast.actor("ida"), series.pk, member=one.pk)
    with pytest.raises(Conflict, match="no series"):
        add_to_series(cast.actor("ana"), one.pk, members=[series.pk])


def test_the_series_does_not_move_when_its_members_change(cast: Cast) -> None:
    series = a_series(cast, a_case(cast, "One"))
    before = record(series)
    add_to_series(cast.actor("ana"), series.pk, members=[a_case(cast, "Two").pk])
    after = record(series)
    assert (after.touched_at, after.version) == (before.touched_at, before.version)


def test_whoever_gets_the_series_sees_only_members_that_they_read(cast: Cast) -> None:
    known, secret = a_case(cast, "Known"), a_case(cast, "Secret", findability="silent")
    series = a_series(cast, known, secret)
    shared(cast, record(series))
    assert in_series(cast, "bo", series) == set()
    shared(cast, record(known))
    assert in_series(cast, "bo", series) == numbers(known)
    page = series_page(cast.actor("bo"), record(series))
    assert [one["number"] for one in page["series_cases"]] == [known.number]  # type: ignore[attr-defined]
    assert page["may_change_series"] is False
    assert in_series(cast, "sam", series) == numbers(known, secret)


def test_the_ceiling_holds_in_a_series_too(cast: Cast) -> None:
    closely = a_case(cast, "Closely", sensitivity=Sensitivity.CONFIDENTIAL)
    plain = a_case(cast, "Plain", sensitivity=Sensitivity.ROUTINE)
    series = make_series(
        cast.actor("ana"),
        members=[closely.pk, plain.pk],
        title="Both",
        type="burglary",
        sensitivity=Sensitivity.ROUTINE,
    )
    assert in_series(cast, "abe", series) == numbers(plain)
    assert part_of(cast, "abe", plain) == numbers(series)


def test_a_received_case_joins_without_leave_and_is_carried_to_nobody(cast: Cast) -> None:
    received, own = a_case(cast, "Bravo's", "bo"), a_case(cast, "Ours")
    give(cast, received, "alpha")
    before = Event.objects.filter(concerns__contains=[cast.id("bravo")]).count()
    series = a_series(cast, received, own)
    assert in_series(cast, "ana", series) == numbers(received, own)
    assert Event.objects.filter(concerns__contains=[cast.id("bravo")]).count() == before
    assert part_of(cast, "bo", received) == set()
    shared(cast, record(series), to="charlie")
    shared(cast, record(own), to="charlie")
    give(cast, received, "charlie")
    assert in_series(cast, "ash", series) == numbers(own)
    assert part_of(cast, "ash", received) == set()
    assert part_of(cast, "ash", own) == numbers(series)


def test_the_owner_of_a_member_sees_it_in_a_series_that_it_was_given(cast: Cast) -> None:
    received = a_case(cast, "Bravo's", "bo")
    give(cast, received, "alpha")
    series = a_series(cast, received)
    shared(cast, record(series))
    assert in_series(cast, "bo", series) == numbers(received)
    assert part_of(cast, "bo", received) == numbers(series)


def test_a_member_that_was_lost_is_not_shown_any_more(cast: Cast) -> None:
    received = a_case(cast, "Bravo's", "bo")
    give(cast, received, "alpha")
    series = a_series(cast, received)
    grant = record(received).grants.get()
    revoke_grant(cast.actor("bo"), grant.pk, reason_code="need_ended")
    assert in_series(cast, "ana", series) == set()


def test_what_another_agency_originated_is_carried_to_nobody(cast: Cast) -> None:
    own = a_case(cast, "Ours")
    series = a_series(cast, own)
    shared(cast, record(series))
    shared(cast, record(own))
    assert in_series(cast, "bo", series) == numbers(own)
    Record.objects.unrestricted("a test").filter(pk=own.pk).update(originator=cast.id("charlie"))
    assert in_series(cast, "bo", series) == set()
    assert part_of(cast, "bo", own) == set()


def test_series_to_add_to_are_one_s_own(cast: Cast) -> None:
    series = a_series(cast, a_case(cast, "One"))
    shared(cast, record(series))
    assert own_series(cast.actor("sam")) == [(series.pk, f"{series.number} Garages at noon")]
    assert own_series(cast.actor("bo")) == []
    version = record(series).version
    amend_case(cast.actor("ana"), series.pk, version=version, grouping="investigation")
    assert own_series(cast.actor("sam")) == []


def test_the_database_keeps_links_apart(cast: Cast) -> None:
    one = a_case(cast, "One")
    series = a_series(cast, one)
    for pair in ((series.pk, one.pk), (series.pk, series.pk)):
        with pytest.raises(IntegrityError), transaction.atomic():
            SeriesMember.objects.create(
                series_id=pair[0], member_id=pair[1], added_by=cast.posts["ana"]
            )
