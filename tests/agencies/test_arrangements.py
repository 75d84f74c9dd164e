"""A county does things for a town: posts bounded by the arrangement, that end with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from agencies.actors import acting_as, actor_of
from agencies.arranged import COVERS, Duty, answers_for, covers_posts, in_effect, roles_covered
from agencies.codes import READING_ROLES, Role
from agencies.models import Agency, Arrangement, Membership, Nomination
from agencies.onboarding.evidence import evidence_of
from agencies.people.roll import with_state
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from agencies.services import (
    accept_nomination,
    change_post,
    confirm_arrangement,
    consent_to_nomination,
    end_arrangement,
    end_membership,
    form_task_force,
    nominate,
    open_evidence,
    record_arrangement,
    reinstate_agency,
    second,
    set_agency_status,
    suspend_agency,
    validate_nomination,
)
from agencies.tenure import Tenure
from ledger.models import Event
from tests.agencies.cast import PORTAL, Cast, agreement, days, last_event, on_board, post
from tests.agencies.onboarding import answer, brought_to, file_of
from tests.agencies.test_people_pages import desk, words


@dataclass(frozen=True)
class Town:
    """Alpha, for which Bravo does things; Bo of Bravo is nominated for a post at Alpha."""

    cast: Cast
    arrangement: Arrangement
    nomination: Nomination

    def post(self) -> Membership:
        """Return Bo's post at Alpha."""
        return Membership.objects.get(nomination=self.nomination)


def arranged(cast: Cast, *duties: str, confirmed: bool = True) -> Arrangement:
    """Return that Bravo does things for Alpha."""
    made = record_arrangement(
        cast.root, cast.alpha, provider=cast.bravo, duties=duties or ["release", "entry"]
    )
    return confirm_arrangement(cast.acts("bea"), made) if confirmed else made


def proposed(cast: Cast, made: Arrangement, **more: Any) -> Nomination:
    """Return that Alpha's coordinator nominates Bo for it."""
    values: dict[str, Any] = {"email": "bo@example.org", "name": "Bo", "roles": ["supervisor"]}
    return nominate(cast.acts("kim"), cast.alpha, ceiling=2, arrangement=made, **values | more)


def opened(cast: Cast, *duties: str, **more: Any) -> Town:
    """Return the same once Bo, Bravo and a second of Alpha have said yes."""
    made = arranged(cast, *duties)
    nomination = proposed(cast, made, **more)
    accept_nomination(nomination, person=cast.bo.person)
    consent_to_nomination(cast.acts("bea"), nomination)
    validate_nomination(cast.acts("sam"), nomination)
    return Town(cast, made, nomination)


def acts(membership: Membership) -> bool:
    """Return whether somebody acts under a post, of whom the view and the query say the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM agencies_acting WHERE membership_id = %s", [membership.pk]
        )
        (number,) = cursor.fetchone()
    found = Membership.objects.acting().filter(pk=membership.pk).exists()
    assert bool(number) is found
    return found


def state_of(membership: Membership) -> str:
    return str(with_state(Membership.objects.filter(pk=membership.pk)).get().state)  # type: ignore[attr-defined]


def test_what_each_duty_covers() -> None:
    assert set(COVERS) == set(Duty)
    covered = [role for roles in COVERS.values() for role in roles]
    assert sorted(covered) == sorted(READING_ROLES)
    made = Arrangement(duties=["entry", "compliance"])
    assert roles_covered(made) == [Role.ANALYST]


def test_a_post_takes_the_town_the_person_the_county_and_a_second(cast: Cast) -> None:
    made = arranged(cast)
    nomination = proposed(cast, made)
    told = {row.roster for row in Event.objects.latest("seq").messages.all()}
    assert cast.bravo.pk in told
    accept_nomination(nomination, person=cast.bo.person)
    with pytest.raises(Conflict, match="Bravo Police has not consented"):
        validate_nomination(cast.acts("sam"), nomination)
    consent_to_nomination(cast.acts("bea"), nomination)
    with pytest.raises(NotAllowed):
        validate_nomination(cast.acts("kim"), nomination)
    validate_nomination(cast.acts("sam"), nomination)
    held = Membership.objects.get(nomination=nomination)
    assert (held.agency, held.roles, held.arrangement) == (cast.alpha, ["supervisor"], made)
    assert acts(held)
    written = Event.objects.get(kind="membership.added", target=held.pk)
    assert written.concerns == sorted([cast.alpha.pk, cast.bravo.pk]) or set(written.concerns) == {
        cast.alpha.pk,
        cast.bravo.pk,
    }
    assert written.facts["arrangement"] == str(made.pk)
    actor = actor_of(cast.bo.person, held.pk)
    assert (actor.agency_id, actor.membership_id) == (cast.alpha.pk, held.pk)


@pytest.mark.parametrize(
    ("duty", "role", "may"),
    [
        (duty, role, role in COVERS[Duty(duty)])
        for duty in ("release", "entry", "compliance")
        for role in Role
    ],
)
def test_a_post_has_only_roles_that_the_arrangement_covers(
    cast: Cast, duty: str, role: Role, may: bool
) -> None:
    made = arranged(cast, duty)
    if may:
        assert proposed(cast, made, roles=[role]).arrangement == made
    else:
        with pytest.raises(Invalid, match="covers"):
            proposed(cast, made, roles=[role])


def test_it_goes_to_people_of_the_other_agency_alone(cast: Cast) -> None:
    made, charlie = arranged(cast), on_board("charlie")
    post(charlie, "cy", Role.ANALYST)
    for stranger in ("cy@example.org", "nobody@example.org"):
        with pytest.raises(Invalid, match="Nobody with a post at Bravo"):
            proposed(cast, made, email=stranger)
    assert proposed(cast, made).person == cast.bo.person


def test_it_takes_an_arrangement_in_effect_of_that_agency(cast: Cast) -> None:
    made = arranged(cast, confirmed=False)
    with pytest.raises(Conflict, match="not in effect"):
        proposed(cast, made)
    assert not in_effect().exists()
    with pytest.raises(Conflict, match="not in effect"):
        nominate(
            cast.acts("bea"),
            cast.bravo,
            email="ana@example.org",
            name="Ana",
            roles=["analyst"],
            ceiling=2,
            arrangement=made,
        )
    confirm_arrangement(cast.acts("bea"), made)
    assert covers_posts(cast.alpha.pk) == [made]
    assert covers_posts(cast.bravo.pk) == []
    with pytest.raises(NotVisible):
        nominate(
            cast.acts("bea"),
            cast.alpha,
            email="bo@example.org",
            name="Bo",
            roles=["analyst"],
            ceiling=2,
            arrangement=made,
        )
    assert proposed(cast, made).state == "nominated"


def test_what_it_rests_on_is_asked_again_when_the_post_opens(cast: Cast) -> None:
    made = arranged(cast)
    nomination = proposed(cast, made)
    accept_nomination(nomination, person=cast.bo.person)
    consent_to_nomination(cast.acts("bea"), nomination)
    Arrangement.objects.filter(pk=made.pk).update(ended_at=days(-0.001))
    with pytest.raises(Conflict, match="not in effect"):
        validate_nomination(cast.acts("sam"), nomination)
    Arrangement.objects.filter(pk=made.pk).update(ended_at=None)
    validate_nomination(cast.acts("sam"), nomination)


def ends(town: Town) -> None:
    Arrangement.objects.filter(pk=town.arrangement.pk).update(ended_at=days(-0.0001))


def is_unconfirmed(town: Town) -> None:
    Arrangement.objects.filter(pk=town.arrangement.pk).update(confirmed_at=None)


def is_anothers(town: Town) -> None:
    Arrangement.objects.filter(pk=town.arrangement.pk).update(agency=on_board("charlie"))


def suspends_the_county(town: Town) -> None:
    suspend_agency(town.cast.root, town.cast.bravo, reason_code="security_incident")


def suspends_the_town(town: Town) -> None:
    suspend_agency(town.cast.root, town.cast.alpha, reason_code="security_incident")


def leaves_the_county(town: Town) -> None:
    end_membership(town.cast.acts("bea"), town.cast.bo)


def begins_there_later(town: Town) -> None:
    Membership.objects.filter(pk=town.cast.bo.pk).update(started_at=days(1))


@pytest.mark.parametrize(
    "happens",
    [
        *(ends, is_unconfirmed, is_anothers, suspends_the_county, suspends_the_town),
        *(leaves_the_county, begins_there_later),
    ],
)
def test_nobody_acts_under_it_at_the_next_statement_once(cast: Cast, happens: Any) -> None:
    town = opened(cast)
    held = town.post()
    assert acts(held)
    assert state_of(held) == Tenure.ACTIVE
    happens(town)
    assert not acts(held)
    if happens is not suspends_the_town:
        assert state_of(held) == Tenure.PAUSED


def test_a_county_that_is_reinstated_goes_on_and_one_whose_arrangement_ended_meanwhile_does_not(
    cast: Cast,
) -> None:
    town = opened(cast)
    held = town.post()
    suspends_the_county(town)
    assert not acts(held)
    reinstate_agency(cast.root, cast.bravo, reason_code="resolved")
    assert acts(held)
    suspends_the_county(town)
    end_arrangement(cast.acts("kim"), town.arrangement)
    reinstate_agency(cast.root, cast.bravo, reason_code="resolved")
    assert not acts(held)


def test_ending_it_ends_its_posts_for_good_and_says_so_for_each(cast: Cast) -> None:
    town = opened(cast)
    cal = post(cast.bravo, "cal", Role.ANALYST)
    waits = proposed(cast, town.arrangement, email="cal@example.org", name="Cal", roles=["analyst"])
    held = town.post()
    end_arrangement(cast.acts("bea"), town.arrangement)
    held.refresh_from_db()
    waits.refresh_from_db()
    assert held.ended_at is not None
    assert waits.state == "withdrawn"
    written = Event.objects.get(kind="membership.ended", target=held.pk)
    assert set(written.concerns) == {cast.alpha.pk, cast.bravo.pk}
    assert (written.agency, written.facts["arrangement"]) == (
        cast.bravo.pk,
        str(town.arrangement.pk),
    )
    assert last_event().kind == "nomination.withdrawn"
    again = arranged(cast)
    assert again.pk != town.arrangement.pk
    assert not acts(held)
    assert acts(cast.bo)
    assert acts(cal)


def test_a_post_by_arrangement_is_widened_within_it_alone_and_seconded_nowhere(cast: Cast) -> None:
    town = opened(cast, "release")
    kim, held = cast.acts("kim"), town.post()
    with pytest.raises(Invalid, match="covers release authority or duty desk"):
        change_post(kim, held, roles=["supervisor", "analyst"], ceiling=2)
    assert change_post(kim, held, roles=["supervisor", "liaison"], ceiling=2) is not None
    force = form_task_force(
        PORTAL,
        short_name="river",
        name="River",
        lead=cast.alpha,
        agreement=agreement(cast.alpha, cast.bravo),
    )
    with pytest.raises(Conflict, match="by arrangement"):
        second(kim, force, held)
    assert second(kim, force, cast.bo).membership == cast.bo


def test_the_database_bounds_such_posts_too(cast: Cast) -> None:
    held = opened(cast).post()
    for roles in (["coordinator"], ["supervisor", "auditor"]):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(pk=held.pk).update(roles=roles)
    Membership.objects.filter(pk=held.pk).update(roles=["liaison", "analyst"])


def test_the_countys_coordinator_answers_and_opens_evidence_where_that_is_covered(
    cast: Cast,
) -> None:
    agency = brought_to("compliance", cast)
    bea = cast.acts("bea")
    made = record_arrangement(cast.root, agency, provider=cast.bravo, duties=["release"])
    confirm_arrangement(bea, made)
    with pytest.raises(NotAllowed):
        answer(bea, agency, "security")
    Arrangement.objects.filter(pk=made.pk).update(duties=["compliance"])
    kept = answer(bea, agency, "security", evidence=evidence_of(file_of()))
    assert kept.answered_by == cast.bea.person
    assert last_event().agency == cast.bravo.pk
    file = kept.files.get()
    assert open_evidence(bea, file.pk) == file
    for name in ("bo", "kim", "sam"):
        assert not answers_for(cast.acts(name), agency.pk)
        with pytest.raises(NotAllowed):
            answer(cast.acts(name), agency, "vetting")
        with pytest.raises(NotVisible):
            open_evidence(cast.acts(name), file.pk)
    assert not answers_for(PORTAL, agency.pk)
    end_arrangement(bea, made)
    with pytest.raises(NotAllowed):
        answer(bea, agency, "vetting")
    with pytest.raises(NotVisible):
        open_evidence(bea, file.pk)


def test_neither_answers_for_a_suspended_town_nor_while_suspended(cast: Cast) -> None:
    made = arranged(cast, "compliance")
    assert answers_for(cast.acts("bea"), cast.alpha.pk)
    set_agency_status(PORTAL, cast.alpha, status="suspended")
    assert not answers_for(cast.acts("bea"), cast.alpha.pk)
    set_agency_status(PORTAL, cast.alpha, status="active")
    assert answers_for(cast.acts("bea"), cast.alpha.pk)
    set_agency_status(PORTAL, cast.bravo, status="suspended")
    assert not answers_for(acting_as(cast.bea), cast.alpha.pk)
    assert not in_effect().filter(pk=made.pk).exists()
    assert Agency.objects.get(pk=cast.bravo.pk).status == "suspended"


def test_the_form_offers_arrangements_and_the_pages_say_what_a_post_rests_on(cast: Cast) -> None:
    kim = desk(cast, "kim")
    assert "Under an arrangement" not in words(kim.get("/people/nominations/new/"))
    made = arranged(cast, "release")
    assert "Bravo Police" in words(kim.get("/people/nominations/new/"))
    typed = {"name": "Bo", "email": "bo@example.org", "ceiling": "2", "arrangement": str(made.pk)}
    wrong = kim.post("/people/nominations/new/", {**typed, "roles": ["analyst"]})
    assert wrong.status_code == 422
    assert "covers release authority or duty desk" in words(wrong)
    page = kim.post("/people/nominations/new/", {**typed, "roles": ["supervisor"]}, follow=True)
    assert "by arrangement with Bravo Police" in words(page)
    nomination = Nomination.objects.get()
    accept_nomination(nomination, person=cast.bo.person)
    consent_to_nomination(cast.acts("bea"), nomination)
    validate_nomination(cast.acts("sam"), nomination)
    assert "by arrangement with Bravo Police" in words(kim.get(f"/people/{cast.bo.person_id}/"))
    assert "Bo" in words(kim.get("/compliance/"))


def test_a_coordinator_answers_for_a_town_on_its_page(cast: Cast) -> None:
    agency = brought_to("compliance", cast)
    bea = desk(cast, "bea")
    path = f"/compliance/for/{agency.pk}/"
    made = record_arrangement(cast.root, agency, provider=cast.bravo, duties=["compliance"])
    assert bea.get(path).status_code == 404
    confirm_arrangement(cast.acts("bea"), made)
    assert path in words(bea.get("/compliance/"))
    assert "Answer" in words(bea.get(path))
    assert "Security" in words(bea.get(f"{path}answers/security/"))
    assert bea.get(f"{path}answers/nothing/").status_code == 404
    done = bea.post(f"{path}answers/security/", {"says": "met", "text": "So."}, follow=True)
    assert "Kept" in words(done)
    assert desk(cast, "kim").get(path).status_code == 404
    assert desk(cast, "bo").get(path).status_code == 404
    end_arrangement(cast.acts("bea"), made)
    assert bea.get(path).status_code == 404
    assert bea.post(f"{path}answers/vetting/", {"says": "met", "text": "So."}).status_code == 404
