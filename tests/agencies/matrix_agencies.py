"""Rows of the matrix about agencies: onboarding, standing, sign-ins, directories, programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from agencies.codes import Role, Sensitivity
from agencies.models import Membership, Program
from agencies.services import (
    begin_year,
    confirm_arrangement,
    open_recertification,
    record_arrangement,
    register_program,
    suspend_agency,
)
from agencies.services.identity import configure_provider
from agencies.services.provisioning import issue_provisioning_key
from tests.agencies.cast import PORTAL, Cast, agreement, days, on_board
from tests.agencies.matrix import (
    ANALYST,
    COORDINATOR,
    DESK,
    NONE,
    ROOT,
    RUNS,
    STRANGER,
    Row,
    nothing,
)
from tests.agencies.onboarding import answer, applied, brought_to, evidence, provision

STOPS = frozenset({COORDINATOR, DESK, "release authority"})
STARTS = {"reason_code": "own_wish"}
SPEAKS = {
    "protocol": "oidc",
    "name": "City sign-in",
    "address": "https://id.alpha.example",
    "client_id": "liaison",
    "secret": "s3cret",
    "claims_text": "",
}


def alpha(cast: Cast, lee: Membership) -> UUID:
    """Return Alpha, by what it is called in addresses."""
    return lee.agency_id


def suspended(cast: Cast, lee: Membership) -> UUID:
    """Return Bravo, suspended."""
    return suspend_agency(cast.root, cast.bravo, reason_code="legal_order").pk


def on_the_way(status: str) -> Callable[[Cast, Membership], UUID]:
    """Return what brings an agency to a step of its onboarding."""

    def brought(cast: Cast, lee: Membership) -> UUID:
        return brought_to(status, cast).pk

    return brought


def provisioned(cast: Cast, lee: Membership) -> UUID:
    """Return an agency that has all it needs to begin its pilot."""
    agency = brought_to("provisioning", cast)
    provision(cast, agency)
    return agency.pk


def application(cast: Cast, lee: Membership) -> UUID:
    """Return an application whose address is verified."""
    return applied().pk


def a_year(cast: Cast, lee: Membership) -> UUID:
    """Return Alpha, which answers every year."""
    begin_year(PORTAL, lee.agency)
    return lee.agency_id


def arranged(cast: Cast, lee: Membership) -> UUID:
    """Return what Bravo is said to do for Alpha."""
    return record_arrangement(PORTAL, lee.agency, provider=cast.bravo, duties=["release"]).pk


def answered_for(cast: Cast, lee: Membership) -> UUID:
    """Return Alpha, for which Bravo answers by arrangement, and which answers every year."""
    duties = ["compliance"]
    made = record_arrangement(PORTAL, lee.agency, provider=cast.bravo, duties=duties)
    confirm_arrangement(PORTAL, made)
    return asked(cast, lee)


def asked(cast: Cast, lee: Membership) -> UUID:
    """Return Alpha, which is asked for the year's answers."""
    begin_year(PORTAL, lee.agency)
    open_recertification(PORTAL, lee.agency)
    return lee.agency_id


def a_file(cast: Cast, lee: Membership) -> UUID:
    """Return a file by which Bravo showed an answer of Alpha's."""
    answered_for(cast, lee)
    given = answer(cast.acts("bea"), lee.agency, "security", evidence=evidence())
    return UUID(str(given.files.get().pk))


def provider(cast: Cast, lee: Membership) -> UUID:
    """Return Alpha's sign-in, which Kim set up."""
    made = configure_provider(
        cast.acts("kim"),
        lee.agency,
        name="City",
        address="https://id.alpha.example",
        client_id="liaison",
    )
    return made.pk


def directory_key(cast: Cast, lee: Membership) -> UUID:
    """Return the key of Alpha's directory, which nothing in its address names."""
    made = issue_provisioning_key(
        cast.acts("kim"), "scim-plain", roles=["analyst"], ceiling=Sensitivity.ROUTINE
    )
    return made.pk


def program_of(cast: Cast, lee: Membership) -> UUID:
    """Return a program for which Ana answers."""
    return UUID(str(a_program(cast).pk))


def a_program(cast: Cast) -> Program:
    """Return a program of Alpha's."""
    return register_program(
        cast.acts("kim"),
        name="Export",
        answerable=cast.ana,
        roles=[Role.ANALYST],
        ceiling=Sensitivity.ROUTINE,
        scopes=["read", "write"],
    )


def to_register(cast: Cast, made: Any) -> dict[str, Any]:
    """Return what registers a program."""
    ceiling = str(int(Sensitivity.ROUTINE))
    said = {"name": "Nightly", "answerable": str(cast.ana.pk), "ceiling": ceiling}
    return {**said, "roles": ["analyst"], "scopes": ["read"]}


def to_hand_over(cast: Cast, made: Any) -> dict[str, str]:
    """Return what hands a program over."""
    return {"answerable": str(cast.sam.pk)}


def by_bravo(cast: Cast, made: Any) -> dict[str, Any]:
    """Return what Bravo would do for an agency."""
    return {"provider": str(cast.bravo.pk), "duties": ["release"]}


SIGNED = {"signer": "Chief Moss", "title": "Chief", "signed_on": "2026-01-05"}


def to_join(cast: Cast, made: Any) -> dict[str, str]:
    """Return what has Alpha sign what Bravo and another agency signed."""
    other = on_board("charlie")
    return {**SIGNED, "agreement": str(agreement(cast.bravo, other).pk)}


def to_agree(cast: Cast, made: Any) -> dict[str, Any]:
    """Return what Alpha and Bravo signed among themselves."""
    return {
        **SIGNED,
        "name": "Harbor patrol",
        "others": [str(cast.bravo.pk)],
        "categories": ["investigation"],
        "purposes": ["criminal_justice"],
        "level": "3",
        "onward": "consent",
        "effective_at": days(0).date().isoformat(),
        "expires_at": days(90).date().isoformat(),
    }


MET = {"says": "met", "text": "We do."}
PLACE, SIGN_INS, FOR = "/onboarding/{id}/", "/sign-ins/{id}/", "/compliance/for/{id}/"
HELPER = frozenset({STRANGER})
"""Who answers for Bravo, and for Alpha where that is arranged."""
APPLIED, WAY = "/onboarding/applications/{id}/", on_the_way
STEPS = (
    Row("see an agency's checklist", PLACE, alpha, NONE),
    Row("see an application", APPLIED, application, NONE),
    Row(
        "take up an application",
        APPLIED + "take-up/",
        application,
        NONE,
        {"short_name": "lake", "name": "Lake", "kind": "municipal", "time_zone": "UTC"},
    ),
    Row(
        "decline an application",
        APPLIED + "decline/",
        application,
        NONE,
        {"reason_code": "no_authority"},
    ),
    Row(
        "verify authority",
        PLACE + "verify/",
        WAY("applied"),
        NONE,
        {"means": "called", "reached_at": "+1 555 0100", "spoke_to": "Chief Moss"},
    ),
    Row("send the agreements", PLACE + "send/", WAY("tier_assigned"), NONE, {}),
    Row(
        "record a signature",
        PLACE + "sign/",
        WAY("agreements"),
        NONE,
        SIGNED,
    ),
    Row("record another signature", PLACE + "join/", alpha, NONE, to_join),
    Row("enter an agreement", PLACE + "agree/", alpha, NONE, to_agree),
    Row("vote", PLACE + "vote/", WAY("board_decision"), NONE, {"admits": "yes"}),
    Row(
        "name a contact",
        PLACE + "contact/",
        WAY("provisioning"),
        NONE,
        {"duty": "coordinator", "name": "Kay", "email": "kay@lake.example"},
    ),
    Row("start the pilot", PLACE + "pilot/", provisioned, NONE, {}),
    Row("record an arrangement", PLACE + "arrange/", alpha, NONE, by_bravo),
    Row(
        "confirm an arrangement",
        "/arrangements/{id}/confirm/",
        arranged,
        NONE,
        {},
        frozenset({STRANGER}),
    ),
    Row(
        "end an arrangement",
        "/arrangements/{id}/end/",
        arranged,
        RUNS,
        {},
        frozenset({STRANGER}),
    ),
    Row("ask for the year's answers", PLACE + "recertify/", a_year, NONE, {}),
    Row("see what was answered", "/compliance/", a_year, RUNS, None, frozenset({STRANGER})),
    Row("answer a question", "/compliance/answers/security/", asked, RUNS, MET, HELPER),
    Row("see what is answered for it", FOR, answered_for, NONE, None, HELPER),
    Row("see a question for it", FOR + "answers/security/", answered_for, NONE, None, HELPER),
    Row("answer a question for it", FOR + "answers/security/", answered_for, NONE, MET, HELPER),
    Row("open evidence", "/onboarding/evidence/{id}/", a_file, RUNS, None, HELPER | {ROOT}),
)
STANDINGS = (
    Row("give a tier", PLACE + "tier/", alpha, NONE, {"tier": "limited", "reason": "Smaller."}),
    Row("restrict", PLACE + "limit/", alpha, NONE, STARTS),
    Row("suspend", PLACE + "suspend/", alpha, NONE, STARTS),
    Row("reinstate", PLACE + "reinstate/", suspended, NONE, STARTS),
    Row("close", PLACE + "close/", alpha, NONE, STARTS),
)
MACHINES = (
    Row("see a sign-in", "/agencies/{id}/sign-in/", alpha, STOPS),
    Row("set up a sign-in", "/agencies/{id}/sign-in/", alpha, RUNS, SPEAKS),
    Row(
        "confirm a sign-in",
        SIGN_INS + "confirm/",
        provider,
        frozenset({"release authority"}),
        {},
    ),
    Row("end a sign-in", SIGN_INS + "end/", provider, STOPS, {}),
    Row(
        "make a directory's key",
        "/directory/",
        nothing,
        RUNS,
        {"roles": ["analyst"], "ceiling": "1"},
        frozenset({STRANGER}),
    ),
    Row("revoke a directory's key", "/directory/revoke/", directory_key, STOPS, {}, NONE),
    Row("register a program", "/programs/new/", nothing, RUNS, to_register, NONE),
    Row(
        "draw a program's secret",
        "/programs/{id}/secret/",
        program_of,
        frozenset({ANALYST}),
        {},
        NONE,
    ),
    Row("hand a program over", "/programs/{id}/hand-over/", program_of, RUNS, to_hand_over, NONE),
    Row("revoke a program", "/programs/{id}/revoke/", program_of, STOPS | {ANALYST}, {}, NONE),
)
AGENCY_ROWS = (*STEPS, *STANDINGS, *MACHINES)
"""About Alpha where nothing else is said; who comes on board is nobody's tried here."""
