"""Saved views: whose they are, who changes them, and with which the list begins."""

from __future__ import annotations

from typing import Any

import pytest

from agencies.refusals import Invalid, NotAllowed, NotVisible
from cases.models import SavedView
from cases.services import change_view, remove_view, save_view
from cases.services import saved_views as service
from cases.services.saved_views import may_change, views_for
from ledger.models import Event
from tests.cast import Cast, two_agencies


@pytest.fixture
def cast(db: None) -> Cast:
    return two_agencies()


def save(cast: Cast, name: str = "ana", **more: Any) -> SavedView:
    values = {"name": "Open burglaries", "query": "status=open", **more}
    return save_view(cast.actor(name), **values)


def seen(cast: Cast, name: str) -> set[str]:
    return {view.name for view in views_for(cast.actor(name))}


def test_one_s_own_view_is_seen_by_nobody_else(cast: Cast) -> None:
    save(cast)
    assert seen(cast, "ana") == {"Open burglaries"}
    assert [seen(cast, name) for name in ("sam", "cora", "bo")] == [set()] * 3


def test_the_agency_s_view_is_seen_by_its_readers_and_its_coordinator(cast: Cast) -> None:
    save(cast, for_agency=True)
    for name in ("ana", "sam", "lee", "cora"):
        assert seen(cast, name) == {"Open burglaries"}, name
    for name in ("bo", "ida"):
        assert seen(cast, name) == set(), name


def test_the_same_name_is_replaced_for_the_same_people(cast: Cast) -> None:
    first = save(cast)
    save_view(cast.actor("ana"), name="OPEN BURGLARIES", query="status=closed")
    view = SavedView.objects.get()
    assert (view.pk, view.name, view.query) == (first.pk, "OPEN BURGLARIES", "status=closed")
    save(cast, for_agency=True)
    save(cast, "sam")
    assert SavedView.objects.count() == 3


def test_nobody_replaces_a_colleague_s_view_for_the_agency(cast: Cast) -> None:
    save(cast, for_agency=True)
    with pytest.raises(NotAllowed):
        save(cast, "lee", for_agency=True, query="")
    save(cast, "sam", for_agency=True, query="type=robbery")
    assert SavedView.objects.get().query == "type=robbery"


@pytest.mark.parametrize(
    ("name", "may"), [("ana", True), ("sam", True), ("cora", True), ("lee", False)]
)
def test_the_agency_s_view_is_changed_by_its_maker_and_its_keepers(
    cast: Cast, name: str, may: bool
) -> None:
    view, actor = save(cast, for_agency=True), cast.actor(name)
    assert may_change(actor, view) == may
    if not may:
        with pytest.raises(NotAllowed):
            change_view(actor, view.pk, name="Mine", for_agency=True, is_default=False)
        with pytest.raises(NotAllowed):
            remove_view(actor, view.pk)
        return
    change_view(actor, view.pk, name="Ours", for_agency=True, is_default=True)
    assert SavedView.objects.get().name == "Ours"
    remove_view(actor, view.pk)
    assert not SavedView.objects.exists()
    kinds = list(Event.objects.filter(kind__startswith="view.").values_list("kind", flat=True))
    assert sorted(kinds) == ["view.changed", "view.removed", "view.saved"]


def test_a_colleague_s_own_view_is_not_there(cast: Cast) -> None:
    view = save(cast)
    for name in ("sam", "cora", "bo"):
        with pytest.raises(NotVisible):
            change_view(cast.actor(name), view.pk, name="A", for_agency=True, is_default=False)
        with pytest.raises(NotVisible):
            remove_view(cast.actor(name), view.pk)


def test_a_view_is_shared_and_taken_back(cast: Cast) -> None:
    view, ana = save(cast), cast.actor("ana")
    change_view(ana, view.pk, name=view.name, for_agency=True, is_default=False)
    assert seen(cast, "lee") == {"Open burglaries"}
    change_view(cast.actor("sam"), view.pk, name=view.name, for_agency=False, is_default=False)
    assert (seen(cast, "sam"), seen(cast, "ana")) == (set(), {"Open burglaries"})


def test_there_is_one_to_begin_with_for_each_and_for_all(cast: Cast) -> None:
    first = save(cast, is_default=True)
    second = save_view(cast.actor("ana"), name="Second", query="", is_default=True)
    ours = save(cast, for_agency=True, is_default=True)
    change_view(cast.actor("ana"), first.pk, name="Mine", for_agency=False, is_default=True)
    firsts = set(SavedView.objects.filter(is_default=True).values_list("pk", flat=True))
    assert firsts == {first.pk, ours.pk}
    assert second.pk not in firsts


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (" ", "Give it a name"),
        ("x" * 61, "longer than 60"),
        ("a\x00b", "cannot be kept"),
        ("Second", "already"),
    ],
)
def test_a_name_that_does_not_do_is_said(cast: Cast, name: str, said: str) -> None:
    view = save(cast)
    save_view(cast.actor("ana"), name="Second", query="")
    with pytest.raises(Invalid, match=said):
        change_view(cast.actor("ana"), view.pk, name=name, for_agency=False, is_default=False)
    view.refresh_from_db()
    assert view.name == "Open burglaries"


def test_words_too_long_to_keep_are_said(cast: Cast) -> None:
    with pytest.raises(Invalid, match="shorten them"):
        save(cast, query="q=" + "x" * 999)
    assert save(cast, query="q=" + "x" * 998).query.startswith("q=x")


def test_there_is_an_end_to_views(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST", 1)
    save(cast)
    save(cast)
    with pytest.raises(Invalid, match="remove one first"):
        save_view(cast.actor("ana"), name="Second", query="")


def test_whoever_reads_no_cases_keeps_no_views(cast: Cast) -> None:
    for name in ("ida", "cora"):
        with pytest.raises(NotAllowed):
            save(cast, name)
