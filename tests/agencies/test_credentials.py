"""Credentials: what is needed gates at once, the copy never drifts, whoever must is warned."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError

from agencies import warnings
from agencies.codes import Role, Sensitivity
from agencies.credentials import drifted
from agencies.models import (
    Credential,
    CredentialRequirement,
    CredentialWarning,
    Membership,
)
from agencies.refusals import Invalid, NotAllowed, NotVisible
from agencies.services import (
    change_post,
    end_membership,
    record_credential,
    require_credential,
    revoke_credential,
    waive_credential,
)
from agencies.tasks import warn_of_credentials
from ledger.courier import deliver_batch
from ledger.models import Event
from tests.agencies.cast import PORTAL, Cast, days, events, last_event, post

KIND = "security_awareness"


def today() -> date:
    return datetime.now(UTC).date()


def held(by: Any, membership: Membership, *, kind: str = KIND, ends: int = 300) -> Credential:
    """Record a credential that ends in so many days."""
    return record_credential(
        by,
        membership.person,
        kind=kind,
        issuer="State training board",
        issued_on=today() - timedelta(days=400),
        expires_on=today() + timedelta(days=ends),
    )


def acts(membership: Membership) -> bool:
    return Membership.objects.acting().filter(pk=membership.pk).exists()


def test_without_requirements_nothing_is_needed(cast: Cast) -> None:
    assert set(Membership.objects.values_list("credentials_until", flat=True)) == {None}
    assert drifted() == []


def test_what_is_required_shuts_out_who_does_not_have_it_until_it_is_recorded(cast: Cast) -> None:
    made = require_credential(cast.root, kind=KIND, role=Role.ANALYST)
    assert (last_event().kind, last_event().facts["credential"]) == ("credential.required", KIND)
    assert (acts(cast.ana), acts(cast.bo), acts(cast.sam)) == (False, False, True)
    held(cast.acts("kim"), cast.ana)
    assert (last_event().kind, last_event().concerns) == ("credential.recorded", [cast.alpha.pk])
    assert (acts(cast.ana), acts(cast.bo)) == (True, False)
    before = events()
    assert require_credential(cast.root, kind=KIND, role=Role.ANALYST) == made
    assert events() == before
    waive_credential(cast.root, made)
    assert last_event().kind == "credential.waived"
    assert acts(cast.bo)
    before = events()
    waive_credential(cast.root, made)
    assert events() == before


def test_the_moment_it_lapses_is_the_end_of_access(cast: Cast) -> None:
    require_credential(cast.root, kind=KIND, role=Role.ANALYST)
    found = held(cast.acts("kim"), cast.ana)
    assert acts(cast.ana)
    Credential.objects.filter(pk=found.pk).update(expires_at=days(-0.001))
    assert drifted() == [cast.ana.pk]
    Membership.objects.filter(pk=cast.ana.pk).update(credentials_until=days(-0.001))
    assert not acts(cast.ana)


def test_a_coordinator_who_lacks_what_is_required_is_let_in_by_an_administrator(
    cast: Cast,
) -> None:
    require_credential(cast.root, kind=KIND)
    assert not acts(cast.kim)
    with pytest.raises(NotAllowed):
        held(cast.acts("kim"), cast.ana)
    held(cast.root, cast.kim)
    held(cast.acts("kim"), cast.ana)
    assert (acts(cast.kim), acts(cast.ana)) == (True, True)


def test_a_revoked_credential_counts_no_more_and_the_first_to_end_decides(cast: Cast) -> None:
    require_credential(cast.root, kind=KIND, role=Role.ANALYST)
    require_credential(cast.acts("kim"), kind="cfr_23", role=Role.ANALYST, agency=cast.alpha)
    long = held(cast.acts("kim"), cast.ana, ends=300)
    held(cast.acts("kim"), cast.ana, kind="cfr_23", ends=20)
    cast.ana.refresh_from_db()
    assert cast.ana.credentials_until is not None
    assert cast.ana.credentials_until < days(22)
    assert acts(cast.ana)
    revoke_credential(cast.acts("kim"), long)
    assert last_event().kind == "credential.revoked"
    assert not acts(cast.ana)
    before = events()
    revoke_credential(cast.acts("kim"), long)
    assert events() == before


@pytest.mark.parametrize("name", ["ana", "sam", "lee", "ida"])
def test_only_the_coordinator_records(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        held(cast.acts(name), cast.lee if name != "lee" else cast.ana)
    assert held(cast.acts("kim"), cast.lee).recorded_by_id == cast.kim.person_id


def test_nobody_records_their_own_a_strangers_or_a_coordinators(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="themselves"):
        held(cast.acts("kim"), cast.kim)
    with pytest.raises(NotVisible):
        held(cast.acts("bea"), cast.ana)
    kit = post(cast.alpha, "kit", Role.COORDINATOR)
    with pytest.raises(NotAllowed, match="portal administrator"):
        held(cast.acts("kim"), kit)
    assert held(cast.root, kit).person == kit.person
    with pytest.raises(NotAllowed, match="coordinator"):
        require_credential(cast.acts("ana"), kind=KIND, agency=cast.alpha)
    with pytest.raises(NotVisible):
        require_credential(cast.acts("bea"), kind=KIND, agency=cast.alpha)
    with pytest.raises(NotAllowed, match="every agency"):
        require_credential(cast.acts("kim"), kind=KIND)


def test_days_and_codes_make_sense(cast: Cast) -> None:
    values: dict[str, Any] = {
        "kind": KIND,
        "issuer": "Board",
        "issued_on": today(),
        "expires_on": today() + timedelta(days=1),
    }
    for wrong in (
        {"kind": "none"},
        {"issuer": " "},
        {"issued_on": today() + timedelta(days=1)},
        {"expires_on": today()},
    ):
        with pytest.raises(Invalid):
            record_credential(cast.acts("kim"), cast.ana.person, **{**values, **wrong})
    assert record_credential(cast.acts("kim"), cast.ana.person, **values).issuer == "Board"
    for wrong_requirement in ({"kind": "none"}, {"kind": KIND, "role": "chief"}):
        with pytest.raises(Invalid):
            require_credential(cast.root, **wrong_requirement)


KINDS = (KIND, "cfr_23", "deputation")
Chance = random.Random
Act = Callable[[Chance, Cast, Membership], object]


def requires(chance: Chance, cast: Cast, who: Membership) -> object:
    return require_credential(
        PORTAL,
        kind=chance.choice(KINDS),
        role=chance.choice(["", "analyst", "supervisor"]),
        agency=chance.choice([None, cast.alpha]),
    )


def waives(chance: Chance, cast: Cast, who: Membership) -> object:
    found = list(CredentialRequirement.objects.order_by("required_at"))
    return [waive_credential(PORTAL, one) for one in found[:1]]


def records(chance: Chance, cast: Cast, who: Membership) -> object:
    return held(PORTAL, who, kind=chance.choice(KINDS), ends=chance.randrange(1, 90))


def revokes(chance: Chance, cast: Cast, who: Membership) -> object:
    found = list(Credential.objects.order_by("recorded_at"))
    return [revoke_credential(PORTAL, one) for one in found[-1:]]


def changes(chance: Chance, cast: Cast, who: Membership) -> object:
    roles = chance.sample(["analyst", "supervisor", "liaison"], 2)
    return change_post(PORTAL, who, roles=roles, ceiling=Sensitivity.ROUTINE)


def joins(chance: Chance, cast: Cast, who: Membership) -> object:
    return post(cast.alpha, f"new{chance.randrange(10**9)}", Role.ANALYST)


ACTS: tuple[Act, ...] = (requires, waives, records, revokes, changes, joins)


def test_the_copy_never_drifts_whatever_is_done_in_whatever_order(cast: Cast) -> None:
    chance = random.Random(5)  # noqa: S311  (to be repeated)
    people = [cast.ana, cast.sam, cast.lee, cast.bo]
    for _ in range(40):
        chance.choice(ACTS)(chance, cast, chance.choice(people))
        assert drifted() == []


def test_a_copy_that_drifted_is_seen(cast: Cast) -> None:
    Membership.objects.filter(pk=cast.ana.pk).update(credentials_until=days(1))
    assert drifted() == [cast.ana.pk]


def test_whoever_has_one_that_ends_is_told_60_30_and_7_days_ahead_once_each(cast: Cast) -> None:
    found = held(cast.acts("kim"), cast.ana, ends=59)
    held(cast.acts("kim"), cast.lee, ends=61)
    assert (warn_of_credentials(), warn_of_credentials()) == (1, 0)
    deliver_batch()
    assert {one.to[0] for one in mail.outbox} == {"ana@example.org", "kim@example.org"}
    assert "security awareness training, of Ana" in mail.outbox[1].body
    for ends, days_ahead in ((29, 30), (6, 7)):
        Credential.objects.filter(pk=found.pk).update(expires_at=days(ends))
        assert (warn_of_credentials(), warn_of_credentials()) == (1, 0)
        assert CredentialWarning.objects.filter(credential=found, days=days_ahead).exists()
    assert Event.objects.filter(kind="credential.lapsing", target=found.pk).count() == 3


def test_what_was_renewed_revoked_or_is_nobodys_any_more_warns_nobody(cast: Cast) -> None:
    held(cast.acts("kim"), cast.ana, ends=20)
    held(cast.acts("kim"), cast.ana, ends=200)
    revoke_credential(cast.acts("kim"), held(cast.acts("kim"), cast.lee, ends=20))
    assert warn_of_credentials() == 0
    late = held(cast.acts("kim"), cast.sam, ends=20)
    assert warn_of_credentials() == 1
    revoke_credential(cast.acts("kim"), late)
    deliver_batch()
    held(cast.acts("kim"), cast.ida, ends=20)
    assert warn_of_credentials() == 1
    end_membership(PORTAL, cast.ida)
    deliver_batch()
    assert mail.outbox == []


def test_two_sweeps_side_by_side_warn_once(cast: Cast, monkeypatch: Any) -> None:
    found = held(cast.acts("kim"), cast.ana, ends=20)
    monkeypatch.setattr(warnings, "_due", lambda days, later: [found] if days == 30 else [])
    assert (warn_of_credentials(), warn_of_credentials()) == (1, 0)

    def broken(**values: Any) -> None:
        raise IntegrityError("something else")

    monkeypatch.setattr(CredentialWarning.objects, "create", broken)
    with pytest.raises(IntegrityError):
        warn_of_credentials()
