"""Case numbers: random within agency and year, so that a gap tells nothing."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from agencies.models import Agency
from cases.models import Case

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U to misread or to spell words with."""

LENGTH = 5
TRIES = 20


def random_number(agency: Agency, year: int) -> str:
    """Return a number such as ALPHA-26-7F3K9; nothing says yet that it is free."""
    tail = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{(agency.short_name or 'X').upper()}-{year % 100:02d}-{tail}"


def free_numbers(agency: Agency, years: list[int]) -> Iterator[str]:
    """Yield one number for each of *years*, different from each other and from those given out.

    Whoever takes one at the same moment is told by the unique constraint.
    """
    wanted = [random_number(agency, year) for year in years]
    for _ in range(TRIES):
        clashes = _clashes(wanted)
        if not clashes:
            yield from wanted
            return
        for at in clashes:
            wanted[at] = random_number(agency, years[at])
    raise RuntimeError("no free case numbers were found")


def _clashes(wanted: list[str]) -> list[int]:
    """Return the places of numbers that are given out already or occur earlier in the list."""
    taken = set(
        Case.objects.unrestricted("whether a number is free tells nobody of a case")
        .filter(number__in=wanted)
        .values_list("number", flat=True)
    )
    clashes = []
    for at, number in enumerate(wanted):
        if number in taken:
            clashes.append(at)
        taken.add(number)
    return clashes
