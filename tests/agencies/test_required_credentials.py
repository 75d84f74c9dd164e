"""What is required from a day on: nobody is shut out before it, and everybody sees it coming."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies import warnings
from agencies.codes import Role
from agencies.credentials import drifted
from agencies.lacking import (
    MOST,
    PAGE,
    agencies_lacking,
    count_lacking,
    counts_lacking,
    page_lacking,
    posts_lacking,
)
from agencies.models import CredentialRequirement, Membership, Person, RequirementWarning
from agencies.refusals import Conflict, NotAllowed
from agencies.services import (
    disable_person,
    end_membership,
    record_credential,
    require_credential,
    waive_credential,
)
from agencies.tasks import warn_of_credentials
from ledger.courier import deliver_batch
from ledger.models import Event
from tests.agencies.cast import PORTAL, Cast, days, last_event, post
from tests.agencies.test_people_pages import desk, words

KIND = "security_awareness"


def held(membership: Membership, *, ends: int) -> None:
    """Record a credential that ends in so many days."""
    day = datetime.now(UTC).date()
    record_credential(
        PORTAL,
        membership.person,
        kind=KIND,
        issuer="State",
        issued_on=day - timedelta(days=400),
        expires_on=day + timedelta(days=ends),
    )


def required(cast: Cast, ahead: float = 90, **more: Any) -> CredentialRequirement:
    """Return that Alpha's coordinator requires a credential of its analysts from a day on."""
    values: dict[str, Any] = {"role": Role.ANALYST, "agency": cast.alpha} | more
    return require_credential(cast.acts("kim"), kind=KIND, gates_from=days(ahead), **values)


def later(requirement: CredentialRequirement, ahead: float) -> None:
    """Have the day come nearer."""
    CredentialRequirement.objects.filter(pk=requirement.pk).update(gates_from=days(ahead))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_membership SET credentials_until = NULL")
    from agencies.credentials import keep_credentials_until

    keep_credentials_until()


def acts(membership: Membership) -> bool:
    return Membership.objects.acting().filter(pk=membership.pk).exists()


def until(membership: Membership) -> Any:
    membership.refresh_from_db()
    return membership.credentials_until


def test_nobody_is_shut_out_before_the_day_and_at_it_whoever_lacks_it_is(cast: Cast) -> None:
    made = required(cast)
    assert (made.required_by_id, made.by_portal) == (cast.kim.person_id, False)
    event = last_event()
    assert (event.kind, event.person) == ("credential.required", cast.kim.person_id)
    assert (event.facts["lacking"], event.facts["role"]) == (1, "analyst")
    assert acts(cast.ana)
    assert until(cast.ana) == made.gates_from
    assert until(cast.bo) is None
    later(made, -0.001)
    assert not acts(cast.ana)
    held(cast.ana, ends=30)
    assert acts(cast.ana)
    assert drifted() == []


def test_what_ends_before_the_day_keeps_in_until_the_day_and_what_ends_after_until_its_end(
    cast: Cast,
) -> None:
    made = required(cast)
    held(cast.ana, ends=20)
    assert until(cast.ana) == made.gates_from
    held(cast.ana, ends=200)
    assert until(cast.ana) > days(198)


def test_a_day_that_is_past_is_now_and_another_day_is_another_decision(cast: Cast) -> None:
    made = required(cast, ahead=-5)
    assert made.gates_from > days(-0.01)
    assert not acts(cast.ana)
    assert (
        require_credential(cast.acts("kim"), kind=KIND, role="analyst", agency=cast.alpha) == made
    )
    with pytest.raises(Conflict, match="required already"):
        required(cast, ahead=30)
    waive_credential(cast.acts("kim"), made)
    assert required(cast, ahead=30).gates_from > days(29)


def test_what_an_administrator_asks_of_an_agency_it_does_not_waive(cast: Cast) -> None:
    made = require_credential(cast.root, kind=KIND, agency=cast.alpha)
    held(cast.kim, ends=90)
    with pytest.raises(NotAllowed, match="portal administrator"):
        waive_credential(cast.acts("kim"), made)
    waive_credential(cast.root, made)
    waive_credential(cast.acts("kim"), required(cast))
    assert not CredentialRequirement.objects.exists()


def test_who_lacks_it_is_counted_and_named_by_the_same_conditions_that_shut_out(
    cast: Cast,
) -> None:
    abe, gus = post(cast.alpha, "abe", Role.ANALYST), post(cast.alpha, "gus", Role.ANALYST)
    out, away = post(cast.alpha, "out", Role.ANALYST), post(cast.alpha, "away", Role.ANALYST)
    disable_person(PORTAL, out.person)
    end_membership(PORTAL, away, at=days(30))
    held(abe, ends=60)
    held(gus, ends=200)
    made = required(cast)
    named = page_lacking(made)
    assert [row.post for row in named.rows] == [abe, cast.ana]
    assert [row.held_until is None for row in named.rows] == [False, True]
    assert named.next is None
    assert (count_lacking(made), count_lacking(made, cast.bravo.pk)) == (2, 0)
    assert counts_lacking([made.pk], cast.alpha.pk) == {made.pk: 2}
    assert agencies_lacking(made) == [cast.alpha.pk]
    assert posts_lacking(made, cast.alpha.pk) == [abe, cast.ana]
    everywhere = CredentialRequirement(kind=KIND, role="analyst", gates_from=days(90))
    assert {row.post for row in page_lacking(everywhere).rows} == {abe, cast.ana, cast.bo}
    assert page_lacking(everywhere, cast.bravo.pk).rows[0].post == cast.bo
    later(made, -0.001)
    acting = Membership.objects.acting().values("pk")
    shut_out = Membership.objects.holding(Role.ANALYST).filter(agency=cast.alpha)
    assert set(shut_out.exclude(pk__in=acting)) == {cast.ana, away, out}
    assert posts_lacking(CredentialRequirement.objects.get(), cast.alpha.pk) == [cast.ana, away]


def test_names_come_a_page_at_a_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(PAGE):
        post(cast.alpha, f"p{number:03}", Role.ANALYST)
    made = required(cast)
    first = page_lacking(made)
    assert (len(first.rows), first.next) == (PAGE, first.rows[-1].post.pk)
    second = page_lacking(made, after=first.next)
    assert (len(second.rows), second.next) == (1, None)
    both = [row.post.person.name for row in (*first.rows, *second.rows)]
    assert both == sorted(both)
    assert len(set(both)) == PAGE + 1
    assert count_lacking(made) == PAGE + 1 < MOST


def test_who_lacks_it_and_the_coordinators_are_told_at_once_and_60_30_and_7_days_ahead(
    cast: Cast,
) -> None:
    made = required(cast, ahead=90)
    deliver_batch()
    assert [one.to[0] for one in mail.outbox] == ["ana@example.org", "kim@example.org"]
    assert "1 lack it" in mail.outbox[1].body
    assert f"/people/credentials/{made.pk}/" in mail.outbox[1].body
    assert warn_of_credentials() == 0
    for ahead, step in ((59, 60), (29, 30), (6, 7)):
        mail.outbox.clear()
        later(made, ahead)
        assert (warn_of_credentials(), warn_of_credentials()) == (1, 0)
        assert RequirementWarning.objects.filter(requirement=made, days=step).exists()
        deliver_batch()
        assert len(mail.outbox) == 2
    assert Event.objects.filter(kind="credential.gating", target=made.pk).count() == 3


def test_a_decision_close_to_its_day_is_told_once_and_what_was_waived_tells_nobody(
    cast: Cast,
) -> None:
    made = required(cast, ahead=29)
    assert warn_of_credentials() == 0
    assert set(made.warnings.values_list("days", flat=True)) == {60, 30}
    waive_credential(cast.acts("kim"), made)
    deliver_batch()
    assert mail.outbox == []


def test_two_sweeps_side_by_side_tell_once(cast: Cast, monkeypatch: Any) -> None:
    made = required(cast)
    monkeypatch.setattr(warnings, "_gating", lambda days, later: [made] if days == 30 else [])
    assert (warn_of_credentials(), warn_of_credentials()) == (1, 0)

    def broken(**values: Any) -> None:
        raise IntegrityError("something else")

    monkeypatch.setattr(RequirementWarning.objects, "create", broken)
    with pytest.raises(IntegrityError):
        warn_of_credentials()


PATH = "/people/credentials/"
DAY = (datetime.now(UTC) + timedelta(days=90)).strftime("%Y-%m-%d")
TYPED = {"kind": KIND, "role": "analyst", "gates_from": DAY}


def test_a_coordinator_sees_who_lacks_it_then_requires_it_and_takes_it_back(cast: Cast) -> None:
    kim = desk(cast, "kim")
    assert "Nothing is required here yet" in words(kim.get(PATH))
    assert "Show who lacks it" in words(kim.get(f"{PATH}require/"))
    shown = words(kim.post(f"{PATH}require/", TYPED))
    assert "1 post without it on" in shown
    assert "Ana" in shown
    assert "Bo<" not in shown
    assert not CredentialRequirement.objects.exists()
    done = words(kim.post(f"{PATH}require/", {**TYPED, "decide": "1"}, follow=True))
    made = CredentialRequirement.objects.get()
    assert (made.agency, made.role, made.required_by) == (cast.alpha, "analyst", cast.kim.person)
    assert "Required from" in done
    assert "by Kim" in done
    listed = words(kim.get(PATH))
    assert "1 post" in listed
    assert "Kim" in listed
    again = kim.post(f"{PATH}require/", {**TYPED, "gates_from": "2099-01-01", "decide": "1"})
    assert again.status_code == 422
    assert "required already" in words(again)
    kim.post(f"{PATH}{made.pk}/waive/")
    assert not CredentialRequirement.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"kind": "none"}, {"role": "chief"}, {"gates_from": "2020-01-01"}, {"gates_from": ""}]
)
def test_what_is_wrong_comes_back_with_what_was_typed(cast: Cast, wrong: dict[str, str]) -> None:
    answer = desk(cast, "kim").post(f"{PATH}require/", {**TYPED, **wrong, "decide": "1"})
    assert answer.status_code == 422
    assert "field--bad" in words(answer)
    assert not CredentialRequirement.objects.exists()


def test_an_administrator_asks_of_every_agency_or_of_one(cast: Cast) -> None:
    root = desk(cast, "root")
    shown = words(root.post(f"{PATH}require/", TYPED))
    assert "2 posts without it on" in shown
    root.post(f"{PATH}require/", {**TYPED, "decide": "1"})
    root.post(f"{PATH}require/", {**TYPED, "agency": str(cast.bravo.pk), "decide": "1"})
    every, of_bravo = CredentialRequirement.objects.order_by("required_at")
    assert (every.agency, of_bravo.agency) == (None, cast.bravo)
    assert str(of_bravo.pk) not in words(root.get(PATH))
    assert str(of_bravo.pk) in words(root.get(f"{PATH}?agency={cast.bravo.pk}"))
    kim = desk(cast, "kim")
    assert "Require no more" not in words(kim.get(PATH))
    assert "1 post" in words(kim.get(f"{PATH}{every.pk}/"))
    assert kim.post(f"{PATH}{every.pk}/waive/").status_code == 403
    assert kim.get(f"{PATH}{of_bravo.pk}/").status_code == 404
    assert kim.post(f"{PATH}{of_bravo.pk}/waive/").status_code == 404
    assert "2 posts" in words(root.get(f"{PATH}{every.pk}/"))
    root.post(f"{PATH}{every.pk}/waive/")
    assert set(CredentialRequirement.objects.all()) == {of_bravo}


@pytest.mark.parametrize("name", ["ana", "sam", "lee", "ida"])
def test_nobody_else_of_the_agency_decides(cast: Cast, name: str) -> None:
    made, client = required(cast), desk(cast, name)
    for path in (PATH, f"{PATH}require/", f"{PATH}{made.pk}/"):
        assert client.get(path).status_code == 403
    assert client.post(f"{PATH}require/", {**TYPED, "decide": "1"}).status_code == 403
    assert client.post(f"{PATH}{made.pk}/waive/").status_code == 403
    assert CredentialRequirement.objects.get() == made


def test_each_page_takes_as_many_statements_whoever_lacks_it(cast: Cast) -> None:
    client = desk(cast, "kim")
    made = required(cast)
    counted = {path: statements(client, path) for path in (PATH, f"{PATH}{made.pk}/")}
    for number in range(12):
        post(cast.alpha, f"p{number}", Role.ANALYST)
    require_credential(cast.acts("kim"), kind="cfr_23", agency=cast.alpha, gates_from=days(60))
    assert {path: statements(client, path) for path in counted} == counted
    assert max(counted.values()) <= 8


def statements(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return sum(not one["sql"].startswith(marks) for one in captured)


def test_a_post_that_will_lapse_says_so_on_the_list_and_on_the_card(cast: Cast) -> None:
    required(cast, ahead=40)
    kim = desk(cast, "kim")
    day = Membership.objects.get(pk=cast.ana.pk).credentials_until
    assert day is not None
    said = f"{day:%-d %b}"
    assert said in words(kim.get("/people/?show=soon"))
    assert said in words(kim.get(f"/people/{cast.ana.person_id}/"))
    assert Person.objects.get(pk=cast.ana.person_id).is_active
