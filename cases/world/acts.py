"""What the people of a world did with what was shared: each act by a service, one after the other.

Each is a transaction of its own, after the world is loaded: what is read is on the ledger before
it is shown, and so never inside a transaction that could still be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from agencies.actors import Actor
from agencies.refusals import NotVisible
from cases.models import Case, Item
from cases.reach import item_to_change
from cases.services import amend_item, print_case
from cases.services.stopping import stop_sharing
from cases.world.cast import Cast
from cases.world.entries import BrokenWorld, Entry
from cases.world.releases import decide
from sharing.disclosure import open_record
from sharing.models import Grant, ShareRequest
from sharing.recalls import receipts_for
from sharing.services import answer_question, ask_question, revoke_grant
from sharing.services.recalling import answer_recall, send_recall

EVERY = ("do", "by", "agency")


def act(cast: Cast, entry: Entry) -> None:
    """Do one thing as the person named; an unknown or a refused one breaks the world."""
    name = entry.text("do")
    if name not in ACTS:
        raise BrokenWorld(f'{entry.place}: "do" is one of {", ".join(ACTS)}.')
    knows, do = ACTS[name]
    entry.knows(*EVERY, *knows)
    agency = cast.agency(entry, entry.text("agency")).pk if "agency" in entry.values else None
    with entry.blamed():
        do(cast, entry, cast.actor(entry, entry.text("by"), agency))


def _question(cast: Cast, entry: Entry, actor: Actor) -> None:
    ask_question(actor, _thing(cast, entry, "request"), text=entry.text("text"))


def _answer(cast: Cast, entry: Entry, actor: Actor) -> None:
    answer_question(actor, _thing(cast, entry, "request"), text=entry.text("text"))


def _decide(cast: Cast, entry: Entry, actor: Actor) -> None:
    request = ShareRequest.objects.get(pk=_thing(cast, entry, "request"))
    stated = entry.entry("decision") or Entry(entry.place, {})
    decision = Entry(stated.place, {**stated.values, "by": entry.text("by")})
    decide(cast, decision, request, cast.case(entry, entry.text("case")))


def _read(cast: Cast, entry: Entry, actor: Actor) -> None:
    """Open a case or an item as a page does; nothing there is a refusal, and on the ledger too."""
    part = Item if "item" in entry.values else Case
    name = "item" if "item" in entry.values else "case"
    try:
        open_record(actor, part, _thing(cast, entry, name))
    except NotVisible:
        if not entry.flag("refused"):
            raise


def _print(cast: Cast, entry: Entry, actor: Actor) -> None:
    print_case(
        actor,
        _thing(cast, entry, "case"),
        recipient=entry.text("recipient"),
        purpose=entry.text("purpose", "criminal_justice"),
        for_case=entry.text("for_case", ""),
    )


def _correct(cast: Cast, entry: Entry, actor: Actor) -> None:
    item = item_to_change(actor, _thing(cast, entry, "item"))
    amend_item(actor, item.pk, version=item.record.version, fields=entry.get("fields"))


def _stop(cast: Cast, entry: Entry, actor: Actor) -> None:
    """Stop what was shared by mistake, and call it back."""
    recall = stop_sharing(actor, _thing(cast, entry, "item"))
    send_recall(actor, recall.pk, due_at=entry.moment("due", "+3d"))


def _reply(cast: Cast, entry: Entry, actor: Actor) -> None:
    """Say what became of everything that the actor's agency is asked back."""
    for receipt in receipts_for(actor).filter(answer=""):
        answer_recall(actor, receipt.pk, answer=entry.text("answer"), text=entry.text("text", ""))


def _revoke(cast: Cast, entry: Entry, actor: Actor) -> None:
    decision = _thing(cast, entry, "request")
    for grant in Grant.objects.filter(decision=decision, revoked_at__isnull=True):
        revoke_grant(
            actor, grant.pk, reason_code=entry.text("reason_code"), text=entry.text("text", "")
        )


def _thing(cast: Cast, entry: Entry, name: str) -> UUID:
    return cast.thing(entry, entry.text(name))


Act = Callable[[Cast, Entry, Actor], None]
ACTS: dict[str, tuple[tuple[str, ...], Act]] = {
    "question": (("request", "text"), _question),
    "answer": (("request", "text"), _answer),
    "decide": (("request", "case", "decision"), _decide),
    "read": (("case", "item", "refused"), _read),
    "print": (("case", "recipient", "purpose", "for_case"), _print),
    "correct": (("item", "fields"), _correct),
    "stop": (("item", "due"), _stop),
    "reply": (("answer", "text"), _reply),
    "revoke": (("request", "reason_code", "text"), _revoke),
}
"""For each act, the keys that its entries know and what is done."""
