"""Which world an installation holds, so that it is loaded once."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Holding:
    """What is known of the world in a database."""

    digest: str
    database: str
    loaded: bool = False
    accounts: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, world: Path) -> Holding:
        """Return what the file *world* would bring."""
        text = world.read_bytes()
        people: list[dict[str, Any]] = json.loads(text).get("people", [])
        accounts = [
            {name: str(person.get(name, "")) for name in ("email", "name", "password")}
            for person in people
        ]
        return cls(hashlib.sha256(text).hexdigest(), os.environ["DATABASE_URL"], accounts=accounts)

    @classmethod
    def read(cls, marker: Path) -> Holding | None:
        """Return what *marker* says is in this database, or None."""
        try:
            found = cls(**json.loads(marker.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return found if found.database == os.environ["DATABASE_URL"] else None

    def write(self, marker: Path) -> None:
        """Remember it, where only the owner of the folder reads."""
        marker.touch(mode=0o600)
        marker.write_text(json.dumps(asdict(self)), encoding="utf-8")
