"""A report says up to which entry everything is sealed, and what waits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.completeness import completeness
from ledger.models import Event
from ledger.sealing import seal_batch

Write = Callable[..., list[Event]]


def test_before_the_first_seal_everything_waits(cloned_database: str, write: Write) -> None:
    write(3)
    found = completeness()
    assert (found.entry, found.batch, found.root, found.sealed_at) == (0, 0, "", None)
    assert (found.waiting, found.short_root) == (3, "")


@pytest.mark.usefixtures("settled_at_once")
def test_it_is_complete_to_the_last_entry_of_the_last_seal(
    cloned_database: str, write: Write
) -> None:
    last = write(2)[-1]
    seal = seal_batch()
    assert seal is not None
    found = completeness()
    assert (found.entry, found.waiting, found.batch) == (last.seq, 0, seal.number)
    assert (found.sealed_at, found.short_root) == (seal.sealed_at, seal.root[:16])
    write(2)
    later = completeness()
    assert (later.entry, later.waiting) == (last.seq, 2)
