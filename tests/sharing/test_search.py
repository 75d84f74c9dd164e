"""Search: found by what may be seen, told nothing of what may not."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from agencies.actors import Actor
from agencies.codes import Level
from agencies.refusals import Invalid
from sharing.models import Grant, Record, SearchDocument
from sharing.normalize import (
    normalize_name,
    normalize_number,
    normalize_phone,
    normalize_plate,
    normalize_vin,
)
from sharing.search import Narrowed, SearchPage, index_record, search, suggest
from sharing.search.statement import FACETS, statements_of
from tests.sharing import factory as make

SOURCES = ("close", "few", "near", "many", "far", "every")


@pytest.fixture(params=[*SOURCES, "all"])
def world(db: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> make.World:
    """Give a world whose searches are made by one of the statements alone, or as always."""
    if request.param in SOURCES:
        place = SOURCES.index(request.param)

        def only(match: str, **how: Any) -> tuple[str, ...]:
            return (statements_of(match, **how)[place],)

        monkeypatch.setattr("sharing.search.finding.statements_of", only)
    return make.World()


def found(actor: Actor, text: str, **kwargs: Any) -> list[UUID]:
    return [hit.id for hit in search(actor, text, **kwargs).hits]


def a_person_item(case: Record, *names: str, **fields: Any) -> Record:
    item = make.an_item(case, title=names[0], label="Suspect 1", **fields)
    index_record(item.pk, Level.SUMMARY, "Suspect 1 person")
    index_record(item.pk, Level.VIEW, names[0], names=names)
    return item


@pytest.mark.parametrize(
    "typed", ["Smith", "smith, john", "John Smith", "SMITH JO", "Smyth", "Jonh Smith", "smíth"]
)
def test_a_name_is_found_however_it_is_typed(world: make.World, typed: str) -> None:
    item = a_person_item(make.a_record(world.alpha), "John Smith")
    other = a_person_item(make.a_record(world.alpha), "Maria Delgado")
    assert found(world.ana, typed) == [item.pk]
    assert found(world.ana, "delgado") == [other.pk]


def test_accents_make_no_difference_on_either_side(world: make.World) -> None:
    item = a_person_item(make.a_record(world.alpha), "José Muñoz Łaska")
    for typed in ("jose munoz", "José MUÑOZ", "laska", "Łaska, José"):
        assert found(world.ana, typed) == [item.pk]


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        (normalize_phone("(555) 010-0199"), "555-010-0199"),
        (normalize_phone("+1 555 010 0199"), "(555) 010-0199"),
        (normalize_phone("555.010.0199"), "call +1 (555) 010-0199"),
        (normalize_plate("7ABC-123"), "7abc 123"),
        (normalize_plate("7ABC123"), "plate 7ABC·123"),
        (normalize_plate("AB·12 CD"), "ab12cd"),
        (normalize_number("24-1832"), "241832"),
        (normalize_number("24/1832"), "alpha 24-1832"),
        (normalize_vin("1HGCM82633A0O4352"), "1hgcm82633a004352"),
    ],
)
def test_an_identifier_is_found_however_it_is_spelled(
    world: make.World, stored: str, typed: str
) -> None:
    record = make.a_record(world.alpha)
    index_record(record.pk, Level.VIEW, "", keys=[stored])
    assert found(world.ana, typed) == [record.pk]
    assert found(world.ana, "999999") == []


def test_names_and_numbers_are_normalized_to_one_spelling() -> None:
    assert normalize_name("O'Brien-Smith, Seán  M.") == "SEAN M OBRIEN SMITH"
    assert normalize_phone("1 (555) 010-0199") == normalize_phone("5550100199") == "5550100199"
    assert normalize_phone("+44 20 7946 0958") == "442079460958"
    assert normalize_vin("io q") == "100"


def test_a_record_that_may_not_be_seen_changes_nothing(world: make.World) -> None:
    seen = make.a_record(world.bravo, title="Harbor one")
    index_record(seen.pk, Level.SUMMARY, "Harbor one")
    before = search(world.bo, "harbor")
    for findability in Record.Findability.values:
        hidden = make.a_record(world.alpha, findability=findability)
        index_record(hidden.pk, Level.SUMMARY, "Harbor two", names=["Harbor"], keys=["HARBOR"])
    assert search(world.bo, "harbor") == before
    assert [hit.id for hit in before.hits] == [seen.pk]
    assert (before.count, before.capped, before.next) == (1, False, None)
    assert before.facets == {
        "kind": {"case": 1},
        "owner": {"bravo": 1},
        "status": {"open": 1},
        "type": {"robbery": 1},
        "received": {"false": 1},
    }
    assert len(found(world.ana, "harbor")) == 3


def test_what_a_level_hides_is_not_found_by(world: make.World) -> None:
    record = make.a_record(world.alpha, title="Harbor robbery")
    index_record(record.pk, Level.SUMMARY, "Harbor robbery")
    index_record(record.pk, Level.VIEW, "A brown dog barked", keys=["241832"])
    grant = world.share(record, level=Level.POINTER, scope="record")
    assert found(world.bo, "harbor") == []
    Grant.objects.filter(pk=grant.pk).update(level=Level.SUMMARY)
    assert found(world.bo, "harbor") == [record.pk]
    assert found(world.bo, "brown dog") == found(world.bo, "24-1832") == []
    assert search(world.bo, "harbor").hits[0].snippet == "Harbor robbery"
    Grant.objects.filter(pk=grant.pk).update(level=Level.VIEW)
    assert found(world.bo, "brown dog") == found(world.bo, "24-1832") == [record.pk]
    assert search(world.bo, "brown").hits[0].snippet == "A brown dog barked"


def test_a_protected_identity_is_found_only_where_it_is_unmasked(world: make.World) -> None:
    case = make.a_record(world.alpha)
    victim = a_person_item(case, "Jane Roe", protected=True)
    grant = world.share(case, protected_until=make.FOREVER)
    assert found(world.bo, "Jane Roe") == found(world.bo, "Jane Row") == []
    hit = search(world.bo, "suspect").hits[0]
    assert (hit.id, hit.title, hit.snippet) == (victim.pk, "Suspect 1", "Suspect 1 person")
    Grant.objects.filter(pk=grant.pk).update(unmask=True)
    hit = search(world.bo, "Jane Roe").hits[0]
    assert (hit.id, hit.title, hit.level) == (victim.pk, "Jane Roe", Level.VIEW)


def test_an_item_at_summary_shows_its_label_and_never_its_title(world: make.World) -> None:
    case = make.a_record(world.alpha)
    item = a_person_item(case, "John Smith")
    world.share(case, level=Level.SUMMARY)
    assert found(world.bo, "smith") == []
    hit = search(world.bo, "suspect").hits[0]
    assert (hit.id, hit.case, hit.kind, hit.title) == (item.pk, case.pk, "person", "Suspect 1")


def test_a_revoked_grant_takes_a_record_out_of_search_at_once(world: make.World) -> None:
    record = make.a_record(world.alpha)
    index_record(record.pk, Level.SUMMARY, "Harbor")
    grant = world.share(record)
    assert found(world.bo, "harbor") == [record.pk]
    Grant.objects.filter(pk=grant.pk).update(revoked_at=Now(), revoke_reason="error")
    assert search(world.bo, "harbor") == SearchPage([], {key: {} for key in FACETS})


def test_pages_return_each_hit_once_closest_and_newest_first(world: make.World) -> None:
    expected = []
    for number in range(7):
        record = make.a_record(world.bravo if number % 2 else world.alpha)
        index_record(record.pk, Level.SUMMARY, "Harbor")
        if not number % 2:
            world.share(record)
            world.share(record, make.a_membership(world.bravo))
        expected.insert(0, record.pk)
    exact = make.a_record(world.bravo)
    index_record(exact.pk, Level.SUMMARY, "", keys=["HARBOR"])
    make.change(exact, touched_at=make.days(-9))
    seen, after = [], None
    for _ in range(9):
        page = search(world.bo, "harbor", size=3, after=after)
        assert page.count == 8
        seen += [hit.id for hit in page.hits]
        after = page.next
        if after is None:
            break
    assert seen == [exact.pk, *expected]


def test_counts_end_at_the_cap(world: make.World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sharing.search.finding.CAP", 2)
    for _ in range(3):
        index_record(make.a_record(world.alpha).pk, Level.SUMMARY, "Harbor")
    page = search(world.ana, "harbor")
    assert (len(page.hits), page.count, page.capped) == (3, 2, True)
    assert page.facets["kind"] == {"case": 2}


def test_kinds_narrow_to_records_or_to_kinds_of_item(world: make.World) -> None:
    case = make.a_record(world.alpha)
    index_record(case.pk, Level.SUMMARY, "John Smith")
    item = a_person_item(case, "John Smith")
    for kinds, expected in [
        (["case"], {case.pk}),
        (["item"], {item.pk}),
        (["person"], {item.pk}),
        (["person", "case"], {case.pk, item.pk}),
        (["vehicle"], set()),
        (["\x00"], set()),
        ([], {case.pk, item.pk}),
        (None, {case.pk, item.pk}),
    ]:
        assert set(found(world.ana, "smith", narrowed=Narrowed(kinds=kinds))) == expected


@pytest.mark.parametrize(
    "typed", ["", " ", "--", "\x00", "\ud800", "'", "' OR 1=1", "a & b | !c:*", "%", "x" * 10**6]
)
def test_anything_may_be_typed(world: make.World, typed: str) -> None:
    assert search(world.ana, typed).count == 0


def test_anything_may_be_indexed(world: make.World) -> None:
    record = make.a_record(world.alpha)
    index_record(record.pk, Level.VIEW, f"needle {'x' * 5000} {'y ' * 300_000}", names=["'", ""])
    assert found(world.ana, "needle") == [record.pk]
    assert len(search(world.ana, "needle").hits[0].snippet) <= 304


def test_a_short_name_is_found_as_it_is_and_not_by_likeness(world: make.World) -> None:
    item = a_person_item(make.a_record(world.alpha), "Li Wu")
    assert found(world.ana, "wu, li") == [item.pk]
    assert found(world.ana, "lo wu") == []


def test_indexing_again_replaces_and_indexing_nothing_takes_away(world: make.World) -> None:
    record = make.a_record(world.alpha)
    index_record(record.pk, Level.VIEW, "old words")
    index_record(record.pk, Level.VIEW, "new words")
    assert (found(world.ana, "old"), found(world.ana, "new")) == ([], [record.pk])
    index_record(record.pk, Level.VIEW, " ")
    assert not SearchDocument.objects.exists()


def test_a_cursor_of_nobody_is_refused(world: make.World) -> None:
    naive = urlsafe_b64encode(f"1|2026-01-01T00:00:00|{UUID(int=1)}".encode()).decode()
    for bad in ("x", "🙂", "\ud800", "MXx4fHk=", naive):
        with pytest.raises(Invalid):
            search(world.ana, "harbor", after=bad)


def test_somebody_without_a_membership_finds_nothing(world: make.World) -> None:
    index_record(make.a_record(world.alpha).pk, Level.SUMMARY, "Harbor")
    assert found(Actor(person_id=world.ana.person_id), "harbor") == []
    assert len(found(world.ana, "harbor")) == 1


def test_suggestions_are_the_first_hits_of_an_unfinished_word(world: make.World) -> None:
    records = [make.a_record(world.alpha, title=f"Harbor {n}") for n in range(3)]
    for record in records:
        index_record(record.pk, Level.SUMMARY, record.title)
    assert [hit.title for hit in suggest(world.ana, "harb", n=2)] == ["Harbor 2", "Harbor 1"]
    assert suggest(world.bo, "harb") == []


def test_search_is_one_statement_however_much_it_finds(world: make.World) -> None:
    for _ in range(6):
        index_record(make.a_record(world.alpha).pk, Level.SUMMARY, "Harbor")
    with CaptureQueriesContext(connection) as queries:
        search(world.ana, "harbor")
    assert len([query for query in queries if query["sql"].startswith("EXECUTE")]) == 1


def test_a_snippet_is_cut_around_the_word(world: make.World) -> None:
    record = make.a_record(world.alpha)
    index_record(record.pk, Level.VIEW, f"{'before ' * 30}needle, {'after ' * 30}")
    snippet = search(world.ana, "needle").hits[0].snippet
    assert snippet == f"… {'before ' * 8}needle, {'after ' * 15}…"
