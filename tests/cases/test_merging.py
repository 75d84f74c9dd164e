"""Two at one form: what each changed is joined; what both changed is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from cases.item_form import ItemForm, initial_of
from cases.merging import changed_names, merge, take_choices
from cases.saving import ago

OPENED = initial_of(
    {"plate": "8KTR417", "make": "Honda", "color": "Blue"},
    title="Blue Civic",
    role="used",
    withheld=False,
    version=1,
)


def form(saved: dict[str, Any], **sent: Any) -> ItemForm:
    """Return the form as it is sent by whoever began with OPENED, while *saved* was saved."""
    data = QueryDict(mutable=True)
    mine = {**OPENED, **sent}
    for name, value in mine.items():
        if isinstance(value, list):
            data.setlist(name, value)
        elif value is not False:
            data[name] = str(value)
    return ItemForm(data, kind="vehicle", initial={**OPENED, "version": 4, **saved})


def test_what_only_one_of_them_changed_is_joined() -> None:
    both = form({"fields.make": "Acura"}, **{"fields.color": "Green"})
    merged = merge(both, OPENED)
    assert (merged.clashes, merged.taken) == ([], ["Make"])
    assert (both.data["fields.make"], both.data["fields.color"]) == ("Acura", "Green")
    assert both.data["version"] == "4"
    assert changed_names(both) == {"fields.color"}


def test_what_both_changed_alike_is_no_matter() -> None:
    both = form({"fields.color": "Green"}, **{"fields.color": " Green "})
    merged = merge(both, OPENED)
    assert (merged.clashes, merged.taken) == ([], [])


def test_what_both_changed_differently_is_asked_with_all_three_words() -> None:
    both = form({"role": "seen", "fields.color": "Red"}, role="stolen", **{"fields.color": "Blue"})
    merged = merge(both, OPENED)
    found = [(one.label, one.opened, one.theirs, one.mine) for one in merged.clashes]
    assert found == [("Role in the case", "Used", "Seen", "Stolen")]
    assert merged.taken == ["Color"]
    assert both.data["role"] == "stolen"


def test_without_knowing_how_it_was_opened_every_difference_is_asked() -> None:
    both = form({"fields.make": "Acura"})
    merged = merge(both, None)
    assert [(one.opened, one.theirs, one.mine) for one in merged.clashes] == [
        ("", "Acura", "Honda")
    ]


def test_a_field_that_was_not_on_the_form_stays_as_it_is_saved() -> None:
    both = form({"fields.make": "Acura"}, **{"fields.color": "Green"})
    del both.data["fields.make"]
    assert merge(both, None).taken == ["Make"]
    assert both.data["fields.make"] == "Acura"


def test_holding_back_is_joined_though_an_empty_box_sends_nothing() -> None:
    both = form({"withheld": True}, **{"fields.color": "Green"})
    assert merge(both, OPENED).clashes == []
    assert both.data["withheld"] == "True"
    undone = form({"withheld": False}, withheld="on")
    assert merge(undone, {**OPENED, "withheld": True}).clashes == []
    assert "withheld" not in undone.data


def test_ticked_words_and_times_are_joined_like_others() -> None:
    began = initial_of(
        {"actions": ["Used a key"], "from": "2026-03-01T21:40:00+00:00"},
        title="Entry",
        role="",
        withheld=False,
        version=1,
    )
    sent = QueryDict(mutable=True)
    sent.update({"title": "Entry", "version": "1", "fields.actions.others": ""})
    sent.update({"fields.from_day": "2026-03-01", "fields.from_time": "21:40"})
    sent.setlist("fields.actions", ["Used a key"])
    saved = {**began, "fields.actions": ["Used a key", "Wore gloves"], "version": 2}
    both = ItemForm(sent, kind="event", initial=saved | {"fields.from": "2026-03-02"})
    merged = merge(both, began)
    assert (merged.clashes, sorted(merged.taken)) == ([], ["From", "What they did (MO)"])
    assert both.data.getlist("fields.actions") == ["Used a key", "Wore gloves"]
    assert both.data["fields.from"] == "2026-03-02"
    assert "fields.from_day" not in both.data


def test_choosing_theirs_takes_what_is_saved_and_mine_keeps_what_was_typed() -> None:
    chosen = {"keep.role": "theirs", "keep.fields.color": "mine"}
    both = form({"role": "seen"}, role="stolen", **{"fields.color": "Green"}, **chosen)
    take_choices(both)
    assert (both.data["role"], both.data["fields.color"]) == ("seen", "Green")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-3, "0 s ago"), (20, "20 s ago"), (61, "1 min ago"), (7300, "2 h ago"), (90_000, "1 d ago")],
)
def test_how_long_ago_is_said_in_one_unit(seconds: int, said: str) -> None:
    now = timezone.now()
    assert ago(now - timedelta(seconds=seconds), now=now) == said
