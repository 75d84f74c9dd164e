"""What a row of the matrix is, and the rows about people; ``matrix_rows`` has them all as one list.

A row says who may; everybody else of ``PEOPLE`` may not, and is tried.  So each denial has its twin
in the same row, and a row that nobody may is refused by a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from allauth.mfa.totp.internal.auth import TOTP

from agencies.models import FactorClearing, Membership, Person
from agencies.services import begin_review, nominate, record_credential, require_credential
from tests.agencies.cast import PORTAL, Cast, days, known
from tests.agencies.codes import SECRET

Made = Callable[[Cast, Membership], Any]
Sends = Mapping[str, Any] | Callable[[Cast, Any], Mapping[str, Any]]
"""What is posted, or what makes it of the cast and what was made."""

OWN = "own agency"
OTHER = "other agency"
COORDINATOR, SUPERVISOR, DESK = "coordinator", "release authority", "duty desk"
ANALYST, AUDITOR, ROOT = "analyst", "auditor", "administrator"
STRANGER, RIVAL = "another agency's coordinator", "another agency's release authority"
PROGRAM = "a program of the agency"
PEOPLE = {
    ANALYST: "ana",
    SUPERVISOR: "sam",
    DESK: "lee",
    COORDINATOR: "kim",
    AUDITOR: "ida",
    STRANGER: "bea",
    RIVAL: "bud",
    PROGRAM: "bot",
    ROOT: "root",
}
"""Who is tried, by the name in the cast; all but strangers and administrator are Alpha's."""

RUNS = frozenset({COORDINATOR})
LOOKS = frozenset({COORDINATOR, SUPERVISOR})
RELEASES = frozenset({SUPERVISOR})
EACH = frozenset({STRANGER, RIVAL, ROOT})
"""Whose page shows their own: a stranger sees their agency's, and nothing of Alpha's."""
NONE: frozenset[str] = frozenset()
GETS = frozenset({200, 302})
DENIED = frozenset({403, 404, 422})


@dataclass(frozen=True)
class Row:
    """One action at one address: who of the agency may, and who may from outside.

    ``made`` returns the id in the address, about a post of Alpha's; ``sends`` is what is posted,
    None to look.  ``told`` is what the answer must say where an action comes back to its page.
    """

    action: str
    path: str
    made: Made
    own: frozenset[str]
    sends: Sends | None = None
    outside: frozenset[str] = frozenset({ROOT})
    denied: frozenset[int] = field(default=DENIED)

    def may(self, who: str) -> bool:
        """Return whether somebody of ``PEOPLE`` may do this about Alpha's people."""
        return who in (self.outside if who in (STRANGER, RIVAL, ROOT) else self.own)

    def posted(self, cast: Cast, made: Any) -> dict[str, Any]:
        """Return what is posted about what was made."""
        sends = self.sends
        return dict(sends(cast, made) if callable(sends) else sends or {})


def person(cast: Cast, post: Membership) -> UUID:
    """Return the person of a post."""
    return post.person_id


def dormant(cast: Cast, post: Membership) -> UUID:
    """Return the person of a post, who was not seen for too long."""
    Person.objects.filter(pk=post.person_id).update(created_at=days(-91), last_seen_at=None)
    return post.person_id


def itself(cast: Cast, post: Membership) -> UUID:
    """Return the post."""
    return post.pk


def nomination(cast: Cast, post: Membership) -> UUID:
    """Return a nomination of somebody new to the agency of a post."""
    made = nominate(
        PORTAL,
        post.agency,
        email="new@example.org",
        name="New",
        roles=["analyst"],
        ceiling=post.ceiling,
    )
    return made.pk


def credential(cast: Cast, post: Membership) -> UUID:
    """Return a credential of the person of a post."""
    made = record_credential(
        PORTAL,
        post.person,
        kind="other",
        issuer="Board",
        issued_on=days(-9).date(),
        expires_on=days(90).date(),
    )
    return made.pk


def needed(cast: Cast, post: Membership) -> UUID:
    """Return a credential that every agency is asked for, from a day ahead."""
    return require_credential(PORTAL, kind="other", gates_from=days(90)).pk


def needed_of_alpha(cast: Cast, post: Membership) -> UUID:
    """Return the same, as the agency of a post asks it."""
    by = cast.acts("kim")
    return require_credential(by, kind="other", agency=post.agency, gates_from=days(90)).pk


def review(cast: Cast, post: Membership) -> UUID:
    """Return an open review of the agency of a post."""
    return begin_review(PORTAL, post.agency).pk


def with_factor(cast: Cast, post: Membership) -> UUID:
    """Return the person of a post, who has a second factor and is signed in by it."""
    TOTP.activate(post.person, SECRET)
    return post.person_id


def to_clear(cast: Cast, post: Membership) -> UUID:
    """Return the person of a post whose factors another administrator asked to clear."""
    rita = known("rita", is_administrator=True)
    FactorClearing.objects.create(
        pk=PROPOSAL, person=post.person, proposed_by=rita, reason_code="lost", checked_how="video"
    )
    return with_factor(cast, post)


def nothing(cast: Cast, post: Membership) -> UUID:
    """Return an id that no address here has."""
    return post.pk


PROPOSAL = UUID("00000000-0000-4000-8000-00000000c1ea")
"""Of ``to_clear``."""

LOST = {"reason_code": "lost", "checked_how": "video"}
ROLES = {"roles": ["analyst"], "ceiling": "1"}
LESS = {"roles": ["liaison"], "ceiling": "1"}
NOMINEE = {"name": "Nina", "email": "nina@example.org", **ROLES}
NEED = {"kind": "cfr_23", "role": "analyst", "gates_from": "2099-01-05", "decide": "1"}
RUN = frozenset({STRANGER, ROOT})
"""Whoever runs people elsewhere, or administers, does it for their own."""
TRAINING = {"kind": "cfr_23", "issuer": "State", "issued_on": "2026-01-05"}
PEOPLE_ROWS = (
    Row("see the people", "/people/", nothing, LOOKS, outside=EACH),
    Row("see a colleague", "/people/{id}/", person, LOOKS | {DESK}),
    Row("see nominations", "/people/nominations/", nothing, LOOKS, outside=EACH),
    Row("see a nomination", "/people/nominations/{id}/", nomination, LOOKS),
    Row("see reviews", "/people/reviews/", nothing, LOOKS, outside=EACH),
    Row("see a review", "/people/reviews/{id}/", review, LOOKS | {AUDITOR}),
    Row(
        "see a handover",
        "/posts/{id}/handover/",
        itself,
        frozenset({SUPERVISOR}),
        None,
        RUNS - RUNS,
    ),
    Row("nominate", "/people/nominations/new/", nothing, RUNS, NOMINEE, frozenset({STRANGER})),
    Row("withdraw a nomination", "/people/nominations/{id}/withdraw/", nomination, RUNS, {}),
    Row(
        "change a post",
        "/posts/{id}/change/",
        itself,
        RUNS,
        {**ROLES, "roles": ["liaison"]},
        RUNS - RUNS,
    ),
    Row(
        "end a post",
        "/posts/{id}/end/",
        itself,
        LOOKS | {DESK},
        {"when": "now"},
    ),
    Row("let in again", "/people/{id}/wake/", dormant, RUNS, {}),
    Row("give an address", "/people/{id}/address/", person, RUNS, {"email": "n@example.org"}),
    Row("see about lost factors", "/people/{id}/factors/", with_factor, RUNS),
    Row("ask to clear factors", "/people/{id}/factors/", with_factor, RUNS, LOST),
    Row(
        "confirm the clearing of factors",
        "/people/{id}/factors/confirm/",
        to_clear,
        RUNS,
        {"proposal": str(PROPOSAL)},
    ),
    Row("take a clearing back", "/people/{id}/factors/withdraw/", to_clear, RUNS, {}),
    Row("record a credential", "/people/{id}/credentials/new/", person, RUNS, TRAINING),
    Row("take a credential back", "/credentials/{id}/revoke/", credential, RUNS, {}),
    Row("see what is required", "/people/credentials/", nothing, RUNS, outside=RUN),
    Row("see one requirement", "/people/credentials/{id}/", needed, RUNS, outside=RUN),
    Row("require a credential", "/people/credentials/require/", nothing, RUNS, NEED, RUN),
    Row("waive a credential", "/people/credentials/{id}/waive/", needed_of_alpha, RUNS, {}),
    Row("begin a review", "/people/reviews/begin/", nothing, RUNS, {}, frozenset({STRANGER})),
    Row("take a review out", "/people/reviews/{id}/file/", review, LOOKS, {}),
    Row("see how an auditor is invited", "/people/auditors/new/", nothing, NONE),
)
"""About Lee, of Alpha's duty desk, who is also tried as the one it is about."""
