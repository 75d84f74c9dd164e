"""An agency is limited, suspended, reinstated and closed, with a reason, at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from agencies.models import Agency, Membership, Onboarding, Person, PersonalToken, StandingChange
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services import (
    close_agency,
    end_membership,
    leave_agreement,
    limit_agency,
    reinstate_agency,
    set_agency_status,
    suspend_agency,
)
from agencies.standing import CHANGES, MOVES, event_between, step_from
from agencies.tokens import actor_for_token
from tests.agencies.cast import Cast, agreement, events, last_event, on_board
from tests.agencies.test_coverage import found
from tests.agencies.test_tokens import token_of

ACTS: dict[str, tuple[Callable[..., Agency], str, str]] = {
    "limited_access": (limit_agency, "misuse", "agency.limited"),
    "suspended": (suspend_agency, "security_incident", "agency.suspended"),
    "closed": (close_agency, "dissolved", "agency.closed"),
}


@pytest.mark.parametrize("status", ACTS)
def test_each_change_is_one_act_with_its_reason(cast: Cast, status: str) -> None:
    act, reason, event = ACTS[status]
    agency = act(cast.root, cast.bravo, reason_code=reason, text="As told on the phone.")
    assert agency.status == status
    assert (last_event().kind, last_event().facts["reason"]) == (event, reason)
    assert "phone" not in str(last_event().facts)
    change = StandingChange.objects.get()
    assert (change.was, change.now, change.text, change.made_by_id) == (
        "active",
        status,
        "As told on the phone.",
        cast.root.person_id,
    )
    before = events()
    assert act(cast.root, agency, reason_code=reason).version == agency.version
    assert events() == before
    assert StandingChange.objects.count() == 1


@pytest.mark.parametrize("act", [limit_agency, suspend_agency, close_agency, reinstate_agency])
@pytest.mark.parametrize("reason", ["", "because", "merged_in_error"])
def test_a_reason_is_one_of_those_of_the_act(cast: Cast, act: Any, reason: str) -> None:
    with pytest.raises(Invalid, match="Choose a reason"):
        act(cast.root, cast.bravo, reason_code=reason)
    with pytest.raises(Invalid, match="Choose a reason"):
        suspend_agency(cast.root, cast.bravo, reason_code="dissolved")


@pytest.mark.parametrize("name", ["ana", "sam", "kim", "bea"])
def test_only_an_administrator_changes_how_an_agency_stands(cast: Cast, name: str) -> None:
    for act, reason, _ in ACTS.values():
        with pytest.raises(NotAllowed):
            act(cast.acts(name), cast.bravo, reason_code=reason)
    suspend_agency(cast.root, cast.bravo, reason_code="misuse")
    with pytest.raises(NotAllowed):
        reinstate_agency(cast.acts(name), cast.bravo, reason_code="resolved")
    assert reinstate_agency(cast.root, cast.bravo, reason_code="resolved").status == "active"


def test_an_agency_in_its_pilot_comes_back_into_it(cast: Cast) -> None:
    lake = on_board("lake", status="pilot")
    way = Onboarding.objects.create(agency=lake, pilot_ends_at=datetime.now(UTC))
    suspend_agency(cast.root, lake, reason_code="misuse")
    assert reinstate_agency(cast.root, lake, reason_code="resolved").status == "pilot"
    Onboarding.objects.filter(pk=way.pk).update(activated_at=datetime.now(UTC))
    suspend_agency(cast.root, lake, reason_code="misuse")
    assert reinstate_agency(cast.root, lake, reason_code="resolved").status == "active"


def test_an_agency_without_a_pilot_comes_back_active(cast: Cast) -> None:
    Onboarding.objects.create(agency=cast.bravo)
    suspend_agency(cast.root, cast.bravo, reason_code="misuse")
    assert reinstate_agency(cast.root, cast.bravo, reason_code="resolved").status == "active"


def test_suspending_ends_sessions_and_tokens_at_the_next_click(cast: Cast) -> None:
    browser, token = Client(), token_of(cast.ana)
    browser.force_login(Person.objects.get(pk=cast.ana.person_id))
    headers = {"Authorization": f"Bearer {token}"}
    assert browser.get("/agencies/").status_code == 200
    assert Client().get("/api/v1/me", headers=headers).status_code == 200
    suspend_agency(cast.root, cast.alpha, reason_code="security_incident")
    assert browser.get("/agencies/").status_code == 403
    assert Client().get("/api/v1/me", headers=headers).status_code == 401


def test_reinstating_revives_nothing_that_was_ended_meanwhile(cast: Cast) -> None:
    made = agreement(cast.alpha, cast.bravo)
    token = token_of(cast.bea)
    suspend_agency(cast.root, cast.bravo, reason_code="misuse")
    end_membership(cast.root, cast.bo)
    PersonalToken.objects.update(revoked_at=datetime.now(UTC))
    leave_agreement(cast.root, made, cast.bravo)
    reinstate_agency(cast.root, cast.bravo, reason_code="resolved")
    assert not Membership.objects.acting().filter(pk=cast.bo.pk).exists()
    assert actor_for_token(token) is None
    assert found(cast) == []
    assert Membership.objects.acting().filter(pk=cast.bea.pk).exists()


def test_a_closed_agency_stays_closed(cast: Cast) -> None:
    close_agency(cast.root, cast.bravo, reason_code="merged")
    with pytest.raises(Conflict, match="is closed"):
        reinstate_agency(cast.root, cast.bravo, reason_code="resolved")


def test_a_step_on_the_way_is_not_taken_by_setting_the_status(cast: Cast) -> None:
    lake = on_board("lake", status="applied")
    with pytest.raises(Conflict, match="taken by itself"):
        set_agency_status(cast.root, lake, status="verified")
    assert set_agency_status(cast.root, lake, status="closed").status == "closed"


@pytest.mark.parametrize(
    "move", MOVES, ids=lambda move: f"{move.source}-{move.event}-{move.target}"
)
def test_each_move_of_the_table_is_found_by_its_ends(move: Any) -> None:
    assert event_between(move.source, move.target) == move.event
    if move.event not in CHANGES:
        assert step_from(move.source, move.event) == move.target


def test_other_steps_are_refused() -> None:
    with pytest.raises(Conflict, match="not its turn"):
        step_from("applied", "admit")
