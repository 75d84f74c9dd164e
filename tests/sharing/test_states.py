"""The table of transitions: what leads where, and the page made from it."""

from __future__ import annotations

import pytest

from agencies.refusals import Conflict
from sharing.diagrams import page_of_states
from sharing.management.commands.draw_states import PAGE
from sharing.models import ShareRequest
from sharing.transitions import RELEASED, TRANSITIONS, WAITING, leads_to, possible, undo_to

State = ShareRequest.State


def test_the_page_of_states_is_the_one_the_table_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page_of_states()


@pytest.mark.parametrize("one", TRANSITIONS, ids=lambda one: f"{one.source}-{one.event}")
def test_each_transition_leads_where_the_table_says(one: object) -> None:
    assert leads_to(one.source, one.event) == one.target  # type: ignore[attr-defined]


@pytest.mark.parametrize("state", RELEASED)
def test_an_approval_is_only_undone_to_what_was_before_it(state: str) -> None:
    assert {leads_to(state, event) for event in possible(state)} == set(WAITING)
    assert possible(state) == {undo_to(one) for one in WAITING}


@pytest.mark.parametrize("state", [State.DENIED, State.WITHDRAWN, State.LAPSED])
def test_nothing_leads_out_of_a_final_state(state: str) -> None:
    assert possible(state) == set()
    with pytest.raises(Conflict, match="cannot be done now"):
        leads_to(state, "approve")


def test_every_state_is_reached_or_is_where_requests_begin() -> None:
    reached = {one.target for one in TRANSITIONS}
    assert set(State.values) - reached == {State.DRAFT}
