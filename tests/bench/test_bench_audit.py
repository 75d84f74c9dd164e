"""The measurement of the auditor's question runs, on a ledger too small to say anything."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.bench.test_bench import ROOT


@pytest.mark.slow
def test_the_auditors_question_is_measured(cloned_database: str) -> None:
    command = [sys.executable, "manage.py", "bench_audit", "--events", "600", "--runs", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line.split(":")[0] for line in done.stdout.splitlines()]
    assert lines[-9:] == [
        "writing 600 events",
        *("QUIET-1", "QUIET-1, page", "QUIET-1, CSV", "QUIET-1, PDF"),
        *("BUSY-1", "BUSY-1, page", "BUSY-1, CSV", "BUSY-1, PDF"),
    ]
