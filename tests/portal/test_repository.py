"""What holds for the repository as a whole: sizes, names, words, and that nothing lies unused."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("portal", "cases", "sharing", "agencies", "ledger")
LONGEST, LONGER, STYLESHEET = 250, 500, 1500
FUNCTION_LINES, STORY_LINES = 40, 60
BANNED_NAMES = frozenset(
    {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
)
IGNORED = frozenset({".git", ".venv", ".data", "node_modules", "__pycache__", "staticfiles"})
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
# Paths of one machine, and hosts that hand out packages or code.
FOREIGN = re.compile(
    r"(?<![\w.])/(root|home/\w+|work)/|file:///"
    "|py"
    r"pi\.org"
    "|python"
    "hosted"
    "|registry"
    r"\.npm"
)


@cache
def everything() -> tuple[Path, ...]:
    """Return what is under version control or about to be; without git, all but the ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        found = [ROOT / line for line in listed.stdout.splitlines()]
    except (OSError, subprocess.CalledProcessError):
        found = [
            path for path in ROOT.rglob("*") if not IGNORED & set(path.relative_to(ROOT).parts)
        ]
    return tuple(path for path in found if path.is_file())


def kept(*suffixes: str) -> list[Path]:
    """Return the files of the project that end so."""
    return [path for path in everything() if not suffixes or path.suffix in suffixes]


def named(path: Path) -> str:
    """Return a path as a message shows it."""
    return str(path.relative_to(ROOT))


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function in a file."""
    tree = ast.parse(path.read_bytes())
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function's body, without its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1 if body else 0


def test_no_file_is_too_long_to_read() -> None:
    too_long = {}
    for path in kept(".py", ".html", ".js", ".css"):
        if "migrations" in path.parts:  # the first ones are written out by Django
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        most = LONGER if "tests" in path.parts else LONGEST
        if lines > (STYLESHEET if path.suffix == ".css" else most):  # one stylesheet is one file
            too_long[named(path)] = lines
    assert too_long == {}


def test_no_function_is_too_long_to_read() -> None:
    too_long = {
        f"{named(path)}:{function.name}": length(function)
        for path in kept(".py")
        if "migrations" not in path.parts
        for function in functions(path)
        if length(function) > (STORY_LINES if "tests" in path.parts else FUNCTION_LINES)
    }
    assert too_long == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [named(path) for path in kept() if path.stem in BANNED_NAMES] == []


def test_nothing_is_left_unfinished() -> None:
    here = Path(__file__)
    found = [
        named(path)
        for path in kept(".py", ".html", ".md", ".toml", ".yml", ".js", ".css")
        if path != here and UNFINISHED.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    here = Path(__file__)
    found = {}
    texts = kept(".py", ".md", ".toml", ".txt", ".json", ".yml", ".html", ".sh", ".css", ".js")
    for path in [*texts, *(ROOT / name for name in ("Dockerfile", ".env.example", ".ci/run"))]:
        text = path.read_text(encoding="utf-8", errors="replace")
        match = FOREIGN.search(text)
        if path != here and match:
            found[named(path)] = match[0]
    assert found == {}


def test_no_model_does_anything_when_it_is_saved() -> None:
    found = [
        f"{named(path)}:{function.name}"
        for app in OURS
        for path in (ROOT / app).rglob("*.py")
        for function in functions(path)
        if function.name == "save" and "models" in (path.stem, path.parent.name)
        if not isinstance(function.body[-1], ast.Raise)
    ]
    assert found == []


def template_names() -> set[str]:
    """Return the name by which Django finds each of our templates."""
    return {
        str(path.relative_to(ROOT / "templates"))
        for path in kept(".html", ".txt", ".json")
        if path.is_relative_to(ROOT / "templates")
    }


def test_no_template_is_unused() -> None:
    sources = [*kept(".py"), *(path for path in kept(".html", ".txt") if "templates" in path.parts)]
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in sources if "tests" not in path.parts
    )
    by_django = re.compile(
        r"^(4\d\d|500|403_csrf)\.html$|^(account|mfa|allauth|socialaccount|admin)/"
    )
    unused = {name for name in template_names() if name not in text and not by_django.match(name)}
    assert unused == set()


def test_no_template_runs_script_or_style_of_its_own() -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:|\|safe\b", re.IGNORECASE
    )
    found = {}
    for name in template_names():
        match = inline.search((ROOT / "templates" / name).read_text(encoding="utf-8"))
        if match:
            found[name] = match[0]
    assert found == {}


@pytest.mark.parametrize("folder", ["requirements", "portal"])
def test_the_sources_are_found(folder: str) -> None:
    assert any(path.is_relative_to(ROOT / folder) for path in kept())


def test_the_readme_gives_the_commands() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("python3 manage.py")] == [
        "python3 manage.py demo",
        "python3 manage.py test",
    ]


def test_no_image_or_font_is_committed() -> None:
    packaged = {".woff", ".woff2", ".ttf", ".min.js", ".map"}
    assert [named(path) for path in kept() if packaged & set(path.suffixes)] == []
