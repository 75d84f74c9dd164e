"""Closed by default: whatever reads records raises until the query says for whom or why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Now

from agencies.models import Agency
from cases.models import Case
from sharing.actions import Action
from sharing.models import Grant, Record, Revision, SearchDocument, ShareRequest
from sharing.sealed.queryset import SealedQuerySet
from sharing.sealed.refusals import FollowedToRecord, UnopenedRead
from tests.sharing import factory as make

KEY = "3f1c9c1e-0000-4000-8000-000000000001"


class Shelf(make.World):
    """One case of Alpha with an item, shared with Bravo."""

    def __init__(self) -> None:
        super().__init__()
        self.case = make.a_case(self.alpha)
        self.item = make.an_item(self.case.record)
        self.grant = self.share(self.case.record)
        self.fresh = Grant.objects.get(pk=self.grant.pk)

    @property
    def opened(self) -> SealedQuerySet[Record]:
        """Return what Bo may know of."""
        return Record.objects.permitting(self.bo, Action.KNOW)


@pytest.fixture
def shelf(db: None) -> Shelf:
    return Shelf()


Read = Callable[[SealedQuerySet[Any]], Any]

READS: dict[str, Read] = {
    "list": list,
    "bool": bool,
    "len": len,
    "repr": repr,
    "index": lambda q: q[0],
    "slice": lambda q: list(q[:1]),
    "get": lambda q: q.get(pk=KEY),
    "first": lambda q: q.first(),
    "last": lambda q: q.last(),
    "earliest": lambda q: q.earliest("pk"),
    "latest": lambda q: q.latest("pk"),
    "count": lambda q: q.count(),
    "exists": lambda q: q.exists(),
    "contains": lambda q: q.contains(q.model(pk=KEY)),
    "iterator": lambda q: list(q.iterator()),
    "aggregate": lambda q: q.aggregate(Count("pk")),
    "annotate": lambda q: list(q.annotate(n=Count("pk"))),
    "values": lambda q: list(q.values()),
    "values_list": lambda q: list(q.values_list("pk", flat=True)),
    "only": lambda q: list(q.only("pk")),
    "distinct": lambda q: list(q.distinct()),
    "in_bulk": lambda q: q.in_bulk([KEY]),
    "explain": lambda q: q.explain(),
    "sql": lambda q: str(q.query),
    "lock": lambda q: list(q.select_for_update()),
    "other alias": lambda q: list(q.using("owner")),
    "union": lambda q: list(q.union(q)),
    "intersection": lambda q: list(q.intersection(q)),
    "difference": lambda q: q.difference(q).count(),
    "or": lambda q: list(q | q),
    "and": lambda q: list(q & q),
    "xor": lambda q: list(q ^ q),
    "raw": lambda q: list(q.raw("SELECT * FROM sharing_record")),
    "subquery": lambda q: list(Agency.objects.annotate(x=Subquery(q.values("pk")[:1]))),
    "exists in another": lambda q: list(Agency.objects.filter(Exists(q.filter(pk=OuterRef("pk"))))),
    "in another": lambda q: list(Agency.objects.filter(pk__in=q.values("pk"))),
    "query in another": lambda q: list(Agency.objects.filter(pk__in=q.values("pk").query)),
    "get or create": lambda q: q.get_or_create(pk=KEY),
    "update or create": lambda q: q.update_or_create(pk=KEY),
    "update": lambda q: q.update(pk=KEY),
    "delete": lambda q: q.delete(),
    "bulk update": lambda q: q.bulk_update([q.model(pk=KEY)], [q.model._meta.fields[1].name]),
    "bulk create over others": lambda q: q.bulk_create([q.model(pk=KEY)], ignore_conflicts=True),
    "bulk create into others": lambda q: q.bulk_create(
        [q.model(pk=KEY)],
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[q.model._meta.fields[1].name],
    ),
    "select_related": lambda q: list(q.select_related()),
    "dates": lambda q: list(q.dates("created_at", "day") if q.model is Record else q),
    "async get": lambda q: async_to_sync(q.aget)(pk=KEY),
    "async count": lambda q: async_to_sync(q.acount)(),
    "async exists": lambda q: async_to_sync(q.aexists)(),
    "async first": lambda q: async_to_sync(q.afirst)(),
    "async update": lambda q: async_to_sync(q.aupdate)(pk=KEY),
    "async delete": lambda q: async_to_sync(q.adelete)(),
    "serializer": lambda q: serializers.serialize("json", q),
}


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("model", [Record, Case])
def test_a_read_that_names_no_reader_raises(shelf: Shelf, model: Any, read: str) -> None:
    with pytest.raises(UnopenedRead):
        READS[read](model.objects.all())


REACHED: dict[str, Callable[[Shelf], Any]] = {
    "forward key": lambda s: s.fresh.record,
    "key of a part": lambda s: Case.objects.unrestricted("a test").get().record,
    "body": lambda s: s.opened.get(pk=s.case.pk).case_body,
    "reverse manager": lambda s: list(s.alpha.owned_records.all()),
    "reverse manager's count": lambda s: s.alpha.owned_records.count(),
    "parts": lambda s: list(s.case.record.parts.all()),
    "cover": lambda s: s.opened.get(pk=s.item.pk).cover.title,
    "select_related from elsewhere": lambda s: list(Grant.objects.select_related("record")),
    "select_related beside": lambda s: list(s.opened.select_related("case")),
    "select_related two away": lambda s: list(Grant.objects.select_related("record__owner")),
    "prefetch from elsewhere": lambda s: list(Grant.objects.prefetch_related("record")),
    "prefetch of parts": lambda s: list(s.opened.prefetch_related("parts")),
    "prefetch of an agency's": lambda s: list(Agency.objects.prefetch_related("owned_records")),
    "prefetch of its own query": lambda s: list(
        Agency.objects.prefetch_related(Prefetch("owned_records", Record.objects.all()))
    ),
    "never read": lambda s: Record(pk=s.case.pk).refresh_from_db(),
    "plain queryset": lambda s: list(models.QuerySet(Record)),
    "dump": lambda s: call_command("dumpdata", "sharing.Record"),
    "deletion's look around": lambda s: s.item.delete(),
}


@pytest.mark.parametrize("way", REACHED)
def test_a_record_reached_by_another_way_raises(shelf: Shelf, way: str) -> None:
    with pytest.raises((UnopenedRead, CommandError)) as refused:
        REACHED[way](shelf)
    assert "permitting" in str(refused.value) or "relation" in str(refused.value)


FOLLOWED: dict[str, Callable[[Shelf], Any]] = {
    "filter": lambda s: Grant.objects.filter(record__title="x").exists(),
    "exclude": lambda s: Grant.objects.exclude(record__title="x").count(),
    "values": lambda s: list(Grant.objects.values("record__title")),
    "order": lambda s: list(Grant.objects.order_by("record__title")),
    "annotate": lambda s: list(Revision.objects.annotate(t=F("record__title"))),
    "aggregate": lambda s: ShareRequest.objects.aggregate(n=Count("record__title")),
    "document": lambda s: SearchDocument.objects.filter(record__protected=True).count(),
    "beside": lambda s: list(s.opened.filter(case__title="x")),
    "cover": lambda s: list(s.opened.values("cover__title")),
    "parts": lambda s: s.opened.filter(parts__title="x").count(),
    "covered": lambda s: s.opened.annotate(n=Count("covered")).count(),
    "agency": lambda s: Agency.objects.filter(owned_records__title="x").exists(),
    "agency's count": lambda s: list(Agency.objects.annotate(n=Count("originated_records"))),
    "two away": lambda s: Grant.objects.filter(record__owner__name="x").exists(),
    "part of a part": lambda s: list(
        Case.objects.permitting(s.bo, Action.KNOW).filter(record__parts__title="x")
    ),
    "Q": lambda s: Grant.objects.filter(Q(record__title="x") | Q(level=1)).exists(),
}


@pytest.mark.parametrize("way", FOLLOWED)
def test_no_query_follows_a_relation_to_records(shelf: Shelf, way: str) -> None:
    with pytest.raises(FollowedToRecord):
        FOLLOWED[way](shelf)


def test_relations_that_lead_away_from_records_and_ids_are_followed(shelf: Shelf) -> None:
    key = shelf.case.pk
    assert Grant.objects.filter(record=key, record_id=key, record__isnull=False).count() == 1
    assert Grant.objects.filter(record__in=shelf.opened).count() == 1
    assert shelf.opened.filter(owner__name="Alpha Police", case=None).get().pk == key
    assert shelf.opened.filter(grants__pk=shelf.grant.pk).get().pk == key
    cases = Case.objects.permitting(shelf.bo, Action.KNOW)
    assert cases.filter(record__status="open").select_related("record__owner").get().pk == key
    assert shelf.alpha.owned_records.permitting(shelf.bo, Action.KNOW).count() == 2
    assert shelf.case.record.parts.permitting(shelf.bo, Action.KNOW).get().pk == shelf.item.pk


@pytest.mark.parametrize("read", ["list", "count", "exists", "values", "or", "union"])
def test_the_same_reads_answer_once_opened(shelf: Shelf, read: str) -> None:
    expected = {
        "count": 2,
        "exists": True,
        "values": shelf.opened.values(),
    }
    answer = READS[read](shelf.opened)
    if read in ("list", "or", "union"):
        assert {one.pk for one in answer} == {shelf.case.pk, shelf.item.pk}
    else:
        assert answer == type(answer)(expected[read])


def test_a_combination_is_open_only_if_all_its_parts_are(shelf: Shelf) -> None:
    closed, opened = Record.objects.all(), shelf.opened
    for combined in (
        opened | closed,
        closed | opened,
        opened & closed,
        opened ^ closed,
        opened.union(closed),
        closed.union(opened),
        opened.intersection(closed),
    ):
        with pytest.raises(UnopenedRead):
            list(combined)
    assert (opened | opened).count() == 2


def test_combining_with_nothing_leaves_both_as_they_were(shelf: Shelf) -> None:
    opened = shelf.opened
    with pytest.raises(UnopenedRead):
        list(Record.objects.none() | opened)
    assert opened.count() == 2
    assert (opened.none() | opened).count() == 2


def test_opening_one_query_opens_no_other(shelf: Shelf) -> None:
    query = Record.objects.all()
    assert query.unrestricted("a test").count() == 2
    with pytest.raises(UnopenedRead):
        query.count()


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_must_say_something(db: None, reason: str) -> None:
    with pytest.raises(UnopenedRead):
        Record.objects.unrestricted(reason)


def test_what_was_read_or_written_may_be_read_again(shelf: Shelf) -> None:
    record = shelf.opened.only("pk").get(pk=shelf.case.pk)
    assert record.title == shelf.case.record.title
    make.change(shelf.case.record, title="New")
    record.refresh_from_db()
    assert record.title == "New"
    with pytest.raises(UnopenedRead):
        record.refresh_from_db(from_queryset=Record.objects.all())


def test_a_prefetch_may_name_its_reader(shelf: Shelf) -> None:
    parts = Prefetch("parts", shelf.opened, to_attr="reached")
    case = shelf.opened.prefetch_related(parts).get(pk=shelf.case.pk)
    assert [part.pk for part in case.reached] == [shelf.item.pk]


def test_new_rows_are_written_without_opening(shelf: Shelf) -> None:
    Record.objects.bulk_create([Record(**copied(shelf.case.record))])
    assert Record.objects.unrestricted("a test").count() == 3
    assert Record.objects.unrestricted("a test").filter(title="new").update(touched_at=Now()) == 0


def copied(record: Record) -> dict[str, Any]:
    from uuid import uuid4

    key = uuid4()
    names = ("kind", "owner_id", "originator_id", "title", "category")
    return {name: getattr(record, name) for name in names} | {"id": key, "cover_id": key}


def test_nothing_is_read_while_another_row_is_being_built(shelf: Shelf) -> None:
    for record in shelf.opened:
        with pytest.raises(UnopenedRead):
            Record.from_db("default", ["id"], [record.pk])
