"""The truth: who reaches which record, and how much of it, written by hand from the design.

``OWN`` and ``ADD`` are one's own and leave to add, ``FULL`` everything, ``MASKED`` everything but
who it is, ``SUMMARY`` that it is there and what sort of thing, ``POINTER`` only whom to call.
"""

from __future__ import annotations

OWN, ADD, FULL, MASKED, SUMMARY, POINTER = "own", "add", "full", "masked", "summary", "pointer"

CASES = ("ordinary", "sensitive", "silent", "listed", "pointed", "bravos", "golfs", "deltas")
ITEMS = (
    "car",
    "victim",
    "hidden",
    "later",
    "latervictim",
    "pawn",
    "sensitivecar",
    "silentcar",
    "listedcar",
    "listedvictim",
    "pointedcar",
    "golfscar",
    "receipt",
)
CONTRIBUTIONS = ("contribution", "formercontribution")
RECORDS = (*CASES, *ITEMS, *CONTRIBUTIONS)
VEHICLES = (
    *("car", "later", "pawn", "sensitivecar", "silentcar"),
    *("listedcar", "pointedcar", "golfscar", "receipt"),
)
VICTIMS = ("victim", "hidden", "latervictim", "listedvictim")
SIDES = {
    "alpha": (
        *("ordinary", "car", "victim", "hidden", "later", "latervictim", "sensitive"),
        *("sensitivecar", "silent", "silentcar", "listed", "listedcar", "listedvictim"),
        *("pointed", "pointedcar"),
    ),
    "bravo": ("bravos", "contribution", "pawn"),
    "victor": ("formercontribution", "receipt"),
    "golf": ("golfs", "golfscar"),
    "delta": ("deltas",),
}
"""Who owns and originated what."""

OFFICES = {
    "owner's": "alpha",
    "granted partner": "bravo",
    "contributor": "victor",
    "that contributor's": "victor",
    "stranger": "golf",
    "person who moved to a stranger": "golf",
}
"""The agency of whoever's name in the table begins so; the others' own nothing."""

OF_CASE = {
    "ordinary": ("car", "victim", "hidden", "later", "latervictim", "pawn", "receipt"),
    "sensitive": ("sensitivecar",),
    "silent": ("silentcar",),
    "listed": ("listedcar", "listedvictim"),
    "pointed": ("pointedcar",),
    "golfs": ("golfscar",),
}

ALPHAS = tuple(one for one in SIDES["alpha"] if not one.startswith("sensitive"))
RECEIVED_BY_ALPHA = dict.fromkeys((*CONTRIBUTIONS, "pawn", "receipt"), FULL)
BRAVOS = {
    **dict.fromkeys(("bravos", "contribution", "pawn"), OWN),
    **dict.fromkeys(("ordinary", "car", "later"), ADD),
    "pointed": POINTER,
}
GOLFS = dict.fromkeys(("golfs", "golfscar"), OWN)
FORMER = dict.fromkeys(("formercontribution", "receipt"), OWN)
WHOLE = dict.fromkeys(("ordinary", "car", "later"), FULL)

TRUTH: dict[str, dict[str, str]] = {
    "owner's analyst": {
        **dict.fromkeys((*ALPHAS, "sensitive", "sensitivecar"), OWN),
        **RECEIVED_BY_ALPHA,
    },
    "owner's analyst below the ceiling": {**dict.fromkeys(ALPHAS, OWN), **RECEIVED_BY_ALPHA},
    "owner's supervisor": {
        **dict.fromkeys((*ALPHAS, "sensitive", "sensitivecar"), OWN),
        **RECEIVED_BY_ALPHA,
    },
    "owner's duty desk": {
        **dict.fromkeys((*ALPHAS, "sensitive", "sensitivecar"), OWN),
        **RECEIVED_BY_ALPHA,
    },
    "owner's auditor": {},
    "owner's coordinator": {},
    "portal administrator": {},
    "granted partner": {**BRAVOS, "sensitive": FULL, "sensitivecar": FULL},
    "granted partner's supervisor": {**BRAVOS, "sensitive": FULL, "sensitivecar": FULL},
    "granted partner below the ceiling": BRAVOS,
    "granted partner's auditor": {},
    "partner with contact only": {"ordinary": POINTER},
    "partner with summary": dict.fromkeys(("ordinary", "car", "later"), SUMMARY),
    "partner with chosen items": {"ordinary": SUMMARY, "car": FULL, "victim": MASKED},
    "partner with later items off": dict.fromkeys(("ordinary", "car"), FULL),
    "partner with identities": {**WHOLE, "victim": FULL, "latervictim": FULL},
    "partner whose access expired": {},
    "partner whose access was revoked": {},
    "contributor whose access was revoked": FORMER,
    "that contributor's supervisor": FORMER,
    "partner of a suspended agency": {},
    "partner whose agreement ended": {},
    "partner whose agency left": {},
    "task-force member": WHOLE,
    "former task-force member": {},
    "colleague of a task-force member": {},
    "holder of a grant to a person": WHOLE,
    "colleague of that holder": {},
    "reader of a standing grant": {"listed": FULL, "listedcar": FULL},
    "person who moved to a stranger": GOLFS,
    "stranger": GOLFS,
}
PEOPLE = tuple(TRUTH)

RANK = {POINTER: 1, SUMMARY: 2, MASKED: 3, FULL: 3, ADD: 4, OWN: 5}


def reached(person: str, rank: int = 1, among: tuple[str, ...] = RECORDS) -> set[str]:
    """Return the records that *person* reaches at the level of *rank* or above."""
    return {name for name, much in TRUTH[person].items() if RANK[much] >= rank and name in among}


def readers_of(record: str) -> set[str]:
    """Return the people who reach a record at all."""
    return {person for person, much in TRUTH.items() if record in much}


def identified(person: str, among: tuple[str, ...] = RECORDS) -> set[str]:
    """Return the records whose own title *person* may read: cases from summary on, other things
    from full on and not masked.
    """
    much = TRUTH[person]
    return reached(person, 2, tuple(one for one in CASES if one in among)) | {
        name for name in reached(person, 3, among) if much[name] != MASKED
    }


def audited(person: str) -> set[str]:
    """Return what a person may be shown in the audit log: of what the agency owns, its readers what
    they may know of, its auditors all.
    """
    sides = [side for office, side in OFFICES.items() if person.startswith(office)]
    own = {one for side in sides for one in SIDES[side]}
    return own if person.endswith("auditor") else own & reached(person)


OFFERED = {
    "ordinary to bravo": "ordinary",
    "sensitive to bravo": "sensitive",
    "pointed to bravo": "pointed",
    **{
        f"ordinary to {one}": "ordinary"
        for one in (
            *("papa", "sierra", "quebec", "lima", "uniform", "victor", "romeo", "delta", "echo"),
            *("charlie", "hugo", "river", "xray"),
        )
    },
}
"""Offers of Alpha's that were approved, and the record of each."""

RECEIVERS = {
    "granted partner": {"ordinary to bravo", "sensitive to bravo", "pointed to bravo"},
    "granted partner's supervisor": {"ordinary to bravo", "sensitive to bravo", "pointed to bravo"},
    "granted partner below the ceiling": {"ordinary to bravo", "pointed to bravo"},
    "partner with contact only": {"ordinary to papa"},
    "partner with summary": {"ordinary to sierra"},
    "partner with chosen items": {"ordinary to quebec"},
    "partner with later items off": {"ordinary to lima"},
    "partner with identities": {"ordinary to uniform"},
    "partner whose access expired": {"ordinary to xray"},
    "partner whose access was revoked": {"ordinary to romeo"},
    "contributor whose access was revoked": {"ordinary to victor"},
    "that contributor's supervisor": {"ordinary to victor"},
    "partner whose agreement ended": {"ordinary to echo"},
    "partner whose agency left": {"ordinary to charlie", "ordinary to river"},
    "task-force member": {"ordinary to river"},
    "holder of a grant to a person": {"ordinary to hugo"},
    "reader of a standing grant": {"standing to tango"},
    "person who moved to a stranger": {"asked by number"},
    "stranger": {"asked by number"},
}
"""Which decided offers and own asks people keep, also when the access is over."""


def requests_of(person: str) -> set[str]:
    """Return the requests that a person may know of.

    The owner's people know those about what they may manage, whoever proposed one knows it, and
    the desk knows those about no record.
    """
    if not person.startswith("owner's"):
        return RECEIVERS.get(person, set())
    owned = reached(person, RANK[OWN])
    known = {request for request, record in OFFERED.items() if record in owned}
    known |= {"asked by number"} if "silent" in owned else set()
    told = ("owner's analyst", "owner's supervisor", "owner's duty desk")
    return known | ({"standing to tango"} if person in told else set())
