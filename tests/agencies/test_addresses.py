"""The e-mail address follows the person to another agency, and only if they say so."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db.models.functions import Now

from agencies.links import key_in
from agencies.models import AddressChange, Person
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.services import confirm_address, propose_address
from ledger.courier import deliver_batch
from tests.agencies.cast import Cast, events, last_event

NEW = "ana.ames@bravo.example"


def address(person: Person) -> str:
    return Person.objects.get(pk=person.pk).email


def test_a_new_address_holds_from_when_the_person_confirms_it(cast: Cast) -> None:
    ana = cast.ana.person
    EmailAddress.objects.create(user=ana, email=ana.email, verified=True, primary=True)
    change = propose_address(cast.acts("kim"), ana, email=NEW.upper())
    assert (address(ana), last_event().kind) == ("ana@example.org", "address.proposed")
    deliver_batch()
    (sent,) = mail.outbox
    assert sent.to == [NEW]
    token = sent.body.split("/people/address/")[1].split("/")[0]
    assert key_in("address", token) == change.pk
    mail.outbox.clear()
    confirm_address(ana, change)
    assert (address(ana), last_event().kind) == (NEW, "address.changed")
    assert last_event().concerns == [cast.alpha.pk]
    assert not EmailAddress.objects.filter(user=ana).exists()
    deliver_batch()
    assert [one.to for one in mail.outbox] == [["ana@example.org"]]
    before = events()
    confirm_address(ana, change)
    assert events() == before


def test_the_link_is_the_persons_own_and_lasts_a_week(cast: Cast) -> None:
    change = propose_address(cast.acts("kim"), cast.ana.person, email=NEW)
    with pytest.raises(NotAllowed, match="somebody else's"):
        confirm_address(cast.kim.person, change)
    AddressChange.objects.update(expires_at=Now())
    with pytest.raises(Conflict, match="in time"):
        confirm_address(cast.ana.person, change)
    again = propose_address(cast.acts("kim"), cast.ana.person, email=NEW)
    assert confirm_address(cast.ana.person, again).email == NEW


def test_an_address_is_one_accounts(cast: Cast) -> None:
    with pytest.raises(Conflict, match="another account's"):
        propose_address(cast.acts("kim"), cast.ana.person, email="BO@example.org")
    change = propose_address(cast.acts("kim"), cast.ana.person, email=NEW)
    Person.objects.filter(pk=cast.bo.person_id).update(email=NEW)
    with pytest.raises(Conflict, match="another account's"):
        confirm_address(cast.ana.person, change)
    with pytest.raises(Invalid):
        propose_address(cast.acts("kim"), cast.ana.person, email="nowhere")


def test_the_same_address_again_changes_nothing(cast: Cast) -> None:
    change = propose_address(cast.acts("kim"), cast.ana.person, email="ana@example.org")
    before = events()
    assert confirm_address(cast.ana.person, change).email == "ana@example.org"
    assert events() == before


def test_only_the_coordinator_proposes(cast: Cast) -> None:
    for name, refusal in (("sam", NotAllowed), ("bea", NotVisible), ("ana", NotAllowed)):
        with pytest.raises(refusal):
            propose_address(cast.acts(name), cast.ana.person, email=NEW)
    assert propose_address(cast.root, cast.kim.person, email=NEW).email == NEW
