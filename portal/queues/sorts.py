"""The sorts of things that wait, in the words of the screen, and what to do when none does."""

from __future__ import annotations

from dataclasses import dataclass

ASK = ("Ask an agency", "request_ask")
OPEN = ("Open a case", "case_new")
CASES = ("Look through the cases", "case_list")
REQUESTS = ("All sharing requests", "request_list")
AGENCIES = ("See who is on board", "agency_list")


@dataclass(frozen=True)
class Sort:
    """One sort of thing that waits; ``rows`` says what its rows are.

    One that does not ``wait`` is there to look things up: with it alone, nothing waits.  ``ways``
    are where to go on from it when it is empty, each by its words and the name of the address.
    """

    key: str
    title: str
    meaning: str
    empty: str
    rows: str = "requests"
    waits: bool = True
    ways: tuple[tuple[str, str], ...] = (REQUESTS,)


DECIDE = Sort(
    "decide",
    "To decide",
    "Sharing requests that wait for your agency's release authority",
    "Nothing waits for your decision. What partners ask for and what your people want to share"
    " comes here, the most urgent first.",
)
DESK = Sort(
    "desk",
    "For the duty desk",
    "Asked by number or in words; attach the case that is meant, or deny",
    "Nobody has asked by number. What comes in is told to your desk at once.",
)
ANSWER = Sort(
    "answer",
    "Awaiting your answer",
    "The owner asked something back before it decides",
    "No owner waits for an answer of yours.",
    ways=(ASK, REQUESTS),
)
ACKNOWLEDGE = Sort(
    "acknowledge",
    "To acknowledge",
    "Access with leave to add, which opens once you confirm it",
    "No access waits for you to confirm it.",
    rows="accesses",
    ways=(CASES,),
)
OVERDUE = Sort(
    "overdue",
    "Overdue",
    "Past the time by which an answer was due, here or with a partner",
    "Nothing is past its time, here or with your partners.",
)
CHANGED = Sort(
    "changed",
    "Changed since your last visit",
    "What others did in cases that you can see",
    "Nothing that you can see was changed by others since you were last here.",
    rows="changes",
    ways=(CASES,),
)
ENDING = Sort(
    "ending",
    "Expiring in 14 days",
    "Access given and received that ends unless it is renewed",
    "No access ends in the next 14 days.",
    rows="accesses",
    ways=(CASES,),
)
SENT = Sort(
    "sent",
    "Awaiting others",
    "Sent by your agency and not yet decided",
    "Your agency has asked for nothing that is still open.",
    waits=False,
    ways=(ASK, OPEN),
)
SHARED = Sort(
    "shared",
    "Shared with us",
    "Access to other agencies' cases, the newest first",
    "No agency shares a case with you yet. Ask one about a person, a vehicle or a number.",
    rows="accesses",
    waits=False,
    ways=(ASK, AGENCIES),
)
GIVEN = Sort(
    "given",
    "Shared by us",
    "Access to your agency's cases, the newest first",
    "Your agency shares no case. Open one and choose Share to let a partner see it.",
    rows="accesses",
    waits=False,
    ways=(OPEN, CASES),
)
