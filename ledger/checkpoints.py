"""Roots kept outside the database, which whoever owns the database cannot rewrite with it."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from ledger.models import Seal

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checkpoint:
    """One batch and its root, a line of JSON in a file."""

    number: int
    root: str
    sealed_at: str


def newest_checkpoint() -> Checkpoint | None:
    """Return the last batch sealed, if any."""
    seal = Seal.objects.order_by("number").last()
    return Checkpoint(seal.number, seal.root, seal.sealed_at.isoformat()) if seal else None


def append_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Add a line to the file at *path* in one write and have it reach the disk."""
    line = json.dumps(asdict(checkpoint)) + "\n"
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line.encode())
        os.fsync(file)
    finally:
        os.close(file)


def read_checkpoints(lines: Iterable[str]) -> list[Checkpoint]:
    """Return the checkpoints in *lines*; raise ValueError naming a line that is none."""
    checkpoints = []
    for at, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            checkpoints.append(
                Checkpoint(int(fields["number"]), str(fields["root"]), str(fields["sealed_at"]))
            )
        except (ValueError, TypeError, KeyError):
            raise ValueError(f"line {at} is not a checkpoint") from None
    return checkpoints


def keep_newest_root() -> None:
    """Append the newest root to the file LEDGER_CHECKPOINTS; a full disk stops no sealing."""
    path = getattr(settings, "LEDGER_CHECKPOINTS", None)
    checkpoint = newest_checkpoint()
    if not path or checkpoint is None:
        return
    try:
        append_checkpoint(Path(path), checkpoint)
    except OSError as error:
        logger.error("checkpoint.not_kept", extra={"error": str(error)})
