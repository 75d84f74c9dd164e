"""The matrix by the interface: for each of its actions the call that does it, or why there is none.

An action without a call answers 404 or 405 at the address it would have, and a test asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.agencies.cast import Cast, days


@dataclass(frozen=True)
class Call:
    """An address below ``/api/v1/`` and the body that is sent there; None to look."""

    address: str
    sends: Mapping[str, Any] | Callable[[Cast], Mapping[str, Any]] | None = field(
        default_factory=dict
    )

    def body(self, cast: Cast) -> dict[str, Any]:
        """Return what is sent."""
        return dict(self.sends(cast) if callable(self.sends) else self.sends or {})


@dataclass(frozen=True)
class NoCall:
    """Why an action is a page alone, and the address that it would have."""

    reason: str
    address: str
    sends: None = None

    def body(self, cast: Cast) -> dict[str, Any]:
        """Return what is sent: nothing."""
        return {}


def an_auditor(cast: Cast) -> dict[str, Any]:
    """Return what invites an auditor to Alpha."""
    return {
        "name": "Una",
        "email": "una@example.org",
        "agencies": ["alpha"],
        "until": days(30).isoformat(),
    }


ROLES = {"roles": ["analyst"], "ceiling": "sensitive"}
TRAINED = {
    "kind": "cfr_23",
    "issuer": "State",
    "issued_on": "2026-01-05",
    "expires_on": "2028-01-05",
}
REASON, WISH = {"reason_code": "separation"}, {"reason_code": "own_wish"}
BY_LINK = "the link in the mail proves the address, and a password is set on its page"
SHOWN_ONCE = "a secret is shown once, on a page, to the person who asked for it"
READ_FIRST = "whoever decides reads the page first: answers, files, who did what"
OF_SESSIONS = "it is about the session of a browser"
LISTED = "it is reached by the id that the mail or the page names"

CALLS: dict[str, Call | NoCall] = {
    "see the people": Call("people", None),
    "see a colleague": Call("people/{id}", None),
    "see nominations": NoCall(LISTED, "nominations"),
    "see a nomination": Call("nominations/{id}", None),
    "see reviews": NoCall(READ_FIRST, "reviews"),
    "see a review": NoCall(READ_FIRST, "reviews/{id}"),
    "see a handover": NoCall("it shows what one person leaves to another", "posts/{id}/handover"),
    "nominate": Call("nominations", {"name": "Nina", "email": "nina@example.org", **ROLES}),
    "withdraw a nomination": Call("nominations/{id}/withdraw"),
    "change a post": Call("posts/{id}/change", {**ROLES, "roles": ["liaison", "analyst"]}),
    "end a post": Call("posts/{id}/end"),
    "let in again": Call("people/{id}/wake"),
    "give an address": Call("people/{id}/address", {"email": "n@example.org"}),
    "see about lost factors": NoCall(READ_FIRST, "people/{id}/factors"),
    "ask to clear factors": NoCall(READ_FIRST, "people/{id}/factors"),
    "confirm the clearing of factors": NoCall(READ_FIRST, "people/{id}/factors/confirm"),
    "take a clearing back": NoCall(READ_FIRST, "people/{id}/factors/withdraw"),
    "record a credential": Call("people/{id}/credentials", TRAINED),
    "take a credential back": Call("credentials/{id}/revoke"),
    "see what is required": NoCall(READ_FIRST, "credentials"),
    "see one requirement": NoCall(READ_FIRST, "requirements/{id}"),
    "require a credential": NoCall(READ_FIRST, "requirements"),
    "waive a credential": NoCall(READ_FIRST, "requirements/{id}/waive"),
    "begin a review": NoCall(READ_FIRST, "reviews/begin"),
    "take a review out": NoCall(READ_FIRST, "reviews/{id}/file"),
    "answer a review": NoCall(READ_FIRST, "reviews/{id}/answer"),
    "close a review": NoCall(READ_FIRST, "reviews/{id}/close"),
    "see how an auditor is invited": NoCall("the call describes itself", "auditors"),
    "invite an auditor": Call("auditors", an_auditor),
    "disable the duty desk": Call("people/{id}/disable", REASON),
    "disable an analyst": Call("people/{id}/disable", REASON),
    "propose to enable": Call("people/{id}/enable"),
    "confirm enabling as a second": Call("people/{id}/enable"),
    "release an account": Call("people/{id}/release"),
    "sign somebody out": Call("people/{id}/sign-out"),
    "revoke a token": NoCall(OF_SESSIONS, "tokens/{id}/revoke"),
    "act under a post": NoCall(OF_SESSIONS, "acting-as"),
    "validate a nomination": Call("nominations/{id}/validate"),
    "validate a coordinator": Call("nominations/{id}/validate"),
    "refuse a nomination": Call("nominations/{id}/refuse"),
    "consent to a nomination": Call("nominations/{id}/consent"),
    "accept a nomination": NoCall(BY_LINK, "nominations/{id}/accept"),
    "change a coordinator's post": Call("posts/{id}/change", ROLES),
    "end a coordinator's post": Call("posts/{id}/end"),
    "give a tier": Call("agencies/{id}/tier", {"tier": "limited", "reason": "Smaller."}),
    "restrict": Call("agencies/{id}/limit", WISH),
    "suspend": Call("agencies/{id}/suspend", WISH),
    "reinstate": Call("agencies/{id}/reinstate", WISH),
    "close": Call("agencies/{id}/close", WISH),
    "see an agency's checklist": NoCall(READ_FIRST, "onboarding/{id}"),
    "see an application": NoCall(READ_FIRST, "applications/{id}"),
    "take up an application": NoCall(READ_FIRST, "applications/{id}/take-up"),
    "decline an application": NoCall(READ_FIRST, "applications/{id}/decline"),
    "verify authority": NoCall(READ_FIRST, "agencies/{id}/verify"),
    "send the agreements": NoCall(READ_FIRST, "agencies/{id}/send"),
    "record a signature": NoCall(READ_FIRST, "agencies/{id}/sign"),
    "record another signature": NoCall(READ_FIRST, "agencies/{id}/join"),
    "enter an agreement": NoCall(READ_FIRST, "agencies/{id}/agree"),
    "vote": NoCall(READ_FIRST, "agencies/{id}/vote"),
    "name a contact": NoCall(READ_FIRST, "agencies/{id}/contact"),
    "start the pilot": NoCall(READ_FIRST, "agencies/{id}/pilot"),
    "record an arrangement": NoCall(READ_FIRST, "agencies/{id}/arrange"),
    "confirm an arrangement": NoCall(READ_FIRST, "arrangements/{id}/confirm"),
    "end an arrangement": NoCall(READ_FIRST, "arrangements/{id}/end"),
    "ask for the year's answers": NoCall(READ_FIRST, "agencies/{id}/recertify"),
    "see what was answered": NoCall(READ_FIRST, "compliance"),
    "answer a question": NoCall(READ_FIRST, "compliance/answers/security"),
    "see what is answered for it": NoCall(READ_FIRST, "compliance/for/{id}"),
    "see a question for it": NoCall(READ_FIRST, "compliance/for/{id}/answers/security"),
    "answer a question for it": NoCall(READ_FIRST, "compliance/for/{id}/answers/security"),
    "open evidence": NoCall(READ_FIRST, "evidence/{id}"),
    "see a sign-in": NoCall(SHOWN_ONCE, "agencies/{id}/sign-in"),
    "set up a sign-in": NoCall(SHOWN_ONCE, "agencies/{id}/sign-in"),
    "confirm a sign-in": NoCall(READ_FIRST, "sign-ins/{id}/confirm"),
    "end a sign-in": NoCall(READ_FIRST, "sign-ins/{id}/end"),
    "make a directory's key": NoCall(SHOWN_ONCE, "directory"),
    "revoke a directory's key": NoCall(SHOWN_ONCE, "directory/revoke"),
    "register a program": NoCall(SHOWN_ONCE, "programs"),
    "draw a program's secret": NoCall(SHOWN_ONCE, "programs/{id}/secret"),
    "hand a program over": NoCall(SHOWN_ONCE, "programs/{id}/hand-over"),
    "revoke a program": NoCall(SHOWN_ONCE, "programs/{id}/revoke"),
}
