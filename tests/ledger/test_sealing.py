"""Events are sealed once, in an order that is final, and followed without a gap."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from ledger import tasks
from ledger.checkpoints import keep_newest_root
from ledger.feeds import events_after
from ledger.hashing import NO_ROOT, canonical, tree_hash
from ledger.models import Event, Position, Seal
from ledger.sealing import ONE_SEALER, YoungerCluster, seal_batch
from tests.ledger.conftest import eventually

Write = Callable[..., list[Event]]


@contextmanager
def open_writer() -> Iterator[Any]:
    """A transaction of another connection that has begun to write and not ended."""
    other = psycopg2.connect(**connection.get_connection_params())
    try:
        with other, other.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
            yield cursor
    finally:
        other.close()


INSERT = """
INSERT INTO ledger_event (uuid, kind, outcome, roles, target_kind, records, concerns,
                          level, purpose, for_case, basis, facts)
VALUES (gen_random_uuid(), 'late.made', 'done', '{}', '', '{}', '{}', '', '', '', '{}', '{}')
RETURNING seq
"""


def test_nothing_is_sealed_where_nothing_happened(cloned_database: str) -> None:
    assert seal_batch() is None
    assert tasks.seal_events() == 0
    assert not Seal.objects.exists()


def test_what_an_older_open_transaction_may_still_precede_waits_and_loses_nothing(
    cloned_database: str, write: Write
) -> None:
    with open_writer() as cursor:
        (quick,) = write()
        assert list(events_after(None)) == []
        assert seal_batch() is None
        cursor.execute(INSERT)
        (late,) = cursor.fetchone()
        assert late > quick.seq
        assert list(events_after(None)) == []
    seqs = eventually(lambda: [event.seq for event in events_after(None)])
    assert seqs == [late, quick.seq]
    seal = seal_batch()
    assert seal is not None
    assert (seal.number, seal.events) == (1, [late, quick.seq])


def test_a_cursor_returns_each_event_once(
    cloned_database: str, write: Write, settled_at_once: None
) -> None:
    written = [event.seq for event in write(3) + write(1) + write(2)]
    seen: list[int] = []
    cursor: Position | None = None
    while page := list(events_after(cursor)[:2]):
        seen += [event.seq for event in page]
        cursor = page[-1].position
    assert seen == written


def test_a_batch_goes_on_where_the_one_before_ended(
    cloned_database: str, write: Write, settled_at_once: None
) -> None:
    written = [event.seq for event in write(3) + write(2)]
    seals = [seal_batch(2), seal_batch(2), seal_batch(2)]
    assert [seal and seal.events for seal in seals] == [written[:2], written[2:4], written[4:]]
    assert seal_batch(2) is None
    first, second, third = Seal.objects.order_by("number")
    assert [first.previous_root, second.previous_root] == [NO_ROOT, first.root]
    assert third.previous_root == second.root
    assert [str(seal) for seal in (first, second)] == ["batch 1", "batch 2"]


def test_only_one_sealer_is_at_work(
    cloned_database: str, write: Write, settled_at_once: None
) -> None:
    write()
    with open_writer() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_SEALER])
        assert seal_batch() is None
    assert seal_batch() is not None


def test_sealers_and_writers_side_by_side_seal_each_event_once(
    write: Write, threads: ThreadPoolExecutor, settled_at_once: None
) -> None:
    jobs = [threads.submit(write, 3) for _ in range(20)]
    jobs += [threads.submit(seal_batch, 7) for _ in range(20)]
    for job in jobs:
        job.result(60)
    tasks.seal_events()
    sealed = [seq for seal in Seal.objects.order_by("number") for seq in seal.events]
    in_order = Event.objects.in_order().values_list("seq", flat=True)
    assert len(sealed) == 60
    assert sealed == list(in_order)


def test_a_ledger_from_a_server_that_had_counted_further_is_not_sealed_out_of_order(
    cloned_database: str, write: Write, settled_at_once: None
) -> None:
    with transaction.atomic():
        seal = Seal(number=1, form=1, previous_root=NO_ROOT, root="1" * 64, last_seq=9)
        seal.last_xid, seal.events, seal.leaves, seal.sealed_at = 2**60, [9], bytes(32), Now()
        seal.save(force_insert=True)
    write()
    with pytest.raises(YoungerCluster, match="1152921504606846976 at the last seal"):
        seal_batch()


def test_the_task_seals_what_is_there_and_keeps_the_newest_root_elsewhere(
    cloned_database: str,
    write: Write,
    settled_at_once: None,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.LEDGER_CHECKPOINTS = str(tmp_path / "roots")
    write(3)
    assert tasks.seal_events() == 3
    assert tasks.seal_events() == 0
    write()
    assert tasks.seal_events() == 1
    lines = (tmp_path / "roots").read_text().splitlines()
    kept = [(json.loads(line)["number"], json.loads(line)["root"]) for line in lines]
    assert kept == list(Seal.objects.order_by("number").values_list("number", "root"))
    assert len(kept) == 2


def test_the_task_ends_in_time(
    cloned_database: str,
    write: Write,
    settled_at_once: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write()
    monkeypatch.setattr(tasks, "LONGEST_ROUND", 0)
    assert tasks.seal_events() == 0
    assert not Seal.objects.exists()


def test_roots_that_cannot_be_kept_stop_no_sealing(
    cloned_database: str,
    write: Write,
    settled_at_once: None,
    settings: Any,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.LEDGER_CHECKPOINTS = str(tmp_path / "no such folder" / "roots")
    write()
    assert tasks.seal_events() == 1
    assert [record.message for record in caplog.records] == ["checkpoint.not_kept"]


def test_there_is_no_root_to_keep_before_the_first_batch(
    cloned_database: str, settings: Any, tmp_path: Path
) -> None:
    settings.LEDGER_CHECKPOINTS = str(tmp_path / "roots")
    keep_newest_root()
    assert not (tmp_path / "roots").exists()


CERTIFICATE_TRANSPARENCY = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]


def test_eight_leaves_have_the_root_of_the_certificate_transparency_test_data() -> None:
    leaves = [sha256(b"\0" + bytes.fromhex(data)).digest() for data in CERTIFICATE_TRANSPARENCY]
    root = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert tree_hash(leaves).hex() == root


@pytest.mark.parametrize("size", range(1, 34))
def test_a_tree_of_any_size_is_the_one_of_the_rfc(size: int) -> None:
    def by_definition(leaves: Sequence[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        half = 1
        while half * 2 < len(leaves):
            half *= 2
        sides = by_definition(leaves[:half]) + by_definition(leaves[half:])
        return sha256(b"\1" + sides).digest()

    leaves = [sha256(bytes([number])).digest() for number in range(size)]
    assert tree_hash(leaves) == by_definition(leaves)


def test_there_is_one_text_of_a_value() -> None:
    one = {"b": [1, None], "a": {"é": UUID(int=1)}}
    assert canonical(one) == (
        b'{"a":{"\\u00e9":"00000000-0000-0000-0000-000000000001"},"b":[1,null]}'
    )
    with pytest.raises(TypeError, match="no canonical form of set"):
        canonical({1})
