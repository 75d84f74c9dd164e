"""Rows of the matrix about accounts and nominations: shut out, let in, nominated, validated."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from agencies.codes import Role, Sensitivity
from agencies.links import NOMINATION, token_for
from agencies.models import Membership, Nomination, ReviewedPost
from agencies.services import (
    accept_as_new,
    answer_review,
    begin_review,
    disable_person,
    issue_token,
    nominate,
    propose_enabling,
)
from agencies.services.sign_in import begin_try, fail_try
from tests.agencies.cast import PORTAL, Cast, days, post
from tests.agencies.matrix import (
    ANALYST,
    DESK,
    LOOKS,
    NONE,
    RELEASES,
    RUNS,
    STRANGER,
    Row,
    nothing,
    person,
    review,
)

REASON = {"reason_code": "separation"}
SHUTS = LOOKS | {DESK}
NEW = "nia@example.org"


def ana(cast: Cast, lee: Membership) -> UUID:
    """Return Ana, about whom the duty desk may do more than about itself."""
    return cast.ana.person_id


def disabled(cast: Cast, lee: Membership) -> UUID:
    """Return a disabled person."""
    disable_person(PORTAL, lee.person)
    return lee.person_id


def proposed(cast: Cast, lee: Membership) -> UUID:
    """Return somebody whom Sam proposed to let in again."""
    disable_person(PORTAL, lee.person)
    propose_enabling(cast.acts("sam"), lee.person)
    return lee.person_id


def locked(cast: Cast, lee: Membership) -> UUID:
    """Return somebody whose account failures locked."""
    for _ in range(5):
        fail_try(begin_try(lee.person.email), lee.person)
    return lee.person_id


def token_of(cast: Cast, lee: Membership) -> UUID:
    """Return a personal token of Ana's."""
    issue_token(cast.ana.person, membership=cast.ana, scopes=["read"], days=1)
    return cast.ana.tokens.get().pk


def waiting(cast: Cast, lee: Membership, *roles: str) -> UUID:
    """Return a nomination of somebody new by Kim that was accepted."""
    made = nominate(
        cast.acts("kim"),
        lee.agency,
        email=NEW,
        name="Nia",
        roles=list(roles) or [Role.ANALYST],
        ceiling=lee.ceiling,
    )
    return accept_as_new(made, password="a long walk by the lake").pk


def waiting_to_coordinate(cast: Cast, lee: Membership) -> UUID:
    """Return such a nomination of a coordinator."""
    return waiting(cast, lee, Role.COORDINATOR)


def of_bravos(cast: Cast, lee: Membership) -> UUID:
    """Return a nomination to Alpha of somebody who works for Bravo."""
    return _nominated(cast, "kim", cast.alpha, cast.bo).pk


def link_to_ana(cast: Cast, lee: Membership) -> str:
    """Return the key in the link by which Bravo nominated Ana."""
    return token_for(NOMINATION, _nominated(cast, "bea", cast.bravo, cast.ana).pk)


def _nominated(cast: Cast, by: str, agency: Any, whom: Membership) -> Nomination:
    return nominate(
        cast.acts(by),
        agency,
        email=whom.person.email,
        name=whom.person.name,
        roles=[Role.ANALYST],
        ceiling=whom.ceiling,
    )


def second_coordinator(cast: Cast, lee: Membership) -> UUID:
    """Return the post of another coordinator of Alpha, who reads cases as well."""
    return post(lee.agency, "kai", Role.COORDINATOR, Role.ANALYST).pk


def answered(cast: Cast, lee: Membership) -> UUID:
    """Return a review of which every post is answered."""
    made = begin_review(PORTAL, lee.agency)
    answer_review(PORTAL, made, {one.pk: "keep" for one in made.posts.all()})
    return made.pk


def an_answer(cast: Cast, made: UUID) -> dict[str, str]:
    """Return what answers for the duty desk in a review."""
    return {f"post-{ReviewedPost.objects.get(review=made, membership=cast.lee).pk}": "keep"}


def an_invitation(cast: Cast, made: UUID) -> dict[str, Any]:
    """Return what invites an auditor to Alpha."""
    until = days(30).date().isoformat()
    return {"name": "Una", "email": NEW, "agencies": [str(cast.alpha.pk)], "until": until}


def their_post(cast: Cast, made: UUID) -> dict[str, str]:
    """Return what takes up the post of the duty desk."""
    return {"membership": str(cast.lee.pk)}


COORDINATES = {"roles": ["coordinator"], "ceiling": str(int(Sensitivity.SENSITIVE))}
NOMINATIONS = "/people/nominations/{id}/"
ACCOUNT_ROWS = (
    Row("disable the duty desk", "/people/{id}/disable/", person, LOOKS, REASON),
    Row("disable an analyst", "/people/{id}/disable/", ana, SHUTS, REASON),
    Row("propose to enable", "/people/{id}/enable/", disabled, LOOKS, {}),
    Row("confirm enabling as a second", "/people/{id}/enable/", proposed, RUNS, {}),
    Row("release an account", "/people/{id}/release/", locked, RUNS, {}),
    Row("sign somebody out", "/people/{id}/sessions/end/", person, RUNS, {}),
    Row(
        "revoke a token",
        "/account/tokens/{id}/revoke/",
        token_of,
        RUNS | {ANALYST},
        {},
        NONE,
    ),
    Row("act under a post", "/acting-as/", nothing, frozenset({DESK}), their_post, NONE),
    Row("validate a nomination", NOMINATIONS + "validate/", waiting, RELEASES, {}, NONE),
    Row("validate a coordinator", NOMINATIONS + "validate/", waiting_to_coordinate, NONE, {}),
    Row("refuse a nomination", NOMINATIONS + "refuse/", waiting, RELEASES, {}, NONE),
    Row(
        "consent to a nomination",
        NOMINATIONS + "consent/",
        of_bravos,
        NONE,
        {},
        frozenset({STRANGER}),
    ),
    Row(
        "accept a nomination",
        "/people/invitation/{id}/",
        link_to_ana,
        frozenset({ANALYST}),
        {},
        NONE,
    ),
    Row("invite an auditor", "/people/auditors/new/", nothing, NONE, an_invitation),
    Row(
        "change a coordinator's post",
        "/posts/{id}/change/",
        second_coordinator,
        NONE,
        {**COORDINATES, "roles": ["analyst"]},
    ),
    Row("end a coordinator's post", "/posts/{id}/end/", second_coordinator, NONE, {"when": "now"}),
    Row("answer a review", "/people/reviews/{id}/", review, LOOKS, an_answer),
    Row("close a review", "/people/reviews/{id}/close/", answered, LOOKS, {}),
)
"""About Lee where nothing else is said; who is nominated is new, or of the other agency."""
