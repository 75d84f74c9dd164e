"""Querysets compiled once: they return what the same queryset made afresh does, for any values."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from agencies.kept import ValueUnmarked
from agencies.models import Agency
from sharing.actions import Action
from sharing.holdings import grants_for
from sharing.models import Grant, Record
from sharing.one_grant import ONE_GRANT
from sharing.one_record import record_for
from sharing.planned import planned
from sharing.sealed.refusals import UnopenedRead
from sharing.services.deciding import LOCKED
from sharing.shapes import Shape, each
from tests.sharing import factory as make


class Shelf(make.World):
    """Two cases of Alpha, one of which Bravo holds."""

    def __init__(self) -> None:
        super().__init__()
        self.case = make.a_case(self.alpha).record
        self.other = make.a_case(self.alpha).record
        self.grant = self.share(self.case)
        self.cyd = make.an_actor(self.charlie, "cyd")


@pytest.fixture
def shelf(db: None) -> Shelf:
    return Shelf()


def opened(shelf: Shelf, actor: Any) -> Grant | None:
    return ONE_GRANT.first(seat=actor.seat, agency=actor.agency_id, grant=shelf.grant.pk)


def test_the_rule_is_asked_for_each_reader_anew(shelf: Shelf) -> None:
    for actor in (shelf.ana, shelf.bo, shelf.cyd):
        afresh = grants_for(actor).filter(pk=shelf.grant.pk).first()
        assert opened(shelf, actor) == afresh
    assert opened(shelf, shelf.bo) is not None
    assert opened(shelf, shelf.cyd) is None


def test_rows_have_every_column_and_what_was_selected_with_them(shelf: Shelf) -> None:
    afresh = grants_for(shelf.bo).get(pk=shelf.grant.pk)
    found = opened(shelf, shelf.bo)
    assert found is not None
    for field in Grant._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(afresh, field.attname)
    with CaptureQueriesContext(connection) as queries:
        assert found.agreement == afresh.agreement
        assert found.roster.agency == afresh.roster.agency
    assert len(queries) == 0


def test_a_record_is_found_by_who_may_and_by_nobody_else(shelf: Shelf) -> None:
    assert record_for(shelf.bo, Action.READ, shelf.case.pk) == shelf.case
    assert record_for(shelf.bo, Action.READ, shelf.other.pk) is None
    assert record_for(shelf.bo, Action.EDIT, shelf.case.pk) is None


def test_values_within_lists_and_of_every_kind_are_put_in_their_places(shelf: Shelf) -> None:
    names: Shape[Agency] = Shape(
        lambda name, keys, until: Agency.objects.filter(
            short_name__in=[name, "Nobody"], pk__in=each(keys), created_at__lt=until
        ),
        name=str,
        keys=list,
        until=datetime,
    )
    values = {"keys": [shelf.alpha.pk, shelf.bravo.pk], "until": make.days(1)}
    assert names.rows(name=shelf.alpha.short_name, **values) == [shelf.alpha]
    assert names.rows(name=shelf.bravo.short_name, **values) == [shelf.bravo]
    assert names.rows(name="Zulu", **values) == []
    assert names.rows(name=shelf.alpha.short_name, **{**values, "keys": []}) == []
    assert names.rows(name=shelf.alpha.short_name, **{**values, "until": make.days(-1)}) == []


def test_a_builder_that_loses_a_value_is_refused(shelf: Shelf) -> None:
    lost: Shape[Agency] = Shape(
        lambda agency, name: Agency.objects.filter(pk=agency), agency=UUID, name=str
    )
    with pytest.raises(ValueUnmarked, match="name"):
        lost.first(agency=shelf.alpha.pk, name="Alpha")


def test_a_sealed_queryset_stays_sealed(shelf: Shelf) -> None:
    sealed: Shape[Record] = Shape(lambda record: Record.objects.filter(pk=record), record=UUID)
    with pytest.raises(UnopenedRead):
        sealed.first(record=shelf.case.pk)


def test_a_row_is_locked_within_a_transaction_alone(cloned_database: str) -> None:
    with transaction.atomic():
        assert LOCKED.rows(request=uuid4()) == []
    with pytest.raises(TransactionManagementError):
        LOCKED.rows(request=uuid4())


def test_a_length_of_time_is_told_from_a_moment_where_a_query_is_planned_once(db: None) -> None:
    young = planned(Agency.objects.filter(created_at__gt=Now() - timedelta(days=1)))
    made = make.an_agency("young")
    assert list(young) == [made]
