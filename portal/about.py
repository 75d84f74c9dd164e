"""One page for the chief: what this is, what it stores, who can see, and which rules it meets.

Every line is true of the code as it stands; whoever changes the one changes the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.middleware import needs_no_hat

MET, PART, NOT_YET, YOURS = "Met", "In part", "Not yet", "Yours"


@dataclass(frozen=True)
class Point:
    """A point of a rule: where it stands, what it asks, how far it is met, and by what."""

    where: str
    asks: str
    state: str
    how: str

    @property
    def mark(self) -> str:
        """Return how the state is marked."""
        return {MET: "good", PART: "warn", NOT_YET: "bad"}.get(self.state, "plain")


CJIS = (
    Point("5.1", "Exchange under agreements", MET, "No agreement in effect, no access: at once."),
    Point("AC-2", "Accounts end with the post", MET, "At once, and after 90 days without use."),
    Point("AC-3", "Enforced access", MET, "One rule, asked in the database at every reading."),
    Point("AC-5, AC-6", "Separated duties", MET, "Nobody approves what they asked for themselves."),
    Point("AC-7", "Failed sign-ins", MET, "Five in 15 minutes lock until somebody releases it."),
    Point("AC-8", "Notice before sign-in", MET, "Shown and accepted first; the words are yours."),
    Point(
        "AC-11, AC-12", "Locked, ended sessions", MET, "Idle 30 minutes: locked; 12 hours: ended."
    ),
    Point(
        "AU-2 to AU-12", "Audit", MET, "Every reading, before it is shown; sealed, never changed."
    ),
    Point("IA-2", "Two factors", MET, "Passkey or app for everybody, never a text message."),
    Point("SC-8", "Encrypted on the way", PART, "TLS comes set up in front; its keys are yours."),
    Point("SC-28", "Encrypted at rest", YOURS, "Disks, backups and FIPS modules of your host."),
    Point("MP", "Media", PART, "Paper is numbered and listed; keeping and shredding is yours."),
    Point("5.13", "Mobile devices", YOURS, "Device management; the portal cannot see a device."),
    Point(
        "PS, AT", "Vetted, trained people", PART, "What lapses ends access; the checks are yours."
    ),
    Point("PE, CP, IR", "Hosting", YOURS, "Rooms, backups, incident response, contracts."),
)
PART_23 = (
    Point("23.20(a)", "Reasonable suspicion", NOT_YET, "Keep no criminal intelligence here yet."),
    Point("23.20(e)", "Need and right to know", MET, "A purpose, their case, a signed release."),
    Point("23.20(g)", "Record of who got it", MET, "Who, when, why, by whose leave: in one page."),
    Point("23.20(g)", "Labels", PART, "Sensitivity and source grades; no level of confidence yet."),
    Point("23.20(h)", "Review within five years", NOT_YET, "No review dates, no purge yet."),
)


@require_safe
@needs_no_hat
def about(request: HttpRequest) -> HttpResponse:
    """Show the page for the chief, made to be printed."""
    return render(request, "portal/about.html", {"cjis": CJIS, "part_23": PART_23})
