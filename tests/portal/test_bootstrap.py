"""Setting up on a machine that has only Python: what it runs, what it skips, and what it says."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import runpy
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from portal.bootstrap import interpreter, packages, places, steps
from portal.bootstrap.front_end import FrontEnd, recent
from portal.bootstrap.interpreter import require_python
from portal.bootstrap.setting_up import set_up
from portal.bootstrap.steps import SetupFailed

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = [
    "portal/__init__.py",
    *sorted(f"portal/bootstrap/{path.name}" for path in (ROOT / "portal/bootstrap").glob("*.py")),
]


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Be in a checkout of its own where no command is run."""
    (tmp_path / "requirements").mkdir()
    for name in ("demo.txt", "test.txt", "uv.txt", "node.txt"):
        (tmp_path / "requirements" / name).write_text(f"{name}==1 \\\n")
    (tmp_path / "package-lock.json").write_text("{}")
    venv = tmp_path / ".venv"
    monkeypatch.setattr(places, "ROOT", tmp_path)
    monkeypatch.setattr(places, "VENV", venv)
    monkeypatch.setattr(places, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(places, "STAMPS", venv / "stamps.json")
    monkeypatch.setattr(places, "LOCKS", tmp_path / "requirements")
    monkeypatch.setattr(FrontEnd, "start", lambda: None)
    commands: list[list[str]] = []

    def run(command: list[str], remedy: str, environment: Any = None) -> None:
        commands.append(command)
        if "venv" in command:
            (venv / "bin").mkdir(parents=True)
            (venv / "bin" / "python").touch()

    monkeypatch.setattr(steps, "run", run)
    monkeypatch.setattr(packages, "pip_configuration", dict)
    return SimpleNamespace(commands=commands, root=tmp_path)


def tools(commands: list[list[str]]) -> list[tuple[str, str]]:
    """Return what was run, by module and last argument."""
    return [(command[2], Path(command[-1]).name) for command in commands]


def imports_of(path: Path) -> set[str]:
    """Return the modules that a file imports."""
    return {
        name
        for node in ast.walk(ast.parse(path.read_bytes()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }


@pytest.mark.parametrize("file", FILES)
def test_it_needs_the_standard_library_alone(file: str) -> None:
    beside = {name for name in imports_of(ROOT / file) if name.startswith("portal.bootstrap")}
    others = {name.split(".")[0] for name in imports_of(ROOT / file) - beside}
    assert others - set(sys.stdlib_module_names) == set()


@pytest.mark.parametrize("file", ["manage.py", *FILES])
def test_an_old_python_can_read_it_to_be_refused(file: str) -> None:
    assert ast.parse((ROOT / file).read_text(encoding="utf-8"), feature_version=(3, 8)).body


def test_a_first_start_makes_everything_and_a_second_nothing(bootstrap: Any) -> None:
    set_up("demo.txt")
    assert tools(bootstrap.commands) == [("venv", ".venv"), ("pip", "uv.txt"), ("uv", "demo.txt")]
    bootstrap.commands.clear()
    set_up("demo.txt")
    assert bootstrap.commands == []


def test_tests_after_a_demo_add_only_their_tools(bootstrap: Any) -> None:
    set_up("demo.txt")
    bootstrap.commands.clear()
    set_up("test.txt")
    assert tools(bootstrap.commands)[-1:] == [("uv", "test.txt")]
    bootstrap.commands.clear()
    set_up("demo.txt")
    assert bootstrap.commands == []


def test_a_changed_lock_is_installed_again(bootstrap: Any) -> None:
    set_up("demo.txt")
    bootstrap.commands.clear()
    (bootstrap.root / "requirements" / "demo.txt").write_text("demo.txt==2 \\\n")
    set_up("demo.txt")
    assert tools(bootstrap.commands)[-1:] == [("uv", "demo.txt")]
    assert [command for command in bootstrap.commands if "venv" in command] == []


def test_another_python_starts_over(bootstrap: Any) -> None:
    set_up("demo.txt")
    stamps = json.loads((bootstrap.root / ".venv" / "stamps.json").read_text())
    (bootstrap.root / ".venv" / "stamps.json").write_text(
        json.dumps({**stamps, "python": "3.11.0"})
    )
    (bootstrap.root / ".venv" / "bin" / "python").unlink()
    (bootstrap.root / ".venv" / "bin").rmdir()
    bootstrap.commands.clear()
    set_up("demo.txt")
    assert tools(bootstrap.commands)[:1] == [("venv", ".venv")]


def test_where_uv_fails_pip_installs_the_same_lock(
    bootstrap: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    allowed = steps.run

    def run(command: list[str], remedy: str, environment: Any = None) -> None:
        if "uv" in command:
            raise SetupFailed("no such index")
        allowed(command, remedy, environment)

    monkeypatch.setattr(steps, "run", run)
    set_up("demo.txt")
    assert tools(bootstrap.commands)[-1:] == [("pip", "demo.txt")]
    assert "--require-hashes" in bootstrap.commands[-1]
    assert "uv could not (no such index); pip goes on." in capsys.readouterr().out


def test_every_install_asks_for_hashes(bootstrap: Any) -> None:
    set_up("test.txt")
    installs = [command for command in bootstrap.commands if "install" in command]
    assert [command for command in installs if "--require-hashes" not in command] == []
    assert len(installs) == 2


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "global.index-url='https://mirror.example/simple'",
            {"UV_DEFAULT_INDEX": "https://mirror.example/simple"},
        ),
        (":env:.cert='/etc/ca.pem'", {"SSL_CERT_FILE": "/etc/ca.pem"}),
        ("global.timeout='5'", {}),
    ],
)
def test_the_index_that_pip_knows_is_handed_to_uv(
    line: str, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = subprocess.CompletedProcess([], 0, stdout=line + "\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    monkeypatch.setattr(packages, "bundle", lambda: None)
    assert packages.pip_configuration() == expected
    monkeypatch.setattr(packages, "bundle", lambda: "/etc/ca.pem")
    assert packages.pip_configuration() == {**expected, "UV_SYSTEM_CERTS": "1"}


def test_a_failed_step_prints_the_end_of_what_was_said_and_one_command_to_try() -> None:
    script = "import sys; print('\\n'.join(map(str, range(50))), file=sys.stderr); sys.exit(3)"
    with pytest.raises(SetupFailed) as failure:
        steps.run([sys.executable, "-c", script], "apt install this")
    lines = str(failure.value).splitlines()
    assert lines == [*(str(number) for number in range(38, 50)), "Try: apt install this"]


def test_a_python_without_venv_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SetupFailed, match="apt install python3-venv"):
        require_python(["manage.py", "demo"])


@pytest.fixture
def old_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Be a Python that is too old, on a PATH of one empty folder."""
    monkeypatch.setattr(interpreter, "OLDEST", (99, 0))
    monkeypatch.setenv("PATH", str(tmp_path))
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda path, argv: started.append(argv))
    return SimpleNamespace(folder=tmp_path, started=started)


def offer(folder: Path, name: str, *, code: int) -> str:
    """Put a program on the PATH that ends with *code*."""
    program = folder / name
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(stat.S_IRWXU)
    return str(program)


def test_an_old_python_alone_is_refused(old_python: Any) -> None:
    offer(old_python.folder, "python3.12", code=1)
    with pytest.raises(SetupFailed, match=r"needs Python 3\.11"):
        require_python(["manage.py", "demo"])
    assert old_python.started == []


def test_an_old_python_hands_over_to_a_newer_one_that_works(
    old_python: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(old_python.folder, "python3.13", code=1)
    working = offer(old_python.folder, "python3.12", code=0)

    def become(path: str, argv: list[str]) -> None:
        old_python.started.append(argv)
        raise SystemExit

    monkeypatch.setattr(os, "execv", become)
    with pytest.raises(SystemExit):
        require_python(["manage.py", "demo"])
    assert old_python.started == [[working, "manage.py", "demo"]]


@pytest.mark.parametrize(("said", "expected"), [("11.1.0", True), ("9.2.0", False), ("", False)])
def test_only_a_recent_npm_reads_the_lock(said: str, expected: bool, tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text(f"#!/bin/sh\necho {said}\n")
    npm.chmod(stat.S_IRWXU)
    assert recent(str(npm)) is expected


def test_without_front_end_packages_it_goes_on_and_says_so(
    bootstrap: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    npm = bootstrap.root / "npm"
    npm.write_text("#!/bin/sh\necho no route to host\nexit 1\n")
    npm.chmod(stat.S_IRWXU)
    front = FrontEnd(str(npm))
    assert front.finish() is False
    said = capsys.readouterr().out
    assert "no route to host" in said
    assert "plain, but usable" in said


def test_manage_py_takes_the_data_folder_out_of_any_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIAISON_DATA", "")
    take = runpy.run_path(str(ROOT / "manage.py"), run_name="not main")["take_data_option"]
    assert take(["manage.py", "demo", "--data", "/srv/x", "--reset"]) == [
        "manage.py",
        "demo",
        "--reset",
    ]
    assert os.environ["LIAISON_DATA"] == "/srv/x"
    assert take(["manage.py", "--data=/srv/y", "migrate"]) == ["manage.py", "migrate"]
    assert os.environ["LIAISON_DATA"] == "/srv/y"
    with pytest.raises(SystemExit, match="needs a folder"):
        take(["manage.py", "demo", "--data"])
