"""Personal tokens: whom they stand for, and everything they die with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agencies.actors import Actor, acting_as
from agencies.models import Agency, Membership, Person, PersonalToken
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services import end_membership, issue_token, revoke_token, set_agency_status
from agencies.tokens import actor_for_token, digest_of
from tests.agencies.cast import PORTAL, Cast, days, events, known, last_event

Death = Callable[[Cast], object]

DEATHS: dict[str, Death] = {
    "expired": lambda cast: PersonalToken.objects.update(
        created_at=days(-2), expires_at=days(-0.001)
    ),
    "revoked": lambda cast: PersonalToken.objects.update(revoked_at=days(-0.001)),
    "person disabled": lambda cast: Person.objects.filter(pk=cast.ana.person_id).update(
        is_active=False
    ),
    "post ended": lambda cast: end_membership(PORTAL, cast.ana),
    "post not begun": lambda cast: Membership.objects.filter(pk=cast.ana.pk).update(
        started_at=days(1)
    ),
    "agency suspended": lambda cast: set_agency_status(PORTAL, cast.alpha, status="suspended"),
    "agency closed": lambda cast: Agency.objects.filter(pk=cast.alpha.pk).update(status="closed"),
}


def token_of(post: Membership, *scopes: str, days: int = 1) -> str:
    """Return a new token of that post."""
    return issue_token(post.person, membership=post, scopes=scopes or ("read",), days=days)


def test_a_token_stands_for_its_post_with_its_scopes(cast: Cast) -> None:
    plain = token_of(cast.ana, "read", "write")
    assert actor_for_token(plain) == (acting_as(cast.ana), frozenset({"read", "write"}))
    assert (len(plain), plain[:4]) == (47, "lia_")


def test_only_the_digest_is_kept(cast: Cast) -> None:
    plain = token_of(cast.ana)
    kept = PersonalToken.objects.get()
    assert kept.digest == digest_of(plain)
    assert plain not in str(PersonalToken.objects.values().get())
    assert (last_event().kind, last_event().target) == ("token.issued", kept.pk)
    assert plain not in str(last_event().facts)


@pytest.mark.parametrize("name", DEATHS)
def test_a_token_dies_with_what_it_hangs_on(cast: Cast, name: str) -> None:
    plain = token_of(cast.ana)
    assert actor_for_token(plain) is not None
    DEATHS[name](cast)
    assert actor_for_token(plain) is None


@pytest.mark.parametrize("plain", ["", "lia_", "lia_x\ud800", "x" * 10_000])
def test_what_is_no_token_stands_for_nobody(cast: Cast, plain: str) -> None:
    assert actor_for_token(plain) is None


def test_a_token_needs_its_prefix(cast: Cast) -> None:
    plain = token_of(cast.ana)
    assert actor_for_token(plain.removeprefix("lia_")) is None
    assert actor_for_token(plain) is not None


def test_the_token_of_a_suspended_agency_wakes_with_it(cast: Cast) -> None:
    set_agency_status(PORTAL, cast.alpha, status="suspended")
    plain = token_of(cast.ana)
    assert actor_for_token(plain) is None
    set_agency_status(PORTAL, cast.alpha, status="active")
    assert actor_for_token(plain) is not None


def test_an_administrator_has_a_token_without_a_post_as_long_as_they_are_one(
    cast: Cast,
) -> None:
    root = Person.objects.get(pk=cast.root.person_id)
    plain = issue_token(root, membership=None, scopes=["read"], days=1)
    assert actor_for_token(plain) == (
        Actor(person_id=root.pk, is_administrator=True),
        frozenset({"read"}),
    )
    Person.objects.filter(pk=root.pk).update(is_staff=False)
    assert actor_for_token(plain) is None


def test_a_token_is_issued_for_a_post_of_ones_own_in_force(cast: Cast) -> None:
    ana = cast.ana.person
    with pytest.raises(NotAllowed, match="another person's post"):
        issue_token(ana, membership=cast.bo, scopes=["read"], days=1)
    with pytest.raises(Conflict, match="bound to a post"):
        issue_token(ana, membership=None, scopes=["read"], days=1)
    ended = end_membership(PORTAL, cast.ana)
    with pytest.raises(Conflict, match="post has ended"):
        token_of(ended)
    assert actor_for_token(token_of(cast.bo)) is not None


def test_nobody_disabled_is_issued_a_token(cast: Cast) -> None:
    Person.objects.filter(pk=cast.ana.person_id).update(is_active=False)
    ana = Membership.objects.select_related("person").get(pk=cast.ana.pk)
    with pytest.raises(Conflict, match="disabled"):
        token_of(ana)


@pytest.mark.parametrize(
    ("scopes", "length", "field"),
    [(["all"], 1, "scopes"), ([], 1, "scopes"), (["read"], 0, "days"), (["read"], 367, "days")],
)
def test_scopes_and_days_have_limits(
    cast: Cast, scopes: list[str], length: int, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        issue_token(cast.ana.person, membership=cast.ana, scopes=scopes, days=length)
    assert set(refusal.value.errors) == {field}


def test_a_person_revokes_their_own_token_once_and_nobody_elses(cast: Cast) -> None:
    plain = token_of(cast.ana)
    kept = PersonalToken.objects.get()
    with pytest.raises(NotAllowed):
        revoke_token(cast.acts("bo"), kept)
    assert actor_for_token(plain) is not None
    revoke_token(cast.acts("ana"), kept)
    assert actor_for_token(plain) is None
    before = events()
    revoke_token(cast.acts("ana"), kept)
    assert events() == before


def test_a_token_of_a_stranger_is_not_made_up(cast: Cast) -> None:
    stranger = known("stranger")
    with pytest.raises(Conflict):
        issue_token(stranger, membership=None, scopes=["read"], days=1)


def test_nobody_else_revokes_the_token_of_an_administrator(cast: Cast) -> None:
    root = Person.objects.get(pk=cast.root.person_id)
    issue_token(root, membership=None, scopes=["read"], days=1)
    token = PersonalToken.objects.get(person=root)
    with pytest.raises(NotAllowed):
        revoke_token(cast.acts("kim"), token)
    assert revoke_token(cast.root, token).revoked_at is not None
