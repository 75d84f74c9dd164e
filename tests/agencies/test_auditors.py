"""Auditors from outside: invited to some agencies, by one link, until one day."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from agencies.codes import Sensitivity
from agencies.models import Membership
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services import accept_as_new, invite_auditor
from agencies.services.auditor import accept_with_the_others
from ledger.courier import deliver_batch
from tests.agencies.cast import PASSWORD, Cast, days
from tests.agencies.nominated import acts, nominated


def test_an_auditor_from_outside_is_invited_to_several_agencies_until_a_day(cast: Cast) -> None:
    until = days(30)
    for name in ("kim", "sam", "ida"):
        with pytest.raises(NotAllowed):
            invite_auditor(
                cast.acts(name), email="x@example.org", name="X", agencies=[cast.alpha], until=until
            )
    made = invite_auditor(
        cast.root,
        email="x@example.org",
        name="X",
        agencies=[cast.alpha, cast.bravo, cast.alpha],
        until=until,
    )
    deliver_batch()
    assert [one.to for one in mail.outbox] == [["x@example.org"]]
    first = accept_as_new(made[0], password=PASSWORD)
    (other,) = accept_with_the_others(first)
    assert accept_with_the_others(other) == []
    posts = Membership.objects.filter(person=first.person)
    assert {(one.agency_id, *one.roles, one.ceiling, one.ended_at) for one in posts} == {
        (agency.pk, "auditor", Sensitivity.ROUTINE, until) for agency in (cast.alpha, cast.bravo)
    }
    assert acts(posts[0].person, cast.alpha)


def test_an_invitation_makes_sense(cast: Cast) -> None:
    def invite(**changes: Any) -> Any:
        values = {"email": "x@example.org", "agencies": [cast.alpha], "until": days(30)} | changes
        return invite_auditor(cast.root, name="X", **values)

    for wrong in ({"agencies": []}, {"until": days(-1)}, {"until": days(400)}):
        with pytest.raises(Invalid):
            invite(**wrong)
    with pytest.raises(Conflict, match="works for an agency"):
        invite(email="bo@example.org")
    assert accept_with_the_others(nominated(cast)) == []
    assert len(invite()) == 1
