"""What an agency has signed, with whom, and whether it binds now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agencies.clock import database_time
from agencies.codes import EXCHANGING
from agencies.models import Agency, Agreement
from agencies.services.signing import of_agency

SHOWN = 6


@dataclass(frozen=True)
class Agreed:
    """One agreement of an agency."""

    agreement: Agreement
    others: str
    standing: str


def agreed(agency: Agency) -> list[Agreed]:
    """Return what an agency signed and has not ended, the newest first."""
    now = database_time()
    return [
        Agreed(one, _others(one, agency), _standing(one, agency, now)) for one in of_agency(agency)
    ]


def _others(agreement: Agreement, agency: Agency) -> str:
    parties = {one.agency for one in agreement.parties.all() if one.left_at is None} - {agency}
    names = sorted(one.name for one in parties)
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return (", ".join(names[:SHOWN]) + more) or "Nobody yet"


def _standing(agreement: Agreement, agency: Agency, now: datetime) -> str:
    if agreement.suspended_at is not None:
        return "Suspended"
    if agreement.effective_at > now:
        return f"From {agreement.effective_at:%-d %b %Y}"
    return "In effect" if agency.status in EXCHANGING else "Binds from its pilot on"
