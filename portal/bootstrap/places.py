"""Where things are set up, and what they are set up from."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "liaison-stamps.json"
LOCKS = ROOT / "requirements"
