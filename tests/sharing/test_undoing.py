"""Undoing an approval: until it takes effect nobody but the owner can tell that it was given."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agencies.refusals import Conflict, NotAllowed, NotVisible, Stale
from ledger.courier import deliver_batch
from ledger.models import Event, Message
from portal.api.shapes.requests import request_shown
from sharing import services
from sharing.actions import Action
from sharing.boxes import open_share_request, record_shown, requests_for
from sharing.holdings import grant_state, grants_for, standing_grants_for
from sharing.models import Grant, Notification, Record, ShareRequest, StandingGrant
from tests.cast import Cast, a_case, an_item, in_days, readable, shared, terms

pytestmark = pytest.mark.django_db

GRACE = timedelta(seconds=10)
PASSED = timedelta(seconds=60)


def asked(cast: Cast, **changes: Any) -> ShareRequest:
    """Return what Bo asked for by a number, with the case attached."""
    case = a_case(cast.actor("ana"))
    request = services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1832", terms=terms(**changes)
    )
    return services.attach_record(cast.actor("lee"), request.pk, record_id=case.pk)


def offered(cast: Cast, record: Record, **changes: Any) -> ShareRequest:
    return services.offer_record(
        cast.actor("ana"), record_id=record.pk, roster_id=cast.id("bravo"), terms=terms(**changes)
    )


def approved(cast: Cast, request: ShareRequest, **changes: Any) -> ShareRequest:
    return services.approve_request(cast.actor("sam"), request.pk, grace=GRACE, **changes)


def undo(cast: Cast, request: ShareRequest, by: str = "sam") -> ShareRequest:
    return services.undo_approval(cast.actor(by), request.pk)


def pass_time(by: timedelta = PASSED) -> None:
    """Have all that was to happen have happened that much earlier."""
    for request in ShareRequest.objects.filter(effective_at__isnull=False):
        ShareRequest.objects.filter(pk=request.pk).update(effective_at=request.effective_at - by)
    for model in (Grant, StandingGrant):
        for grant in model.objects.all():  # type: ignore[attr-defined]
            ended = grant.revoked_at and grant.revoked_at - by
            changes = {"starts_at": grant.starts_at - by, "revoked_at": ended}
            model.objects.filter(pk=grant.pk).update(**changes)  # type: ignore[attr-defined]
    for message in Message.objects.all():
        due = message.next_attempt_at - by
        Message.objects.filter(pk=message.pk).update(next_attempt_at=due)


def told(cast: Cast, name: str) -> set[str]:
    while deliver_batch():
        pass
    found = Notification.objects.filter(membership=cast.posts[name])
    return set(found.values_list("kind", flat=True))


def fields(request: ShareRequest) -> dict[str, Any]:
    row = ShareRequest.objects.filter(pk=request.pk).values().get()
    return {name: value for name, value in row.items() if name != "changed_at"}


def as_shown(cast: Cast, name: str, request: ShareRequest) -> dict[str, Any]:
    actor = cast.actor(name)
    return request_shown(actor, open_share_request(actor, request.pk))


def boxed(cast: Cast, name: str) -> dict[str, list[Any]]:
    actor = cast.actor(name)
    return {
        box: list(requests_for(actor, box).values_list("pk", flat=True))
        for box in ("inbox", "sent", "decided")
    }


def test_what_was_approved_with_a_grace_reads_once_that_has_passed(cast: Cast) -> None:
    request = approved(cast, asked(cast))
    assert readable(cast, "bo") == set()
    grant = Grant.objects.get()
    assert grant_state(grant) == "pending"
    assert not grants_for(cast.actor("bo")).exists()
    assert told(cast, "bo") == set()
    pass_time()
    assert readable(cast, "bo") == {"Burglary series"}
    assert grant_state(grant) == "pending"
    grant.refresh_from_db()
    assert grant_state(grant) == "active"
    assert list(grants_for(cast.actor("bo"))) == [grant]
    assert told(cast, "bo") == {"request.approved", "grant.issued"}
    assert as_shown(cast, "bo", request)["state"] == "approved"


def test_whoever_asked_cannot_tell_that_it_was_approved_until_it_counts(cast: Cast) -> None:
    request = asked(cast)
    seen, boxes = as_shown(cast, "bo", request), boxed(cast, "bo")
    approved(cast, request)
    assert as_shown(cast, "bo", request) == seen
    assert boxed(cast, "bo") == boxes
    assert as_shown(cast, "sam", request)["state"] == "approved"
    assert boxed(cast, "sam")["decided"] == [request.pk]
    pass_time()
    assert as_shown(cast, "bo", request)["state"] == "approved"
    assert boxed(cast, "bo")["decided"] == [request.pk]


def test_the_record_of_an_ask_by_number_is_not_told_before_it_counts(cast: Cast) -> None:
    request = approved(cast, asked(cast))
    assert record_shown(cast.actor("bo"), request) is None
    assert record_shown(cast.actor("sam"), request) == request.record_id


def test_an_offer_is_not_known_to_its_receivers_before_it_counts(cast: Cast) -> None:
    request = approved(cast, offered(cast, a_case(cast.actor("ana"))))
    with pytest.raises(NotVisible):
        open_share_request(cast.actor("bo"), request.pk)
    pass_time()
    assert open_share_request(cast.actor("bo"), request.pk) == request


def test_undoing_leaves_the_request_as_it_was_and_the_grant_as_if_never_given(cast: Cast) -> None:
    request = asked(cast)
    before, seen = fields(request), as_shown(cast, "bo", request)
    undone = undo(cast, approved(cast, request))
    assert fields(undone) == before
    pass_time()
    assert as_shown(cast, "bo", request) == seen
    assert readable(cast, "bo") == set()
    assert told(cast, "bo") == told(cast, "stella") == set()
    grant = Grant.objects.get()
    assert (grant_state(grant), grant.ended_at is not None) == ("undone", True)


def test_undoing_is_in_the_log_of_the_owner_alone(cast: Cast) -> None:
    request = undo(cast, approved(cast, asked(cast)))
    found = Event.objects.filter(target=request.pk, kind__startswith="request.appro")
    assert [(one.kind, one.concerns) for one in found.order_by("seq")] == [
        ("request.approved", [cast.id("alpha")]),
        ("request.approval_undone", [cast.id("alpha")]),
    ]


def test_an_approval_without_a_grace_concerns_both_sides_and_is_not_undone(cast: Cast) -> None:
    request = services.approve_request(cast.actor("sam"), asked(cast).pk)
    event = Event.objects.get(kind="request.approved")
    assert event.concerns == [cast.id("alpha"), cast.id("bravo")]
    with pytest.raises(Conflict, match="took effect already"):
        undo(cast, request)


def test_what_was_undone_is_approved_again(cast: Cast) -> None:
    request = undo(cast, approved(cast, asked(cast)))
    approved(cast, request)
    pass_time()
    assert readable(cast, "bo") == {"Burglary series"}
    assert told(cast, "bo") == {"request.approved", "grant.issued"}


@pytest.mark.parametrize("state", ["under_review", "info_needed"])
def test_undoing_returns_to_the_state_of_before(cast: Cast, state: str) -> None:
    request = services.ask_question(cast.actor("sam"), asked(cast).pk, text="Which of them?")
    if state == "under_review":
        services.answer_question(cast.actor("bo"), request.pk, text="The first")
    assert undo(cast, approved(cast, request)).state == state


def test_nothing_is_undone_once_it_counts(cast: Cast) -> None:
    request = approved(cast, asked(cast))
    pass_time(GRACE - timedelta(seconds=2))
    pass_time(timedelta(seconds=2))
    with pytest.raises(Conflict, match="took effect already"):
        undo(cast, request)
    assert readable(cast, "bo") == set()
    pass_time()
    assert readable(cast, "bo") == {"Burglary series"}


def test_only_who_approved_takes_it_back(cast: Cast) -> None:
    cast.person("sue", "alpha", "supervisor")
    request = approved(cast, asked(cast))
    for name, code in (("sue", "not_approver"), ("bo", "not_owner")):
        with pytest.raises(NotAllowed) as refused:
            undo(cast, request, by=name)
        assert refused.value.code == code
    cast.agency("charlie")
    cast.person("ash", "charlie", "supervisor")
    with pytest.raises(NotVisible):
        undo(cast, request, by="ash")
    assert undo(cast, request).state == "submitted"


def test_an_approval_is_undone_once(cast: Cast) -> None:
    request = undo(cast, approved(cast, asked(cast)))
    with pytest.raises(Conflict, match="took effect already"):
        undo(cast, request)
    assert Event.objects.filter(kind="request.approval_undone").count() == 1


def test_what_was_stopped_meanwhile_is_not_undone(cast: Cast) -> None:
    request = approved(cast, asked(cast))
    grant = Grant.objects.get()
    services.revoke_grant(cast.actor("ana"), grant.pk, reason_code="need_ended")
    with pytest.raises(Conflict, match="stopped or decided anew"):
        undo(cast, request)
    assert told(cast, "bo") == set()
    pass_time()
    assert readable(cast, "bo") == set()
    assert told(cast, "bo") == {"request.approved", "grant.revoked"}


def test_the_older_of_two_approvals_is_not_undone_before_the_newer(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    first, second = offered(cast, case), offered(cast, case, until=in_days(60))
    approved(cast, first)
    approved(cast, second)
    with pytest.raises(Conflict, match="stopped or decided anew"):
        undo(cast, first)
    undo(cast, second)
    assert undo(cast, first).state == "submitted"
    pass_time()
    assert readable(cast, "bo") == set()


def test_what_a_renewal_replaces_reads_on_until_that_begins(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    old = shared(cast, case)
    approved(cast, offered(cast, case, until=in_days(60)))
    assert readable(cast, "bo") == {"Burglary series"}
    assert list(grants_for(cast.actor("bo"))) == [old]
    old.refresh_from_db()
    assert (grant_state(old), old.revoke_reason) == ("active", "superseded")
    pass_time()
    old.refresh_from_db()
    assert grant_state(old) == "superseded"
    (new,) = grants_for(cast.actor("bo"))
    assert new.until > old.until


def test_undoing_a_renewal_restores_what_it_would_have_replaced(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    old = shared(cast, case)
    undo(cast, approved(cast, offered(cast, case, until=in_days(60))))
    pass_time()
    assert list(grants_for(cast.actor("bo"))) == [old]
    old.refresh_from_db()
    assert (old.revoked_at, old.revoked_by, old.revoke_reason) == (None, None, "")
    assert old.superseded_by is None


def test_what_was_stopped_is_not_restored_by_undoing_what_was_to_replace_it(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    old = shared(cast, case)
    request = approved(cast, offered(cast, case, until=in_days(60)))
    services.revoke_grant(cast.actor("ana"), old.pk, reason_code="need_ended")
    assert readable(cast, "bo") == set()
    undo(cast, request)
    assert readable(cast, "bo") == set()


def test_a_decision_at_once_ends_what_was_to_end_in_seconds_and_what_was_to_begin(
    cast: Cast,
) -> None:
    case = a_case(cast.actor("ana"))
    old = shared(cast, case)
    approved(cast, offered(cast, case))
    less = offered(cast, case, items=[an_item(cast.actor("ana"), case).pk])
    services.approve_request(cast.actor("sam"), less.pk)
    held = {grant.record_id for grant in grants_for(cast.actor("bo"))}
    old.refresh_from_db()
    assert grant_state(old) == "active"
    assert held == {case.pk, *(less.items or ())}


def test_whoever_asked_withdraws_what_was_approved_meanwhile_without_learning_it(
    cast: Cast,
) -> None:
    request = asked(cast)
    version = request.version
    approved(cast, request)
    gone = services.withdraw_request(cast.actor("bo"), request.pk, version=version)
    assert (gone.state, gone.decided_by, gone.version) == ("withdrawn", None, version + 1)
    assert grant_state(Grant.objects.get()) == "undone"
    pass_time()
    assert readable(cast, "bo") == set()
    with pytest.raises(Conflict):
        undo(cast, request)


def test_the_version_that_the_owner_knows_is_stale_to_whoever_asked(cast: Cast) -> None:
    request = asked(cast)
    decided = approved(cast, request)
    with pytest.raises(Stale) as stale:
        services.withdraw_request(cast.actor("bo"), request.pk, version=decided.version)
    assert stale.value.current == request.version


def test_an_answer_to_what_was_approved_meanwhile_is_kept(cast: Cast) -> None:
    request = services.ask_question(cast.actor("sam"), asked(cast).pk, text="Which of them?")
    approved(cast, request)
    answered = services.answer_question(cast.actor("bo"), request.pk, text="The first")
    assert (answered.state, answered.state_before) == ("approved", "under_review")
    assert as_shown(cast, "bo", request)["state"] == "under_review"
    assert undo(cast, request).state == "under_review"


def test_chosen_items_of_what_has_not_begun_begin_with_it(cast: Cast) -> None:
    case = a_case(cast.actor("ana"))
    item = an_item(cast.actor("ana"), case)
    request = approved(cast, offered(cast, case))
    services.narrow_grant(cast.actor("ana"), Grant.objects.get().pk, items=[item.pk])
    assert readable(cast, "bo", Action.KNOW) == set()
    assert told(cast, "bo") == set()
    undo(cast, request)
    assert {grant_state(grant) for grant in Grant.objects.all()} == {"undone"}
    pass_time()
    assert told(cast, "bo") == set()


def standing(cast: Cast) -> ShareRequest:
    return services.offer_standing(
        cast.actor("ana"), roster_id=cast.id("bravo"), category="investigation", terms=terms()
    )


def test_standing_access_begins_and_is_undone_alike(cast: Cast) -> None:
    cast.agreements["M1"].standing = True
    cast.agreements["M1"].save()
    a_case(cast.actor("ana"), findability="listed")
    request = approved(cast, standing(cast))
    assert readable(cast, "bo") == set()
    assert not standing_grants_for(cast.actor("bo")).exists()
    undo(cast, request)
    pass_time()
    assert readable(cast, "bo") == set()
    approved(cast, request)
    pass_time()
    assert readable(cast, "bo") == {"Burglary series"}
    assert told(cast, "bo") == {"grant.issued"}


def test_a_new_standing_access_replaces_the_old_when_it_begins(cast: Cast) -> None:
    cast.agreements["M1"].standing = True
    cast.agreements["M1"].save()
    a_case(cast.actor("ana"), findability="listed")
    services.approve_request(cast.actor("sam"), standing(cast).pk)
    old = StandingGrant.objects.get()
    request = approved(cast, standing(cast))
    assert list(standing_grants_for(cast.actor("bo"))) == [old]
    undo(cast, request)
    pass_time()
    assert list(standing_grants_for(cast.actor("bo"))) == [old]
    approved(cast, request)
    pass_time()
    assert old not in standing_grants_for(cast.actor("bo"))
    assert standing_grants_for(cast.actor("bo")).count() == 1
