"""Timings taken in turns, so that what slows the machine slows every contestant alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from random import Random
from statistics import median, quantiles
from time import monotonic, perf_counter
from typing import Any, TypeVar

LEAST = 30
"""Runs that a median is made of, at least."""

SLOW, FEWER = 0.02, 10
"""Seconds from which a rival that may run fewer times does, and how often it then runs."""

Work = Callable[[], Any]
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Timing:
    """Milliseconds that something took: the median, and the quarter of runs on either side."""

    median: float
    low: float
    high: float
    runs: int


class Steps:
    """Says of every step how many seconds it took."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say, self.began = say, monotonic()

    def __call__(self, done: str) -> None:
        """Say that a step is *done*; the next begins."""
        now = monotonic()
        self.say(f"{done}: {now - self.began:.0f} s")
        self.began = now


def race(
    contestants: Mapping[K, Work], *, runs: int = LEAST, patience: Collection[K] = ()
) -> dict[K, Timing]:
    """Return how long each of *contestants* took, one run of each in turn, in changing order.

    Those of *patience* that are slow run only some of the times, spread over all.
    """
    taken: dict[K, list[float]] = {name: [] for name in contestants}
    order, chance = list(contestants), Random(runs)  # noqa: S311  (an order, not a secret)
    slow = {name for name, work in contestants.items() if _took(work) > SLOW} & set(patience)
    for turn in range(runs):
        chance.shuffle(order)
        for name in order:
            if name not in slow or turn % -(-runs // FEWER) == 0:
                taken[name].append(_took(contestants[name]) * 1000)
    return {name: _timing(times) for name, times in taken.items()}


def _took(work: Work) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _timing(times: list[float]) -> Timing:
    low, _, high = quantiles(times, n=4) if len(times) > 1 else (times[0],) * 3
    return Timing(median(times), low, high, len(times))
