"""Readers in the browser around giving: what would be seen, as whom, and what was stopped."""

from __future__ import annotations

from functools import partial
from typing import Any

from sharing.models import Grant
from tests.cast import in_days
from tests.truth.reader import Reader, grant_in_turn, sample, sampled
from tests.truth.readers_on_forms import forms
from tests.truth.readers_on_pages import OPENED, refusal
from tests.truth.recalled import recalled
from tests.truth.seeing import browser, seen, told
from tests.truth.table import reached
from tests.truth.world import World

STOPPED = (*OPENED, "car", "victim", "pawn", "sensitivecar")


def offered(world: World) -> dict[str, Any]:
    """Return the form of an offer to an agency that holds nothing."""
    return {
        "who": str(world.cast.id("golf")),
        "level": "view",
        "which": "all",
        "later": "except_protected",
        "until": in_days(20).date().isoformat(),
        "purpose": "criminal_justice",
        "reason": "Same pry marks",
    }


def panels(world: World, person: str, address: str) -> set[str]:
    """Return the cases of which is told what others would see; known ones of others say no."""
    client, found = browser(world, person), set()
    for name in sample(person, OPENED, most=1):
        path = address.format(world.records[name])
        answer = seen(world, person, client.post(path, offered(world)))
        if answer.status_code == 200:
            found.add(name)
        else:
            assert answer.status_code == (403 if name in reached(person) else refusal(person))
    return found


def as_bravo(world: World, person: str) -> set[str]:
    """Return the case that opens as Bravo sees it."""
    name = grant_in_turn(person)
    grant = Grant.objects.get(
        roster_id=world.cast.id("bravo"), record_id=world.records[name], revoked_at=None
    )
    path = f"/cases/{world.records[name]}/seen/{grant.pk}/"
    answer = seen(world, person, browser(world, person).get(path))
    refused = 403 if name in reached(person) else refusal(person)
    assert answer.status_code in (200, refused)
    return {name} if answer.status_code == 200 else set()


def owned_in_turn(person: str) -> set[str]:
    """Return that case if the person is of its owner and reads it."""
    return reached(person, 5, (grant_in_turn(person),))


CASE = {"ordinary"}
ASKED = (
    *("granted partner", "granted partner's supervisor", "granted partner below the ceiling"),
    *("partner with contact only", "partner with summary", "partner with chosen items"),
    *("partner with later items off", "partner with identities", "task-force member"),
    *("holder of a grant to a person", "partner whose access expired"),
    *("partner whose agreement ended", "partner whose agency left"),
)
"""Who had the case until it was called back; those whose access was revoked never read it."""

ANSWERING = ("owner's analyst", "owner's supervisor", "owner's auditor", "owner's coordinator")
"""Who reads the incident note: who wrote it, and who answers for privacy."""


def notice(world: World, person: str, *, listed: bool) -> set[str]:
    """Return the case of which somebody finds a recall, which names no title though it is gone."""
    recall, client = recalled(world)["recall"], browser(world, person)
    answer = client.get("/recalls/" if listed else f"/recalls/{recall}/")
    holder = person in ASKED
    seen(world, person, answer, besides={("number", "ordinary")} if holder else set())
    if holder:
        assert {sort for sort, _ in told(world, answer)} <= {"number"}
        assert client.get(f"/cases/{world.records['ordinary']}/").status_code == 404
    if listed:
        return CASE if str(recall) in answer.content.decode() or owns(answer) else set()
    assert answer.status_code in (200, 302, refusal(person))
    return CASE if answer.status_code in (200, 302) else set()


def owns(answer: Any) -> bool:
    """Return whether a list leads to what one's own agency called back."""
    return "/mistake/" in answer.content.decode()


def told_of_recall(person: str) -> set[str]:
    """Return the case if a person is asked about it or manages it."""
    return CASE if person in ASKED or reached(person, 5, ("ordinary",)) else set()


def incident(world: World, person: str, *, address: str) -> set[str]:
    """Return the case of which somebody reads the incident note, without its title."""
    made = recalled(world)
    answer = browser(world, person).get(address.format(**made))
    seen(world, person, answer, besides={("number", "ordinary")})
    if answer.status_code != 200:
        return set()
    assert ("title", "ordinary") not in told(world, answer)
    here = address != "/incidents/"
    return CASE if here or str(made["incident"]) in answer.content.decode() else set()


def answered_for(person: str) -> set[str]:
    """Return the case if a person reads its incident note."""
    return CASE if person in ANSWERING else set()


def incident_form(world: World, person: str) -> set[str]:
    """Return the case of which somebody may write the incident note."""
    answer = browser(world, person).get(f"/recalls/{recalled(world)['recall']}/incident/")
    assert seen(world, person, answer).status_code in (200, refusal(person))
    return CASE if answer.status_code == 200 else set()


READERS: dict[str, Reader] = {
    "form: what an offer would show": Reader(
        partial(panels, address="/cases/{}/share/panel/"), sampled(OPENED, 5, most=1)
    ),
    "form: as they would see it": Reader(
        partial(panels, address="/cases/{}/share/seen/"), sampled(OPENED, 5, most=1)
    ),
    "page: as they see it": Reader(as_bravo, owned_in_turn),
    "form: log a disclosure": Reader(
        partial(forms, address="/cases/{}/told/", names=OPENED), sampled(OPENED, 5, most=1)
    ),
    "form: shared by mistake": Reader(
        partial(forms, address="/records/{}/mistake/", names=STOPPED), sampled(STOPPED, 5, most=1)
    ),
    "page: recalls": Reader(partial(notice, listed=True), told_of_recall),
    "page: recall": Reader(partial(notice, listed=False), told_of_recall),
    "form: incident note": Reader(incident_form, lambda person: reached(person, 5, ("ordinary",))),
    "page: incident notes": Reader(partial(incident, address="/incidents/"), answered_for),
    "page: incident note": Reader(
        partial(incident, address="/incidents/{incident}/"), answered_for
    ),
}
