"""The nominee takes the post: by a link, as somebody new or known, and nobody else."""

from __future__ import annotations

import pytest
from django.core import mail

from agencies.links import key_in, token_for
from agencies.models import Person
from agencies.refusals import Conflict, NotAllowed
from agencies.services import (
    accept_as_new,
    accept_nomination,
    consent_to_nomination,
    disable_person,
    nominate,
)
from ledger.courier import deliver_batch
from tests.agencies.cast import PASSWORD, PORTAL, Cast, known
from tests.agencies.nominated import State, nominated


def test_the_nominee_is_sent_a_link_and_the_seconds_are_told(cast: Cast) -> None:
    made = nominated(cast)
    deliver_batch()
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    token = sent.body.split("/people/invitation/")[1].split("/")[0]
    assert key_in("nomination", token) == made.pk
    assert "Alpha Police" in sent.body
    mail.outbox.clear()
    accept_as_new(made, password=PASSWORD)
    deliver_batch()
    assert [one.to for one in mail.outbox] == [["sam@example.org"]]


def test_a_link_of_another_sort_or_forged_leads_nowhere(cast: Cast) -> None:
    made = nominated(cast)
    token = token_for("nomination", made.pk)
    assert key_in("nomination", token) == made.pk
    assert key_in("address", token) is None
    assert key_in("nomination", f"{token}x") is None


def test_an_account_that_is_known_accepts_signed_in(cast: Cast) -> None:
    made = nominated(cast)
    known("new")
    with pytest.raises(Conflict, match="sign in with it"):
        accept_as_new(made, password=PASSWORD)


def test_a_nomination_of_somebody_known_is_theirs_alone(cast: Cast) -> None:
    made = nominated(cast, "bo")
    with pytest.raises(NotAllowed, match="somebody else's"):
        accept_nomination(made, person=cast.bea.person)


@pytest.mark.parametrize("who", ["kim", "ana", "root", "disabled"])
def test_who_cannot_accept(cast: Cast, who: str) -> None:
    made = nominated(cast)
    person = {
        "kim": cast.kim.person,
        "ana": cast.ana.person,
        "root": Person.objects.get(pk=cast.root.person_id),
        "disabled": disable_person(PORTAL, known("gone")),
    }[who]
    with pytest.raises((Conflict, NotAllowed)):
        accept_nomination(made, person=person)
    assert accept_nomination(made, person=known("else")).state == State.ACCEPTED


def test_a_mover_takes_the_new_address_along(cast: Cast) -> None:
    made = nominated(cast, "ana.new", by="bea", agency=cast.bravo)
    accept_nomination(made, person=cast.ana.person, take_address=True)
    cast.ana.person.refresh_from_db()
    assert cast.ana.person.email == "ana.new@example.org"


def test_consent_that_came_first_opens_it_when_the_person_accepts(cast: Cast) -> None:
    made = nominate(
        cast.root, cast.alpha, email="bo@example.org", name="Bo", roles=["coordinator"], ceiling=1
    )
    consent_to_nomination(cast.acts("bea"), made)
    made.refresh_from_db()
    assert made.state == "nominated"
    assert accept_nomination(made, person=cast.bo.person).state == "active"
