"""The signing key of an installation that was given none: made once, kept in its data folder."""

from __future__ import annotations

import secrets
from pathlib import Path


def stored_secret(data: Path) -> str:
    """Return the key kept in *data*, making it first where there is none.

    A half-made key is never read: it is written aside and linked into place, and the first wins.
    """
    kept = data / "secret_key"
    if not kept.exists():
        data.mkdir(parents=True, exist_ok=True)
        draft = data / f"secret_key.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            kept.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept.read_text(encoding="ascii").strip()
