"""Readers of what leaves the portal on paper or as a file: briefing copies, and who saw a case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

from tests.truth.reader import Reader, sample
from tests.truth.readers_on_pages import OPENED, refusal
from tests.truth.seeing import Mark, browser, names_told, seen, told
from tests.truth.table import (
    CASES,
    MASKED,
    OF_CASE,
    PEOPLE,
    TRUTH,
    audited,
    identified,
    reached,
)
from tests.truth.world import World

SENT = {"recipient": "Chief Lee", "purpose": "criminal_justice", "for_case": "BR-77"}
ASKING = ("supervisor", "auditor")
ANSWERED = 'id="part-outside"'


def as_json(template: str, data: Mapping[str, Any]) -> bytes:
    """Stand in for the setter of paper: what would be set, to be read by a test."""
    return json.dumps(data).encode()


def printable(person: str, case: str) -> bool:
    """Return whether a person has anything of a case in full, with the case at least in summary."""
    much = TRUTH[person]
    full = reached(person, 3, (case, *OF_CASE.get(case, ())))
    return case in reached(person, 2) and any(much[one] != MASKED for one in full)


def form(world: World, person: str) -> set[str]:
    """Return the cases of which the form of a briefing copy opens."""
    client, found = browser(world, person), set()
    for case in sample(person, OPENED, most=1):
        answer = seen(world, person, client.get(f"/cases/{world.records[case]}/briefing/"))
        if answer.status_code == 200:
            found.add(case)
        else:
            assert answer.status_code == (403 if case in reached(person) else refusal(person))
    return found


def papers(world: World, person: str) -> set[str]:
    """Return what is named on the paper of the cases of a sample, all their items on it."""
    client, found = browser(world, person), set()
    for case in sample(person, OPENED, most=1):
        items = reached(person, 2, OF_CASE.get(case, ()))
        sent = SENT | {"items": [str(world.records[one]) for one in items]}
        with patch("cases.views.briefing.typeset", as_json):
            answer = client.post(f"/cases/{world.records[case]}/briefing/", sent)
        found |= names_told(world, "title", seen(world, person, answer))
        assert (answer.status_code == 200) == printable(person, case)
    return found


def on_paper(person: str) -> set[str]:
    """Return what must be named on those papers."""
    cases = [case for case in sample(person, OPENED, most=1) if printable(person, case)]
    return {one for case in cases for one in identified(person, (case, *OF_CASE.get(case, ())))}


def two_cases(person: str) -> tuple[str, ...]:
    """Return two cases about which to ask, others for others."""
    turn = PEOPLE.index(person)
    return (CASES[turn % len(CASES)], CASES[(turn + 3) % len(CASES)])


def asked(world: World, person: str) -> set[str]:
    """Return the cases of a sample of which a person is told who saw them, by id and by number."""
    client, found = browser(world, person), set()
    for case in (*two_cases(person), "ordinary"):
        by_id = client.get(f"/ledger/who/?record={world.records[case]}")
        by_number = client.get(f"/ledger/who/?number={world.numbers[case]}")
        answers = [ANSWERED in answer.content.decode() for answer in (by_id, by_number)]
        assert answers[0] == answers[1]
        found |= {case} if answers[0] else set()
        only_own(world, person, by_id, sent=("id", case))
        only_own(world, person, by_number, sent=("number", case))
    return found


def files(world: World, person: str) -> set[str]:
    """Return the cases of the same sample of which a person may have the answer as a file."""
    client, found = browser(world, person), set()
    for case in (*two_cases(person), "ordinary"):
        sent = {"record": str(world.records[case]), "since": "", "to": ""}
        with patch("sharing.views.audit.typeset", as_json):
            answers = [
                only_own(world, person, client.post("/ledger/who/file/", sent | {"kind": kind}))
                for kind in ("csv", "pdf")
            ]
        assert len({answer.status_code for answer in answers}) == 1
        found |= {case} if answers[0].status_code == 200 else set()
    return found


def only_own(world: World, person: str, answer: Any, *, sent: Mark = ("", "")) -> Any:
    """Return *answer*, unless it tells more than numbers and ids of one's own, or what was sent."""
    marks = told(world, answer) - {sent}
    assert {sort for sort, _ in marks} <= {"number", "id"}, sorted(marks)
    assert {name for _, name in marks} <= audited(person), sorted(marks)
    return answer


def answerable(person: str) -> set[str]:
    """Return the cases of the sample about which a person may ask: release authority, auditors."""
    cases = {*two_cases(person), "ordinary"}
    return cases & audited(person) if person.endswith(ASKING) else set()


READERS: dict[str, Reader] = {
    "form: briefing copy": Reader(
        form, lambda person: {one for one in sample(person, OPENED, 1) if printable(person, one)}
    ),
    "page: briefing copy": Reader(papers, on_paper),
    "page: who saw a case": Reader(asked, answerable),
    "page: who saw a case, as a file": Reader(files, answerable),
}
