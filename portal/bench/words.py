"""What reports are made of: words by how often they are written, names, streets, plates."""

from __future__ import annotations

from itertools import accumulate, product
from random import Random

COMMON = "vehicle"
"""In about a fifth of all reports."""

MIDDLING = "crowbar"
"""In about one report of two hundred."""

RARE = "zamboni"
"""In a handful of reports, whatever the size of the world."""

_PLAIN = """
the and was with officer victim suspect stated reported unknown male female scene approached left
street residence door window witness responded arrived report property location observed black
white blue silver red sedan pickup truck jacket hoodie wearing described aged fled foot northbound
southbound eastbound westbound parking lot store camera footage recovered evidence photographed
processed negative contacted advised statement written provided phone wallet cash card account
damage estimated value reported stolen missing entered forced entry rear front garage lock cut
tool marks fingerprints collected knife handgun displayed demanded threatened struck injured
transported hospital treated released identified lineup warrant issued arrested booked charged
interview recorded declined attorney associate known address previous incident related series
pattern overnight morning afternoon evening weekend apartment complex neighbor canvass tip caller
dispatch unit supervisor notified detective assigned follow pending laboratory submitted match
database plate reader hit traffic stop consent search located narcotics packaged scale currency
seized custody juvenile guardian school shelter transit station platform bus bicycle scooter alley
dumpster bolt cutter ladder roof copper wire catalytic converter tools generator trailer firearm
casing caliber trajectory pursuit terminated collision intersection signal insurance claim forged
check counterfeit bill elderly caretaker online marketplace courier package porch delivery
"""
_GIVEN = """
James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard
Susan Joseph Jessica Thomas Sarah Carlos Karen Daniel Lisa Matthew Nancy Anthony Betty Mark Sandra
Jose Ashley Steven Kimberly Andrew Emily Kenneth Donna Luis Michelle Kevin Carol Tyrone
"""
_ONSETS = """
B C D F G H J K L M N P R S T V W Br Ch Cl Gr St Th Tr
"""
_MIDDLES = """
an er el on ar il or en ov
"""
_ENDINGS = """
son man ton ley ski ez well ford er berg land
"""
PLAIN, GIVEN = _PLAIN.split(), _GIVEN.split()
SURNAMES = tuple(
    "".join(parts) for parts in product(_ONSETS.split(), _MIDDLES.split(), _ENDINGS.split())
)
STREETS = tuple(
    f"{name} {kind}"
    for name, kind in product(SURNAMES[::17], ("Street", "Avenue", "Road", "Court"))
)
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
WEIGHTS = tuple(accumulate(1 / (rank + 3) for rank in range(len(PLAIN))))


class Writer:
    """Writes reports from a source of chance, the same ones every time."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def narrative(self, length: int = 22) -> list[str]:
        """Return the words of a report, some of them the ones that are searched for."""
        words = self.chance.choices(PLAIN, cum_weights=WEIGHTS, k=length)
        drawn = self.chance.random()
        if drawn < 0.2:
            words[3] = COMMON
        if drawn < 0.005:
            words[5] = MIDDLING
        return [*words, *self.chance.choice(STREETS).lower().split()]

    def person(self) -> tuple[str, str]:
        """Return a given name and a surname."""
        return self.chance.choice(GIVEN), self.chance.choice(SURNAMES)

    def plate(self) -> str:
        """Return a number plate as stored."""
        return "".join(self.chance.choices(LETTERS, k=3)) + str(self.chance.randrange(1000, 9999))
