"""Conditions of the services, each taken away in turn: what no test notices decides nothing.

``python -m tests.mutations`` runs the tests of the services once for every condition that an
``if``, an ``and`` or a filter makes, stops at the first that fails, and names the conditions that
none missed.  ``python -m tests.mutations sharing.services.narrowing tests/sharing`` says which
modules and which tests.  The conditions of the rule itself are SQL; the tests of the policy take
those away.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

PACKAGES = ("sharing.services", "agencies.services")
MODULES = (
    *("sharing.contributions", "sharing.records", "sharing.posts"),
    *("agencies.coverage", "agencies.tiers", "agencies.authority", "agencies.charge"),
    *("agencies.nominations", "agencies.posts", "agencies.people.access"),
    *("agencies.onboarding.progress", "agencies.onboarding.checklist"),
)
TESTS = ("tests/sharing", "tests/agencies")
LONGEST = 60
"""Seconds that a test may take before a mutant counts as noticed: it never comes back."""

NARROWING = {"filter", "exclude"}


@dataclass(frozen=True)
class Mutant:
    """A function less one condition."""

    module: str
    function: str
    line: int
    missing: str
    code: CodeType

    @property
    def of(self) -> tuple[str, str]:
        """Return which function it is, as ``Function`` has it."""
        return self.code.co_filename, self.code.co_qualname

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.function}: without {self.missing}"


def mutants_of(module: ModuleType) -> Iterator[Mutant]:
    """Yield every function of *module* less each of its conditions."""
    path = Path(str(module.__file__))
    tree = ast.parse(path.read_text())
    for place, (line, _) in enumerate(conditions(tree)):
        changed = deepcopy(tree)
        missing = take_away(changed, place)
        compiled = compile(ast.fix_missing_locations(changed), str(path), "exec")
        found = [code for code in functions(compiled) if holds(code, line)]
        if found:
            yield Mutant(module.__name__, found[0].co_qualname, line, missing, found[0])


def conditions(tree: ast.AST) -> list[tuple[int, ast.AST]]:
    """Return each condition in order: its line, and the node that is changed to be without it."""
    found: list[tuple[int, ast.AST]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp):
            found.append((node.lineno, node))
        elif isinstance(node, ast.BoolOp):
            found += [(node.lineno, node)] * len(node.values)
        elif isinstance(node, ast.Call) and is_narrowing(node):
            found += [(node.lineno, node)] * len(keywords_of(node))
    return found


def take_away(tree: ast.AST, place: int) -> str:
    """Take the condition at *place* out of *tree* and return what it said."""
    found = conditions(tree)
    _, node = found[place]
    which = sum(other is node for _, other in found[:place])
    if isinstance(node, ast.If | ast.IfExp):
        said = ast.unparse(node.test)
        node.test = ast.Constant(value=False)
        return f"if {said}"
    if isinstance(node, ast.BoolOp):
        said = ast.unparse(node.values[which])
        node.values[which] = ast.Constant(value=isinstance(node.op, ast.And))
        return said
    assert isinstance(node, ast.Call)
    keyword = keywords_of(node)[which]
    node.keywords.remove(keyword)
    return ast.unparse(keyword)


def is_narrowing(call: ast.Call) -> bool:
    """Return whether *call* narrows a queryset."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in NARROWING


def keywords_of(call: ast.Call) -> list[ast.keyword]:
    """Return the named conditions of a call; two stars are none."""
    return [one for one in call.keywords if one.arg]


def functions(code: CodeType) -> Iterator[CodeType]:
    """Yield the functions and methods compiled in a module."""
    for inner in (one for one in code.co_consts if isinstance(one, CodeType)):
        if inner.co_flags & inspect.CO_OPTIMIZED:
            yield inner
        else:
            yield from functions(inner)


def holds(code: CodeType, line: int) -> bool:
    """Return whether *line* is one of a function's own or of what it encloses."""
    own = [number for _, _, number in code.co_lines() if number]
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    last = max([*own, *(n for one in inner for _, _, n in one.co_lines() if n)], default=0)
    return code.co_firstlineno <= line <= last


@contextmanager
def applied(mutant: Mutant) -> Iterator[None]:
    """Have the function be its mutant, for whoever already imported it too."""
    found: Any = importlib.import_module(mutant.module)
    for name in mutant.function.split("."):
        found = inspect.getattr_static(found, name)
    function = inspect.unwrap(getattr(found, "__func__", getattr(found, "fget", None) or found))
    assert isinstance(function, FunctionType)
    kept = function.__code__
    function.__code__ = mutant.code
    try:
        yield
    finally:
        function.__code__ = kept


class NeverCameBack(Exception):
    """A test of a mutant ran on and on."""


Function = tuple[str, str]
"""A function by the file and the name that its code carries."""


class Mutating:
    """Runs the collected tests against each mutant in place of once."""

    def __init__(self, mutants: Sequence[Mutant]) -> None:
        self.mutants = mutants
        self.unnoticed: list[Mutant] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all tests unchanged, then for each mutant those that call it, the quickest first."""
        files = {mutant.code.co_filename for mutant in self.mutants}
        runs = [(item, *watched(item, session, files)) for item in session.items]
        runs.sort(key=lambda run: run[1])
        for number, mutant in enumerate(self.mutants, 1):
            callers = [item for item, _, called in runs if mutant.of in called]
            with applied(mutant):
                noticed = next((item for item in callers if fails(item, session)), None)
            if noticed is None:
                self.unnoticed.append(mutant)
            by = f"{noticed.name}" if noticed else f"UNNOTICED by {len(callers)} tests"
            say(f"{number}/{len(self.mutants)} {mutant}: {by}")
        return True


def watched(
    item: pytest.Item, session: pytest.Session, files: set[str]
) -> tuple[float, set[Function]]:
    """Return how long a test takes and which functions of *files* it calls; it must pass."""
    called: set[Function] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename in files:
            called.add((frame.f_code.co_filename, frame.f_code.co_qualname))

    began = perf_counter()
    sys.setprofile(note)
    try:
        failed = fails(item, session)
    finally:
        sys.setprofile(None)
    assert not failed, f"{item.nodeid} fails with nothing missing"
    return perf_counter() - began, called


def fails(item: pytest.Item, session: pytest.Session) -> bool:
    """Run one test and return whether it fails; what the session holds is kept for the next."""

    def stop(*_: object) -> None:
        raise NeverCameBack

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    try:
        # The session itself as the next to run: only what is narrower than it is torn down.
        reports = runtestprotocol(item, log=False, nextitem=session)  # type: ignore[arg-type]
    except NeverCameBack:
        return True
    finally:
        signal.alarm(0)
    return any(report.failed for report in reports)


def say(text: str) -> None:
    """Write a line at once."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def modules_named(names: Sequence[str]) -> list[ModuleType]:
    """Return the modules to mutate: those named, and those within a package that is named."""
    found = []
    for name in names:
        module = importlib.import_module(name)
        found.append(module)
        for inner in pkgutil.iter_modules(getattr(module, "__path__", ())):
            found.append(importlib.import_module(f"{name}.{inner.name}"))
    return found


class Collecting:
    """Makes the mutants once Django is set up."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.running: Mutating | None = None

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Make the mutants and have them run."""
        modules = modules_named(self.names)
        self.running = Mutating([one for module in modules for one in mutants_of(module)])
        session.config.pluginmanager.register(self.running)


def main(arguments: Sequence[str]) -> int:
    """Return 0 when every mutant was noticed, else 1."""
    tests = [one for one in arguments if "/" in one or one.startswith("-")] or list(TESTS)
    names = [one for one in arguments if one not in tests] or [*PACKAGES, *MODULES]
    collecting = Collecting(names)
    slow = "not slow and not browser"
    pytest.main(["-q", "-m", slow, *tests], plugins=[collecting])
    if collecting.running is None:
        return 1
    for mutant in collecting.running.unnoticed:
        say(f"unnoticed: {mutant}")
    return int(bool(collecting.running.unnoticed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
