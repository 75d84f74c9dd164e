"""What is installed, remembered beside it, so that an interrupted set-up goes on where it was."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from portal.bootstrap import places


def read_stamps() -> dict[str, Any]:
    """Return what was installed last, or nothing."""
    try:
        found: dict[str, Any] = json.loads(places.STAMPS.read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError):
        return {}


def write_stamps(stamps: dict[str, Any]) -> None:
    """Remember what is installed: the Python, its last two locks and the front end's."""
    places.STAMPS.write_text(json.dumps(stamps), encoding="utf-8")


def digest(lock: str, salt: str) -> str:
    """Return a mark that changes with the lock's bytes and with *salt*."""
    return hashlib.sha256((places.LOCKS / lock).read_bytes() + salt.encode()).hexdigest()
