"""What an agency signs beside the participation agreement: sent, signed later, or made anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from agencies.codes import Level
from agencies.coverage import is_party
from agencies.models import Agency, Agreement, Application, Signature
from agencies.onboarding.agreed import agreed
from agencies.onboarding.checklist import checklist, onboarding_of
from agencies.onboarding.links import token_of
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services import (
    end_agreement,
    leave_agreement,
    send_agreements,
    sign_agreement,
    sign_with,
    suspend_agreement,
)
from agencies.services.signing import SIGNING, could_share_with, open_to
from ledger.models import Event
from tests.agencies.cast import PORTAL, Cast, agreement, days, on_board
from tests.agencies.onboarding import brought_to
from tests.agencies.test_onboarding_pages import browser, words_of
from tests.web.markup import faults_of

SIGNED: dict[str, Any] = {
    "signer": "Chief Moss",
    "title": "Chief",
    "signed_on": datetime.now(UTC).date(),
}
HARBOR: dict[str, Any] = {
    "name": "Harbor patrol",
    "categories": ["investigation"],
    "purposes": ["criminal_justice"],
    "level": Level.VIEW,
    "onward": "consent",
    "effective_at": days(-1),
    "expires_at": days(90),
    **SIGNED,
}


def of_others(cast: Cast, **fields: Any) -> Agreement:
    """Return an agreement between Alpha and Bravo."""
    return agreement(cast.alpha, cast.bravo, **fields)


def signing_step(agency: Agency) -> Any:
    """Return the line of the checklist on which agreements are signed."""
    way = onboarding_of(agency)
    assert way is not None
    return next(step for step in checklist(agency, way) if step.plan.event == "sign")


def test_what_was_sent_stays_in_sight_until_it_is_signed(cast: Cast) -> None:
    theirs, unsent = of_others(cast, title="Joint burglary"), of_others(cast, title="Harbor")
    agency = brought_to("tier_assigned", cast)
    assert signing_step(agency).left == []
    send_agreements(cast.root, agency, others=[theirs])
    agency.refresh_from_db()
    assert [line.split(" (")[0] for line in signing_step(agency).left] == ["Joint burglary"]
    agency = brought_to("compliance", cast, agency)
    step = signing_step(agency)
    assert (step.state, len(step.left)) == ("done", 1)
    sign_agreement(cast.root, agency, agreement=unsent, **SIGNED)
    assert len(signing_step(agency).left) == 1
    made = sign_agreement(cast.root, agency, agreement=theirs, **SIGNED)
    assert signing_step(agency).left == []
    assert (made.agreement, made.signer, made.recorded_by_id) == (
        theirs,
        "Chief Moss",
        cast.root.person_id,
    )
    joined = Event.objects.get(kind="agreement.joined", target=theirs.pk)
    assert joined.concerns == [agency.pk]


def test_what_ended_meanwhile_is_no_longer_waited_for(cast: Cast) -> None:
    theirs = of_others(cast)
    agency = brought_to("tier_assigned", cast)
    send_agreements(cast.root, agency, others=[theirs])
    agency.refresh_from_db()
    assert len(signing_step(agency).left) == 1
    end_agreement(PORTAL, theirs)
    assert signing_step(agency).left == []


def test_only_what_it_could_sign_is_sent(cast: Cast) -> None:
    ended = of_others(cast)
    end_agreement(PORTAL, ended)
    agency = brought_to("tier_assigned", cast)
    with pytest.raises(Invalid):
        send_agreements(cast.root, agency, others=[ended])
    send_agreements(cast.root, agency, others=[of_others(cast)])
    agency.refresh_from_db()
    assert agency.status == "agreements"


@pytest.mark.parametrize("name", ["ana", "sam", "kim", "bea"])
def test_only_an_administrator_records_what_is_signed(cast: Cast, name: str) -> None:
    agency = brought_to("agreements", cast)
    theirs = of_others(cast)
    for act in (
        lambda by: sign_agreement(by, agency, agreement=theirs, **SIGNED),
        lambda by: sign_with(by, agency, others=[cast.alpha], **HARBOR),
    ):
        with pytest.raises(NotAllowed, match="portal administrator"):
            act(cast.acts(name))
        assert act(cast.root).onboarding.agency == agency


@pytest.mark.parametrize("status", ["verified", "tier_assigned", "suspended", "closed"])
def test_an_agency_signs_from_when_its_agreements_were_sent(cast: Cast, status: str) -> None:
    theirs = of_others(cast)
    agency = on_board("lake", status="active")
    Agency.objects.filter(pk=agency.pk).update(status=status)
    with pytest.raises(Conflict, match="sent first"):
        sign_agreement(cast.root, agency, agreement=theirs, **SIGNED)
    with pytest.raises(Conflict, match="sent first"):
        sign_with(cast.root, agency, others=[cast.alpha], **HARBOR)
    assert not Signature.objects.exists()
    for allowed in SIGNING:
        Agency.objects.filter(pk=agency.pk).update(status=allowed)
        assert sign_with(cast.root, agency, others=[cast.alpha], **HARBOR)


def test_what_is_signed_binds_from_the_pilot_on(cast: Cast) -> None:
    theirs = of_others(cast)
    agency = brought_to("agreements", cast)
    sign_agreement(cast.root, agency, agreement=theirs, **SIGNED)
    assert not is_party(theirs, agency.pk)
    assert [one.standing for one in agreed(agency)] == ["Binds from its pilot on"]
    agency = brought_to("pilot", cast, agency)
    assert is_party(theirs, agency.pk)
    assert {one.standing for one in agreed(agency)} == {"In effect"}


def test_what_ended_or_is_signed_is_signed_by_nobody(cast: Cast) -> None:
    agency = brought_to("agreements", cast)
    ended, signed = of_others(cast), of_others(cast)
    end_agreement(PORTAL, ended)
    sign_agreement(cast.root, agency, agreement=signed, **SIGNED)
    for one in (ended, signed):
        with pytest.raises(Conflict, match="has ended, or the agency signed it"):
            sign_agreement(cast.root, agency, agreement=one, **SIGNED)
    leave_agreement(cast.root, signed, agency)
    assert list(open_to(agency)) == [signed]
    assert sign_agreement(cast.root, agency, agreement=signed, **SIGNED)


def test_nobody_signs_on_a_day_to_come(cast: Cast) -> None:
    agency, theirs = brought_to("agreements", cast), of_others(cast)
    later = SIGNED | {"signed_on": datetime.now(UTC).date() + timedelta(days=2)}
    with pytest.raises(Invalid) as refusal:
        sign_agreement(cast.root, agency, agreement=theirs, **later)
    assert set(refusal.value.errors) == {"signed_on"}
    assert list(open_to(agency)) == [theirs]
    assert sign_agreement(cast.root, agency, agreement=theirs, **SIGNED)


def test_a_new_agreement_is_between_it_and_others(cast: Cast) -> None:
    agency = brought_to("agreements", cast)
    with pytest.raises(Invalid):
        sign_with(cast.root, agency, others=[], **HARBOR)
    made = sign_with(cast.root, agency, others=[cast.alpha], **HARBOR).agreement
    parties = set(made.parties.values_list("agency_id", flat=True))
    assert (made.title, made.kind, parties) == (
        "Harbor patrol",
        "bilateral",
        {agency.pk, cast.alpha.pk},
    )
    assert cast.alpha in could_share_with(agency)
    assert agency not in could_share_with(agency)


def test_the_page_says_with_whom_and_how_it_stands(cast: Cast) -> None:
    names = [on_board(f"town-{number}").name for number in range(8)]
    others = list(Agency.objects.filter(name__in=names))
    many = agreement(cast.alpha, *others)
    later = agreement(cast.alpha, cast.bravo, effective_at=days(9))
    halted = agreement(cast.alpha, cast.bravo)
    suspend_agreement(PORTAL, halted)
    ended = agreement(cast.alpha, cast.bravo)
    end_agreement(PORTAL, ended)
    leave_agreement(PORTAL, halted, cast.bravo)
    shown = {one.agreement.pk: (one.others, one.standing) for one in agreed(cast.alpha)}
    assert shown == {
        many.pk: (", ".join(sorted(names)[:6]) + " and 2 more", "In effect"),
        later.pk: ("Bravo Police", f"From {later.effective_at:%-d %b %Y}"),
        halted.pk: ("Nobody yet", "Suspended"),
    }


def test_it_is_all_done_on_the_agencys_page(cast: Cast) -> None:
    theirs = of_others(cast, title="Joint burglary")
    agency, root = brought_to("tier_assigned", cast), browser(cast, "root")
    place = f"/onboarding/{agency.pk}/"
    page = root.get(place)
    assert (faults_of(page.content.decode()), "Joint burglary" in words_of(page)) == ([], True)
    assert "new agreement with others" not in words_of(page)
    assert root.post(f"{place}join/", {}).status_code == 422
    root.post(f"{place}send/", {"others": [str(theirs.pk)]})
    day = datetime.now(UTC).date().isoformat()
    signed = {"signer": "Chief Moss", "title": "Chief", "signed_on": day}
    root.post(f"{place}sign/", signed)
    progress = Client().get(f"/apply/by/{token_of(Application.objects.get())}/")
    assert (faults_of(progress.content.decode()), "Joint burglary" in words_of(progress)) == (
        [],
        True,
    )
    page = root.get(place)
    assert "Still open, and holds nothing up" in words_of(page)
    wrong = root.post(f"{place}join/", {**signed, "agreement": str(theirs.pk), "signer": ""})
    assert (wrong.status_code, faults_of(wrong.content.decode())) == (422, [])
    assert root.post(f"{place}join/", {**signed, "agreement": str(theirs.pk)}).status_code == 302
    page = root.get(place)
    assert "Still open" not in words_of(page)
    assert "Alpha Police, Bravo Police" in words_of(page)
    new = {
        **signed,
        "name": "Harbor patrol",
        "others": [str(cast.bravo.pk)],
        "categories": ["investigation"],
        "purposes": ["criminal_justice"],
        "level": "3",
        "onward": "never",
        "effective_at": day,
        "expires_at": days(-9).date().isoformat(),
    }
    wrong = root.post(f"{place}agree/", new)
    assert (wrong.status_code, faults_of(wrong.content.decode())) == (422, [])
    assert "ends after it begins" in words_of(wrong)
    assert "Harbor patrol" in wrong.content.decode()
    done = root.post(f"{place}agree/", new | {"expires_at": days(90).date().isoformat()})
    assert done["Location"] == place
    made = Agreement.objects.get(title="Harbor patrol")
    assert (made.onward, made.effective_at <= datetime.now(UTC)) == ("never", True)
    assert "Harbor patrol" in words_of(root.get(place))
