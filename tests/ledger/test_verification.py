"""Whoever rewrites history is found out, and the first row named."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from ledger.checkpoints import Checkpoint, newest_checkpoint, read_checkpoints
from ledger.hashing import COLUMNS
from ledger.models import Event, Seal
from ledger.sealing import seal_batch
from ledger.verification import LedgerBroken, Tally, verify

Write = Callable[..., list[Event]]
Cheat = Callable[..., None]

TABLES = ("ledger_event", "ledger_seal")


@dataclass(frozen=True)
class Ledger:
    """Seven sealed events in batches of three, three and one, and one event not sealed."""

    seqs: list[int]
    kept: list[Checkpoint]

    def sql(self, text: str) -> str:
        """Return *text* with e1 … e8 for the events' numbers."""
        for place, seq in enumerate(self.seqs, start=1):
            text = text.replace(f"e{place}", str(seq))
        return text


@pytest.fixture
def ledger(cloned_database: str, write: Write, settled_at_once: None) -> Ledger:
    events = [write(1)[0] for _ in range(7)]
    kept = []
    while seal_batch(3):
        kept.append(newest_checkpoint())
    events += write(1)
    return Ledger([event.seq for event in events], [one for one in kept if one])


def fault(kept: list[Checkpoint] | None = None) -> str:
    with pytest.raises(LedgerBroken) as caught:
        verify(kept or [])
    return str(caught.value)


class Undo:
    """Cheats one after the other, each undone, so that only it can be what is found."""

    def __init__(self, ledger: Ledger, as_owner: Cheat) -> None:
        self.ledger, self.as_owner = ledger, as_owner
        for table in TABLES:
            as_owner(f"CREATE TABLE {table}_before AS TABLE {table}")

    def fault_of(self, cheat: str) -> str:
        """Return what is found after *cheat*; the ledger is whole again after."""
        self.as_owner(self.ledger.sql(cheat))
        found = fault()
        for table in TABLES:
            self.as_owner(f"DELETE FROM {table}", f"INSERT INTO {table} TABLE {table}_before")
        assert verify(self.ledger.kept).events == 8
        return found


def test_an_empty_ledger_is_whole(cloned_database: str) -> None:
    assert verify() == Tally(sealed=0, batches=0, unsealed=0)


def test_a_whole_ledger_is_counted(ledger: Ledger) -> None:
    assert verify() == verify(ledger.kept) == Tally(sealed=7, batches=3, unsealed=1)
    assert verify().events == 8


def test_putting_triggers_aside_alone_changes_nothing(ledger: Ledger, as_owner: Cheat) -> None:
    as_owner()
    assert verify(ledger.kept).events == 8


CHANGED = {
    "uuid": "gen_random_uuid()",
    "at": "at - interval '1 microsecond'",
    "kind": "'thing.lost'",
    "outcome": "'refused'",
    "person": "NULL",
    "membership": "gen_random_uuid()",
    "agency": "gen_random_uuid()",
    "roles": "'{supervisor,analyst}'",
    "target_kind": "'case'",
    "target": "NULL",
    "records": "ARRAY[gen_random_uuid()]",
    "concerns": "ARRAY[gen_random_uuid()]",
    "level": "'view'",
    "purpose": "'criminal_justice'",
    "for_case": "'BR-77'",
    "basis": """'{"a": 1}'""",
    "facts": """'{"place": 1}'""",
}


def test_every_column_of_an_event_is_sealed() -> None:
    columns = [field.name for field in Event._meta.concrete_fields]
    assert list(COLUMNS[1]) == columns
    assert sorted(columns) == sorted([*CHANGED, "seq", "xid"])


def test_a_changed_column_is_found(ledger: Ledger, as_owner: Cheat) -> None:
    with_undo = Undo(ledger, as_owner)
    found = {
        column: with_undo.fault_of(f"UPDATE ledger_event SET {column} = {value} WHERE seq >= e5")
        for column, value in CHANGED.items()
    }
    assert found == dict.fromkeys(
        CHANGED, ledger.sql("event e5 was changed: its content is not what was sealed")
    )


FAKE = """
INSERT INTO ledger_event (seq, xid, at, uuid, kind, outcome, roles, target_kind, records,
    concerns, level, purpose, for_case, basis, facts)
SELECT 900, {xid}, at, gen_random_uuid(), 'thing.made', 'done', '{{}}', '', '{{}}', '{{}}',
    '', '', '', '{{}}', '{{}}' FROM ledger_event WHERE seq = e4
"""

REWRITTEN = [
    ("DELETE FROM ledger_event WHERE seq IN (e4, e7)", "event e4 was removed"),
    ("DELETE FROM ledger_event WHERE seq = e7", "event e7 was removed"),
    ("DELETE FROM ledger_event WHERE seq <= e3", "event e1 was removed"),
    (FAKE.format(xid="xid"), "event 900 was inserted into a batch already sealed"),
    (FAKE.format(xid="'1'"), "event 900 was inserted into a batch already sealed"),
    (FAKE.format(xid=f"'{2**60}'"), "event 900 bears a transaction that has not begun"),
    (
        "UPDATE ledger_event SET seq = 900 WHERE seq = e2",
        "event 900 was inserted into a batch already sealed",
    ),
    (
        "UPDATE ledger_event SET xid = (SELECT xid FROM ledger_event WHERE seq = e2)"
        " WHERE seq IN (e1, e2)",
        "event e1 was changed: its content is not what was sealed",
    ),
    (
        "UPDATE ledger_event SET xid = (SELECT e.xid FROM ledger_event e WHERE e.seq ="
        " CASE ledger_event.seq WHEN e5 THEN e6 ELSE e5 END) WHERE seq IN (e5, e6)",
        "event e6 was changed: it stands in another place",
    ),
    ("DELETE FROM ledger_seal WHERE number = 1", "batch 1 was removed"),
    ("DELETE FROM ledger_seal WHERE number = 2", "batch 2 was removed"),
    (
        "UPDATE ledger_seal SET previous_root = repeat('a', 64) WHERE number = 2",
        "batch 2 (events e4, e5, e6): it does not follow the batch before",
    ),
]


def test_rewritten_history_is_found_and_the_first_fault_named(
    ledger: Ledger, as_owner: Cheat
) -> None:
    with_undo = Undo(ledger, as_owner)
    found = [(cheat, with_undo.fault_of(cheat)) for cheat, _ in REWRITTEN]
    assert found == [(cheat, ledger.sql(expected)) for cheat, expected in REWRITTEN]


SEAL_CHANGES = [
    "form = 2",
    "root = repeat('a', 64)",
    "last_xid = (last_xid::text::bigint + 1)::text::xid8",
    "last_seq = last_seq + 1",
    "events = events[1:1] || 901 || events[3:3]",
    "events = events[1:2]",
    "events = '{}', leaves = ''",
    "leaves = decode(repeat('00', 96), 'hex')",
    "leaves = substring(leaves FROM 1 FOR 95)",
    "sealed_at = sealed_at + interval '1 microsecond'",
]


def test_a_changed_seal_is_found(ledger: Ledger, as_owner: Cheat) -> None:
    with_undo = Undo(ledger, as_owner)
    for change in SEAL_CHANGES:
        found = with_undo.fault_of(f"UPDATE ledger_seal SET {change} WHERE number = 2")
        assert re.fullmatch(r"batch 2 \(events [0-9, ]*\): its seal was changed", found), change


def test_a_large_bad_batch_is_named_by_its_first_events(
    cloned_database: str, write: Write, settled_at_once: None, as_owner: Cheat
) -> None:
    first = write(9)[0].seq
    seal_batch()
    as_owner("UPDATE ledger_seal SET sealed_at = now()")
    names = ", ".join(str(first + n) for n in range(5))
    assert fault() == f"batch 1 (events {names} and 4 more): its seal was changed"


def test_the_newest_batches_cannot_be_dropped_when_a_checkpoint_names_them(
    ledger: Ledger, as_owner: Cheat
) -> None:
    as_owner(
        "DELETE FROM ledger_seal WHERE number >= 2",
        ledger.sql("DELETE FROM ledger_event WHERE seq >= e4"),
    )
    assert verify() == verify(ledger.kept[:1]) == Tally(sealed=3, batches=1, unsealed=0)
    assert fault(ledger.kept) == "batch 2 was removed: a checkpoint names it"


def test_history_sealed_anew_from_some_point_on_differs_from_its_checkpoint(
    ledger: Ledger, as_owner: Cheat
) -> None:
    as_owner(
        "DELETE FROM ledger_seal WHERE number >= 2",
        ledger.sql("UPDATE ledger_event SET kind = 'thing.lost' WHERE seq = e5"),
    )
    while seal_batch(3):
        pass
    assert verify().batches == 3
    assert fault(ledger.kept) == ledger.sql(
        "batch 2 (events e4, e5, e6): its root is not the one of the checkpoint"
    )
    assert verify(ledger.kept[:1]).events == 8


def test_an_event_not_sealed_yet_is_only_counted(ledger: Ledger, as_owner: Cheat) -> None:
    as_owner(ledger.sql("DELETE FROM ledger_event WHERE seq = e8"))
    assert verify() == Tally(sealed=7, batches=3, unsealed=0)


def test_events_of_one_transaction_are_told_apart_by_their_own_order(
    cloned_database: str, write: Write, settled_at_once: None
) -> None:
    write(5)
    while seal_batch(2):
        pass
    assert verify() == Tally(sealed=5, batches=3, unsealed=0)


def run(**options: Any) -> str:
    out = StringIO()
    call_command("verify_ledger", stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_a_count_when_the_ledger_is_whole(ledger: Ledger) -> None:
    assert run() == "8 events whole: 7 sealed in 3 batches, 1 not sealed yet\n"


def test_the_command_names_the_first_bad_row(ledger: Ledger, as_owner: Cheat) -> None:
    as_owner(ledger.sql("UPDATE ledger_event SET agency = NULL WHERE seq >= e5"))
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("verify_ledger", stdout=out)
    assert caught.value.returncode == 1
    assert out.getvalue() == ledger.sql(
        "event e5 was changed: its content is not what was sealed\n"
    )


def test_the_command_writes_checkpoints_and_compares_with_them(
    ledger: Ledger, as_owner: Cheat, tmp_path: Path
) -> None:
    roots = tmp_path / "roots"
    run(write_checkpoint=roots)
    seal_batch()
    run(write_checkpoint=roots)
    assert [one.number for one in read_checkpoints(roots.read_text().splitlines())] == [3, 4]
    assert run(checkpoint=roots).startswith("8 events whole")
    as_owner("DELETE FROM ledger_seal WHERE number = 4")
    out = StringIO()
    with pytest.raises(CommandError, match="broken"):
        call_command("verify_ledger", checkpoint=roots, stdout=out)
    assert out.getvalue() == "batch 4 was removed: a checkpoint names it\n"


def test_a_broken_ledger_gives_no_checkpoint(
    ledger: Ledger, as_owner: Cheat, tmp_path: Path
) -> None:
    as_owner("DELETE FROM ledger_seal WHERE number = 1")
    with pytest.raises(CommandError):
        run(write_checkpoint=tmp_path / "roots")
    assert not (tmp_path / "roots").exists()


def test_an_empty_ledger_has_no_checkpoint_to_write(cloned_database: str, tmp_path: Path) -> None:
    run(write_checkpoint=tmp_path / "roots")
    assert not (tmp_path / "roots").exists()


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"number": 1}', '{"number": "x", "root": ""}'])
def test_a_line_that_is_no_checkpoint_is_named(line: str) -> None:
    good = '{"number": 1, "root": "aa", "sealed_at": "2026-03-01T00:00:00+00:00"}'
    assert read_checkpoints([good, "\n"]) == [Checkpoint(1, "aa", "2026-03-01T00:00:00+00:00")]
    with pytest.raises(ValueError, match="line 3 is not a checkpoint"):
        read_checkpoints([good, "\n", line])


def test_a_file_that_holds_no_checkpoints_is_no_proof(tmp_path: Path) -> None:
    (tmp_path / "roots").write_text("batch 1 is fine")
    with pytest.raises(CommandError, match="line 1 is not a checkpoint"):
        run(checkpoint=tmp_path / "roots")


def test_a_missing_file_of_checkpoints_is_no_proof(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run(checkpoint=tmp_path / "roots")


def test_proving_and_sealing_do_not_disturb_each_other(ledger: Ledger) -> None:
    with transaction.atomic():
        before = verify()
        seal_batch()
    after = verify(ledger.kept)
    assert (before.events, after.events) == (8, 8)
    assert (after.batches, after.unsealed) == (4, 0)
    assert Seal.objects.count() == 4
