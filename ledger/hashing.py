"""The hashes that seal the ledger: Merkle trees as in RFC 6962 section 2.1, a prefix per use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

LEAF, NODE, ROOT = b"\x00", b"\x01", b"\x02"
DIGEST_SIZE = 32
NO_ROOT = "0" * 2 * DIGEST_SIZE

FORM = 1
COLUMNS = {
    1: (
        "seq",
        "uuid",
        "xid",
        "at",
        "kind",
        "outcome",
        "person",
        "membership",
        "agency",
        "roles",
        "target_kind",
        "target",
        "records",
        "concerns",
        "level",
        "purpose",
        "for_case",
        "basis",
        "facts",
    )
}
"""What is hashed of an event, by the form of its seal; a column added later makes a new form."""


def canonical(value: object) -> bytes:
    """Return *value* as the one JSON text there is of it: keys sorted, no spaces, times in UTC."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def leaf_hash(columns: Sequence[str], values: Sequence[object]) -> bytes:
    """Return the hash of one event."""
    return sha256(LEAF + canonical(dict(zip(columns, values, strict=True)))).digest()


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """Return the hash of a tree of at least one leaf; the last of an odd row moves up as it is."""
    row = list(leaves)
    while len(row) > 1:
        pairs = zip(row[::2], row[1::2], strict=False)
        odd = row[len(row) & ~1 :]
        row = [sha256(NODE + left + right).digest() for left, right in pairs] + odd
    return row[0]


def root_hash(header: dict[str, object]) -> str:
    """Return the root that closes a batch, of everything its header says."""
    return sha256(ROOT + canonical(header)).hexdigest()


def split_leaves(leaves: bytes) -> Iterator[bytes]:
    """Yield the hashes that a seal keeps end to end."""
    return (leaves[start : start + DIGEST_SIZE] for start in range(0, len(leaves), DIGEST_SIZE))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"no canonical form of {type(value).__name__}")
