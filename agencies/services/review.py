"""The yearly access review: every post of an agency, one answer each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from agencies.authority import By, has_post, is_administrator
from agencies.charge import SECONDS, require_own_people
from agencies.clock import database_time
from agencies.lines import one_of
from agencies.models import AccessReview, Agency, Membership, ReviewedPost
from agencies.posts import unended
from agencies.refusals import Conflict, NotAllowed, NotVisible
from agencies.services.membership import end_membership
from ledger.services import record_event

Answer = ReviewedPost.Answer


@transaction.atomic
def begin_review(by: By, agency: Agency) -> AccessReview:
    """Begin going through an agency's posts as they stand now; the one that is open goes on."""
    require_own_people(by, agency.pk)
    Agency.objects.select_for_update().get(pk=agency.pk)
    known = AccessReview.objects.filter(agency=agency, closed_at__isnull=True).first()
    if known is not None:
        return known
    review = AccessReview.objects.create(agency=agency, begun_by_id=by.person_id)
    posts = Membership.objects.filter(unended(), agency=agency).select_related("person")
    ReviewedPost.objects.bulk_create(
        ReviewedPost(
            review=review,
            membership=post,
            roles=post.roles,
            ceiling=post.ceiling,
            last_seen_at=post.person.last_seen_at,
        )
        for post in posts
    )
    record_event(by, "review.begun", review, concerns=[agency.pk], posts=len(posts))
    return review


@transaction.atomic
def answer_review(by: By, review: AccessReview, answers: Mapping[int, str]) -> None:
    """Keep what becomes of some posts, by their place in the review; ``end`` ends at once.

    Nobody answers for a post of their own: another coordinator, the release authority or an
    administrator does.
    """
    review = AccessReview.objects.select_for_update().get(pk=review.pk)
    _may_answer(by, review)
    if review.closed_at is not None:
        raise Conflict("This review is closed.", code="state")
    rows = review.posts.select_related("membership__person").filter(pk__in=list(answers))
    for row in rows.order_by("pk"):
        wanted = one_of("answer", answers[row.pk], Answer.values)
        if wanted != row.answer:
            _answer(by, review, row, Answer(wanted))


@transaction.atomic
def close_review(by: By, review: AccessReview) -> AccessReview:
    """Close a review of which every post is answered.  Idempotent."""
    review = AccessReview.objects.select_for_update().get(pk=review.pk)
    _may_answer(by, review)
    if review.posts.filter(answer="").exists():
        raise Conflict("Some posts have no answer yet.", code="unanswered")
    if review.closed_at is None:
        review.closed_at, review.closed_by_id = database_time(), by.person_id
        review.save(update_fields=["closed_at", "closed_by"])
        counts: dict[str, Any] = {
            answer.value: review.posts.filter(answer=answer).count() for answer in Answer
        }
        record_event(by, "review.closed", review, concerns=[review.agency_id], **counts)
    return review


@transaction.atomic
def take_out_review(by: By, review: AccessReview) -> list[ReviewedPost]:
    """Return the rows of a review for a file, which is on the ledger when this returns."""
    _may_answer(by, review)
    rows = review.posts.select_related("membership__person", "answered_by").order_by(
        "membership__person__name", "pk"
    )
    found = list(rows)
    record_event(by, "review.exported", review, concerns=[review.agency_id], posts=len(found))
    return found


def _may_answer(by: By, review: AccessReview) -> None:
    if is_administrator(by) or has_post(by, review.agency_id, *SECONDS):
        return
    if by.agency_id != review.agency_id:
        raise NotVisible
    raise NotAllowed("This takes the coordinator of that agency.", code="role")


def _answer(by: By, review: AccessReview, row: ReviewedPost, answer: Answer) -> None:
    post = row.membership
    if by.person_id == post.person_id:
        raise NotAllowed("Somebody else answers for your own post.", code="self")
    if answer == Answer.END:
        end_membership(by, post)
    ReviewedPost.objects.filter(pk=row.pk).update(
        answer=answer, answered_by=by.person_id, answered_at=Now()
    )
    record_event(
        by,
        "review.answered",
        post,
        concerns=[review.agency_id],
        person=post.person_id,
        answer=answer,
    )
