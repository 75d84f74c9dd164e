"""What a run found: a table of ratios, a plain sentence per line, and the same as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from portal.bench.reading import OURS, Race
from portal.bench.stopwatch import Timing

TARGETS = {
    ("first page", "floor"): 2.0,
    ("page from the middle", "floor"): 2.0,
    ("capped count", "first page"): 10.0,
    ("facets", "first page"): 10.0,
    ("one check", "primary key"): 5.0,
    ("list page", "bare view"): 3.0,
    ("search for zamboni", "first page"): 10.0,
    ("search for vehicle", "no rule"): 1.0,
    ("type-ahead", "no rule"): 1.0,
    ("offer and approve a grant", "one row"): 2.0,
    ("revoke a grant", "one row"): 2.0,
    ("offer and approve a standing grant", "one row"): 2.0,
    ("suspend the biggest agency", "one row"): 2.0,
    ("end an agreement with a thirtieth of all grants", "one row"): 2.0,
}
"""How many times as long as the one named ours may take."""

FORTY = 3.0
"""The same for the first pages of whoever sits in forty task forces."""


@dataclass(frozen=True)
class Line:
    """One act of one reader at one size."""

    cases: int
    name: str
    reader: str
    against: str
    timings: dict[str, Timing]
    note: str = ""

    @property
    def ratio(self) -> float:
        """Return how many times as long ours took as the one it is held against."""
        return self.timings[OURS].median / self.timings[self.against].median

    @property
    def target(self) -> float | None:
        """Return the most that the ratio may be, where something was promised."""
        target = TARGETS.get((self.name, self.against))
        return FORTY if target == 2.0 and self.reader.startswith("40") else target

    @property
    def met(self) -> bool:
        """Return whether what was promised was kept; so is what was not promised."""
        return self.target is None or self.ratio <= self.target

    @property
    def sentence(self) -> str:
        """Return the line in words."""
        others = "; ".join(
            f"{timing.median / self.timings[OURS].median:.2g} times ours for {name}"
            f"{self._fewer(timing)}"
            for name, timing in self.timings.items()
            if name not in (OURS, self.against)
        )
        told = ", ".join(part for part in (self.reader, self.note) if part)
        who = f" ({told})" if told else ""
        held = (
            "" if self.target is None else f", {'within' if self.met else 'over'} {self.target:g}"
        )
        return (
            f"{self.name}{who}: {self.timings[OURS].median:.2f} ms, {self.ratio:.2g} times"
            f" the {self.against}{held}{'; ' + others if others else ''}."
        )

    def _fewer(self, timing: Timing) -> str:
        """Return in words that a rival ran fewer times than ours, where it did."""
        fewer = timing.runs < self.timings[OURS].runs
        return f" (median of {timing.runs})" if fewer else ""


def line_of(cases: int, race: Race, timings: dict[str, Timing]) -> Line:
    """Return the line of a race that was run."""
    return Line(cases, race.name, race.reader, race.against, timings, race.note)


def table(lines: Iterable[Line]) -> Iterator[str]:
    """Yield the rows of a table in Markdown."""
    yield "| cases | act | reader | ours, ms | quarter to quarter | held against | ratio | target |"
    yield "|---|---|---|---|---|---|---|---|"
    for line in lines:
        ours = line.timings[OURS]
        target = (
            "" if line.target is None else f"{line.target:g}{'' if line.met else ' **missed**'}"
        )
        yield (
            f"| {line.cases} | {line.name} | {line.reader} | {ours.median:.2f} |"
            f" {ours.low:.2f} to {ours.high:.2f} | {line.against} | {line.ratio:.2f} | {target} |"
        )


def growth(lines: list[Line]) -> Iterator[str]:
    """Yield how many times as long each act takes in the largest world as in the smallest."""
    least = min((line.cases for line in lines), default=0)
    most = max((line.cases for line in lines), default=0)
    small = {(one.name, one.reader): one for one in lines if one.cases == least}
    for line in lines:
        before = small.get((line.name, line.reader))
        if most > least and line.cases == most and before is not None:
            factor = line.timings[OURS].median / before.timings[OURS].median
            yield f"{line.name} ({line.reader}): {factor:.2f} times as long as at {least}."


def as_data(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return lines as plain values."""
    return [{**asdict(line), "ratio": line.ratio, "target": line.target} for line in lines]
