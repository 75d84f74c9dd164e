"""An ask by number tells its asker nothing of what is attached to it, by whatever it tries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agencies.codes import Level, Sensitivity
from agencies.refusals import Conflict, Invalid, NotAllowed, Refusal, Stale
from cases.services import open_case
from ledger.courier import deliver_batch
from portal.api.views.grants import rows_of
from sharing import services
from sharing.boxes import items_shown, open_share_request, visible_requests
from sharing.models import Grant, Record, ShareRequest
from sharing.one_grant import open_grant
from sharing.services.deciding import lock_request
from sharing.telling.page import notification_page
from tests.cast import Cast, a_case, an_item, in_days, shared, terms

pytestmark = pytest.mark.django_db

Try = Callable[[Cast, ShareRequest], object]


def asked(cast: Cast) -> ShareRequest:
    return services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1832", terms=terms()
    )


def attach(cast: Cast, request: ShareRequest, record: Record) -> ShareRequest:
    return services.attach_record(cast.actor("lee"), request.pk, record_id=record.pk)


def said(act: Try, cast: Cast, request: ShareRequest) -> tuple[type[Refusal], str, str]:
    """Return how an act is refused, in every word."""
    with pytest.raises(Refusal) as refused:
        act(cast, request)
    return type(refused.value), refused.value.reason, getattr(refused.value, "code", "")


def approving(name: str, **said: Any) -> Try:
    return lambda cast, request: services.approve_request(cast.actor(name), request.pk, **said)


def denying(name: str) -> Try:
    return lambda cast, request: services.deny_request(
        cast.actor(name), request.pk, reason_code="nothing_releasable"
    )


def attaching(name: str) -> Try:
    return lambda cast, request: services.attach_record(
        cast.actor(name), request.pk, record_id=request.pk
    )


@pytest.mark.parametrize("name", ["bo", "stella"])
@pytest.mark.parametrize("act", [approving, denying, attaching])
def test_what_the_asker_may_not_do_is_refused_alike_whether_a_record_is_attached(
    cast: Cast, act: Callable[[str], Try], name: str
) -> None:
    without, attached = asked(cast), asked(cast)
    attach(cast, attached, a_case(cast.actor("ana")))
    assert said(act(name), cast, without) == said(act(name), cast, attached)


@pytest.mark.parametrize("field", ["record_id", "shown"])
def test_naming_a_record_in_an_approval_tells_the_asker_nothing(cast: Cast, field: str) -> None:
    without, attached = asked(cast), asked(cast)
    meant, other = a_case(cast.actor("ana"), "Meant"), a_case(cast.actor("ana"), "Other")
    attach(cast, attached, meant)
    refusals = {
        said(approving("stella", **{field: guess.pk}), cast, request)
        for guess in (meant, other)
        for request in (without, attached)
    }
    assert [kind for kind, _, _ in refusals] == [NotAllowed]


def test_the_owner_is_told_what_is_wrong_and_approves(cast: Cast) -> None:
    request = asked(cast)
    meant, other = a_case(cast.actor("ana"), "Meant"), a_case(cast.actor("ana"), "Other")
    attach(cast, request, meant)
    with pytest.raises(Invalid, match="another record"):
        services.approve_request(cast.actor("sam"), request.pk, record_id=other.pk)
    services.approve_request(cast.actor("sam"), request.pk, record_id=meant.pk)
    assert Grant.objects.get().record_id == meant.pk


def test_another_case_that_was_attached_since_is_not_released_unseen(cast: Cast) -> None:
    request = asked(cast)
    shown, wrong = a_case(cast.actor("ana"), "Shown"), a_case(cast.actor("ana"), "Wrong")
    attach(cast, request, shown)
    attach(cast, request, wrong)
    sam, version = cast.actor("sam"), request.version
    for seen in (shown.pk, None):
        with pytest.raises(Stale):
            services.approve_request(sam, request.pk, version=version, shown=seen)
    assert not Grant.objects.exists()
    services.approve_request(sam, request.pk, version=version, shown=wrong.pk)
    assert Grant.objects.get().record_id == wrong.pk


def test_a_case_attached_while_an_approval_waits_for_the_lock_is_not_overwritten(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked(cast)
    shown, wrong = a_case(cast.actor("ana"), "Shown"), a_case(cast.actor("ana"), "Wrong")
    attach(cast, request, shown)

    def meanwhile(*which: Any) -> ShareRequest:
        attach(cast, request, wrong)
        return lock_request(*which)

    monkeypatch.setattr("sharing.services.approving.lock_request", meanwhile)
    with pytest.raises(Stale):
        services.approve_request(cast.actor("sam"), request.pk)
    assert not Grant.objects.exists()


def test_news_of_an_ask_does_not_stand_under_the_case_that_is_attached(cast: Cast) -> None:
    case = open_case(cast.actor("ana"), title="Burglary series", type="burglary").record
    shared(cast, case, level=Level.SUMMARY)
    request = attach(cast, asked(cast), case)
    services.ask_question(cast.actor("lee"), request.pk, text="Which year?")
    while deliver_batch():
        pass
    under = {
        name: {
            (line.notice.kind, line.told.case is not None)
            for group in notification_page(cast.actor(name)).groups
            for line in group.lines
        }
        for name in ("bo", "sam")
    }
    assert under["bo"] == {("grant.issued", True), ("request.question", False)}
    assert ("request.received", True) in under["sam"]


def test_colleagues_below_the_ceiling_see_no_ask_for_a_record_above_it(cast: Cast) -> None:
    cast.person("ben", "bravo", "analyst", ceiling=Sensitivity.ROUTINE)
    cast.person("bea", "bravo", "analyst")
    case = a_case(cast.actor("ana"))
    shared(cast, case, level=Level.POINTER)
    named = services.ask_for_record(cast.actor("bo"), record_id=case.pk, terms=terms())
    blind = attach(cast, asked(cast), case)
    seen = {
        name: set(visible_requests(cast.actor(name)).values_list("pk", flat=True))
        & {named.pk, blind.pk}
        for name in ("bo", "bea", "ben")
    }
    assert seen == {"bo": {named.pk, blind.pk}, "bea": {named.pk, blind.pk}, "ben": {blind.pk}}


def test_chosen_items_above_the_ceiling_are_named_to_nobody_below_it(cast: Cast) -> None:
    cast.person("ben", "bravo", "analyst", ceiling=Sensitivity.SENSITIVE)
    cast.person("una", "alpha", "analyst", ceiling=Sensitivity.SENSITIVE)
    ana = cast.actor("ana")
    case = a_case(ana)
    plain = an_item(ana, case, "Plain")
    above = an_item(ana, case, "Above", sensitivity=Sensitivity.CONFIDENTIAL)
    grant = shared(cast, case, items=[plain.pk, above.pk])
    for low, high in (("ben", "bo"), ("una", "ana")):
        for name, items in ((low, [plain.pk]), (high, [plain.pk, above.pk])):
            actor = cast.actor(name)
            assert items_shown(actor, open_share_request(actor, grant.decision_id)) == items
            (row,) = rows_of(actor, [open_grant(actor, grant.pk)])
            assert set(row["items"]) == set(items)


def test_what_was_taken_back_is_not_asked_for_again_with_the_rest(cast: Cast) -> None:
    ana = cast.actor("ana")
    case = a_case(ana)
    kept, mistaken = an_item(ana, case, "Kept"), an_item(ana, case, "Mistaken")
    grant = shared(cast, case, items=[kept.pk, mistaken.pk])
    by_item = {one.record_id: one.pk for one in Grant.objects.filter(kind="item")}
    services.revoke_grant(ana, by_item[mistaken.pk], reason_code="released_in_error")
    until = in_days(60)
    for name in ("ana", "bo"):
        renewed = services.renew_grant(cast.actor(name), grant.pk, until=until, reason="Trial")
        assert (renewed.record_id, renewed.items) == (case.pk, [kept.pk])
    services.revoke_grant(ana, by_item[kept.pk], reason_code="released_in_error")
    with pytest.raises(Conflict, match="taken back"):
        services.renew_grant(cast.actor("bo"), grant.pk, until=until, reason="Trial")
