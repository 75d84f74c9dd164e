"""What decides who sees what is covered whole, branch by branch; an average would hide a hole."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import coverage
import pytest

ROOT = Path(__file__).resolve().parent.parent
WHOLE = (
    *("sharing/policy.py", "sharing/reached.py", "sharing/transitions.py"),
    *("*/services.py", "*/services/*.py"),
)


def gaps(report: dict[str, dict[str, dict[str, float]]]) -> dict[str, float]:
    """Return the files of a coverage report that are not covered whole, with their per cent."""
    return {
        name: round(entry["summary"]["percent_covered"], 1)
        for name, entry in report["files"].items()
        if entry["summary"]["percent_covered"] < 100
    }


def measured() -> dict[str, dict[str, dict[str, float]]]:
    """Return what this run covered of the files that must be covered whole."""
    data = coverage.Coverage()
    data.load()
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        data.json_report(outfile=file.name, include=[str(ROOT / pattern) for pattern in WHOLE])
        report: dict[str, dict[str, dict[str, float]]] = json.loads(Path(file.name).read_text())
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a covered run of everything in which a deciding file has a hole, and name the holes."""
    config = session.config
    if hasattr(config, "workerinput") or not config.getoption("cov_fail_under", None):
        return
    found = gaps(measured())
    reporter = config.pluginmanager.getplugin("terminalreporter")
    for name, per_cent in found.items():
        reporter.write_line(f"{name} is covered to {per_cent} %, and must be whole.", red=True)
    if found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
