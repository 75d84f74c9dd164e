"""The yearly access review: every post, one answer each, nobody for themselves."""

from __future__ import annotations

import pytest

from agencies.codes import Role
from agencies.models import AccessReview, Membership
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.services import answer_review, begin_review, close_review, take_out_review
from tests.agencies.cast import Cast, events, last_event, post


def rows(review: AccessReview) -> dict[str, int]:
    """Return the row of each person of a review."""
    found = review.posts.select_related("membership__person")
    return {row.membership.person.name: row.pk for row in found}


def test_a_review_lists_every_post_as_it_stands(cast: Cast) -> None:
    review = begin_review(cast.acts("kim"), cast.alpha)
    assert set(rows(review)) == {"Ana", "Sam", "Lee", "Kim", "Ida"}
    assert (last_event().kind, last_event().facts) == ("review.begun", {"posts": 5})
    before = events()
    assert begin_review(cast.acts("kim"), cast.alpha) == review
    assert events() == before


def test_all_are_answered_before_it_is_closed_and_nobody_for_themselves(cast: Cast) -> None:
    review = begin_review(cast.acts("kim"), cast.alpha)
    place = rows(review)
    own = place.pop("Kim")
    answer_review(cast.acts("kim"), review, dict.fromkeys(place.values(), "keep"))
    with pytest.raises(NotAllowed, match="Somebody else"):
        answer_review(cast.acts("kim"), review, {own: "keep"})
    with pytest.raises(Conflict, match="no answer yet"):
        close_review(cast.acts("kim"), review)
    before = events()
    answer_review(cast.acts("kim"), review, {place["Ana"]: "keep"})
    assert events() == before
    answer_review(cast.acts("sam"), review, {own: "keep"})
    closed = close_review(cast.acts("kim"), review)
    assert (closed.closed_by_id, last_event().facts) == (
        cast.kim.person_id,
        {"keep": 5, "change": 0, "end": 0},
    )
    before = events()
    close_review(cast.acts("kim"), review)
    assert events() == before
    with pytest.raises(Conflict, match="is closed"):
        answer_review(cast.acts("kim"), review, {place["Ana"]: "end"})
    assert begin_review(cast.acts("kim"), cast.alpha) != review


def test_to_end_ends_at_once_and_to_change_is_a_mark(cast: Cast) -> None:
    review = begin_review(cast.acts("kim"), cast.alpha)
    place = rows(review)
    answer_review(cast.acts("kim"), review, {place["Ana"]: "end", place["Lee"]: "change"})
    assert not Membership.objects.acting().filter(pk=cast.ana.pk).exists()
    assert Membership.objects.acting().filter(pk=cast.lee.pk).exists()
    with pytest.raises(Invalid):
        answer_review(cast.acts("kim"), review, {place["Sam"]: "promote"})


def test_a_coordinators_post_is_not_ended_by_a_review_but_by_an_administrators(
    cast: Cast,
) -> None:
    post(cast.alpha, "kit", Role.COORDINATOR)
    review = begin_review(cast.acts("kim"), cast.alpha)
    with pytest.raises(NotAllowed, match="portal administrator"):
        answer_review(cast.acts("kim"), review, {rows(review)["Kit"]: "end"})
    answer_review(cast.root, review, {rows(review)["Kit"]: "end"})
    assert last_event().facts["answer"] == "end"


@pytest.mark.parametrize(
    ("name", "refusal"), [("ana", NotAllowed), ("lee", NotAllowed), ("bea", NotVisible)]
)
def test_others_neither_begin_nor_answer_nor_take_it_out(
    cast: Cast, name: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        begin_review(cast.acts(name), cast.alpha)
    review = begin_review(cast.acts("kim"), cast.alpha)
    for act in (
        lambda by: answer_review(by, review, {rows(review)["Ana"]: "keep"}),
        lambda by: close_review(by, review),
        lambda by: take_out_review(by, review),
    ):
        with pytest.raises(refusal):
            act(cast.acts(name))
    assert len(take_out_review(cast.acts("kim"), review)) == 5
    assert last_event().kind == "review.exported"
