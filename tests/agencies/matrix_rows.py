"""Role by action by own or other agency by state, as one list: whoever acts on people, programs or
agencies does it at an address that has its row here.
"""

from __future__ import annotations

from tests.agencies.matrix import (
    PEOPLE_ROWS,
    Row,
    credential,
    dormant,
    itself,
    person,
    to_clear,
    with_factor,
)
from tests.agencies.matrix_accounts import ACCOUNT_ROWS, disabled, locked, proposed
from tests.agencies.matrix_agencies import AGENCY_ROWS

ROWS: tuple[Row, ...] = (*PEOPLE_ROWS, *ACCOUNT_ROWS, *AGENCY_ROWS)
CHANGES = tuple(row for row in ROWS if row.sends is not None)

STATES_OF_WHO_ASKS = {
    "active": True,
    "restricted": True,
    "suspended": False,
    "post ended": False,
    "post ended ahead": False,
    "post not begun": False,
    "disabled": False,
    "dormant": False,
    "credential lapsed": False,
}
"""In which states somebody who may still may; an agency that is restricted runs its own people."""

STATES_OF_ADMINISTRATORS = {
    "active": True,
    "disabled": False,
    "dormant": False,
    "no administrator any more": False,
}

STATES_OF_NOMINEES = {state: state != "disabled" for state in STATES_OF_WHO_ASKS}
"""Accepting takes no post, and so none in force: what is accepted opens under the new one."""


def states_of(row: Row, *, administrator: bool) -> dict[str, bool]:
    """Return in which states whoever may do this may, and in which no more."""
    if row.action == "accept a nomination":
        return STATES_OF_NOMINEES
    return STATES_OF_ADMINISTRATORS if administrator else STATES_OF_WHO_ASKS


OF_LEE = (person, itself, dormant, credential, with_factor, to_clear, disabled, proposed, locked)
ABOUT_LEE = tuple(row for row in CHANGES if row.made in OF_LEE)
CLOSED_TO: dict[str, frozenset[str]] = {
    "post ended": frozenset(row.action for row in ABOUT_LEE),
    "disabled": frozenset(
        {"disable the duty desk", "ask to clear factors", "confirm the clearing of factors"}
    ),
    "dormant": frozenset(),
}
"""What an agency does no more about somebody in such a state: with the post its charge ends."""
