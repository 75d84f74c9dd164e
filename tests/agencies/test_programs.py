"""Programs: what they may, who answers for them, and everything that they die with."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from oauth2_provider.models import AccessToken

from agencies.actors import Actor, acting_as
from agencies.codes import Role, Sensitivity
from agencies.models import Membership, Person, Program
from agencies.programs import actor_for_program_token, people_behind
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services import (
    add_membership,
    disable_person,
    draw_secret,
    end_membership,
    form_task_force,
    hand_program_over,
    issue_token,
    register_program,
    revoke_program,
    second,
    set_agency_status,
)
from ledger.models import Event
from tests.agencies.cast import PORTAL, Cast, agreement, days, events, last_event, post

TOKEN = "/oauth/token/"


def program_of(cast: Cast, **changes: Any) -> Program:
    """Return a program of Alpha that reads, for which Ana answers."""
    values: dict[str, Any] = {
        "name": "RMS export",
        "answerable": cast.ana,
        "roles": ["analyst"],
        "ceiling": Sensitivity.SENSITIVE,
        "scopes": ["read", "write"],
    }
    return register_program(cast.acts("kim"), **values | changes)


def token_answer(client_id: str, secret: str, **more: str) -> Any:
    """Ask for a token with the secret in the header."""
    basic = b64encode(f"{client_id}:{secret}".encode()).decode()
    body = {"grant_type": "client_credentials"} | more
    return Client().post(TOKEN, body, headers={"Authorization": f"Basic {basic}"})


def token_of(program: Program, secret: str, **more: str) -> str:
    """Return a token that the program was given."""
    answer = token_answer(program.client_id, secret, **more)
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access_token"])


def test_a_program_is_a_post_that_its_token_stands_for(cast: Cast) -> None:
    program = program_of(cast)
    secret = draw_secret(cast.acts("ana"), program)
    answer = token_answer(program.client_id, secret)
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 900, "read write")
    assert answer["Cache-Control"] == "no-store"
    found = actor_for_program_token(body["access_token"])
    assert found == (acting_as(program.membership), frozenset({"read", "write"}))
    assert found[0].roles == ("analyst",)
    event = last_event()
    assert (event.kind, event.person, event.target, event.concerns) == (
        "program.signed_in",
        program.membership.person_id,
        program.pk,
        [cast.alpha.pk],
    )
    assert program.membership.person.name == "RMS export"


def test_only_digests_are_kept(cast: Cast) -> None:
    program = program_of(cast)
    secret = draw_secret(cast.acts("ana"), program)
    token = token_of(program, secret)
    kept = f"{list(Program.objects.values())}{list(AccessToken.objects.values())}"
    written = str(list(Event.objects.values("facts", "basis")))
    assert (secret in kept + written, token in kept + written) == (False, False)
    assert (secret[:4], token[:4]) == ("lis_", "lit_")


def test_a_program_asks_for_less_and_never_gets_more(cast: Cast) -> None:
    reader = program_of(cast, scopes=["read"])
    secret = draw_secret(cast.acts("ana"), reader)
    refused = token_answer(reader.client_id, secret, scope="read write")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")
    both = program_of(cast, name="Both")
    token = token_of(both, draw_secret(cast.acts("ana"), both), scope="read")
    found = actor_for_program_token(token)
    assert found is not None
    assert found[1] == frozenset({"read"})
    Program.objects.filter(pk=both.pk).update(scopes=["write"])
    assert actor_for_program_token(token) == (found[0], frozenset())


@pytest.mark.parametrize("wrong", ["", "lis_no", "x\x00y"])
def test_a_wrong_secret_and_an_unknown_program_get_the_same_answer(cast: Cast, wrong: str) -> None:
    program = program_of(cast)
    draw_secret(cast.acts("ana"), program)
    known = token_answer(program.client_id, wrong)
    assert (last_event().kind, last_event().outcome, last_event().target) == (
        "program.sign_in_failed",
        "refused",
        program.pk,
    )
    unknown = token_answer(f"nobody{wrong}", wrong)
    assert last_event().target is None
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert known.status_code == 401


def test_the_secret_is_taken_from_the_body_as_well(cast: Cast) -> None:
    program = program_of(cast)
    secret = draw_secret(cast.acts("ana"), program)
    body = {"grant_type": "client_credentials", "client_id": program.client_id}
    assert Client().post(TOKEN, body | {"client_secret": secret}).status_code == 200
    assert Client().post(TOKEN, body | {"client_secret": "x"}).status_code == 401
    broken = {"Authorization": "Basic ???"}
    assert Client().post(TOKEN, body, headers=broken).status_code == 401


@pytest.mark.parametrize(
    "grant", ["authorization_code", "password", "refresh_token", "implicit", "", "x"]
)
def test_there_is_no_other_grant(cast: Cast, grant: str) -> None:
    program = program_of(cast)
    secret = draw_secret(cast.acts("ana"), program)
    answer = token_answer(program.client_id, secret, grant_type=grant)
    assert answer.status_code == 400
    device = "urn:ietf:params:oauth:grant-type:device_code"
    assert token_answer(program.client_id, secret, grant_type=device).status_code == 400
    assert Client().get(TOKEN).status_code == 405
    with pytest.raises(IntegrityError), transaction.atomic():
        Program.objects.update(authorization_grant_type="password")


Death = Callable[[Cast, Program], object]

DEATHS: dict[str, Death] = {
    "revoked": lambda cast, program: revoke_program(cast.acts("kim"), program),
    "revoked by who answers": lambda cast, program: revoke_program(cast.acts("ana"), program),
    "handed over": lambda cast, program: hand_program_over(
        cast.acts("kim"), program, answerable=post(cast.alpha, "abe", Role.ANALYST)
    ),
    "its post ended": lambda cast, program: end_membership(cast.acts("lee"), program.membership),
    "disabled": lambda cast, program: disable_person(PORTAL, program.membership.person),
    "who answers disabled": lambda cast, program: disable_person(PORTAL, cast.ana.person),
    "who answers left": lambda cast, program: end_membership(PORTAL, cast.ana),
    "who answers reads no more": lambda cast, program: Membership.objects.filter(
        pk=cast.ana.pk
    ).update(roles=["auditor"]),
    "who answers reads less": lambda cast, program: Membership.objects.filter(
        pk=cast.ana.pk
    ).update(ceiling=Sensitivity.ROUTINE),
    "agency suspended": lambda cast, program: set_agency_status(
        PORTAL, cast.alpha, status="suspended"
    ),
    "expired": lambda cast, program: AccessToken.objects.update(expires=days(-0.001)),
}


@pytest.mark.parametrize("name", DEATHS)
def test_a_token_dies_with_what_it_hangs_on(cast: Cast, name: str) -> None:
    program = program_of(cast)
    secret = draw_secret(cast.acts("ana"), program)
    token = token_of(program, secret)
    assert actor_for_program_token(token) is not None
    DEATHS[name](cast, program)
    assert actor_for_program_token(token) is None
    if name != "expired":
        assert token_answer(program.client_id, secret).status_code == 401


def test_a_program_never_may_more_than_who_answers_for_it(cast: Cast) -> None:
    for changes in (
        {"ceiling": Sensitivity.CONFIDENTIAL},
        {"roles": ["auditor"]},
        {"answerable": cast.kim},
        {"answerable": end_membership(PORTAL, cast.sam)},
    ):
        with pytest.raises(Conflict):
            program_of(cast, **changes)
    assert program_of(cast, answerable=cast.ida, roles=["auditor"]).membership.roles == ["auditor"]


@pytest.mark.parametrize("role", ["supervisor", "liaison", "coordinator"])
def test_a_program_releases_and_appoints_nothing(cast: Cast, role: str) -> None:
    with pytest.raises(Invalid):
        program_of(cast, answerable=cast.sam, roles=["analyst", role])
    program = program_of(cast, answerable=cast.sam)
    with pytest.raises(Conflict, match="one post"):
        add_membership(
            PORTAL,
            program.membership.person,
            cast.bravo,
            roles=["analyst"],
            ceiling=Sensitivity.ROUTINE,
        )


def test_a_program_has_scopes_and_a_name(cast: Cast) -> None:
    for changes in ({"scopes": []}, {"scopes": ["all"]}, {"name": " "}, {"roles": []}):
        with pytest.raises(Invalid):
            program_of(cast, **changes)


@pytest.mark.parametrize("name", ["ana", "sam", "bea", "root"])
def test_only_the_agencys_coordinator_registers_a_program(cast: Cast, name: str) -> None:
    values: dict[str, Any] = {
        "name": "x",
        "answerable": cast.ana,
        "roles": ["analyst"],
        "ceiling": Sensitivity.ROUTINE,
        "scopes": ["read"],
    }
    with pytest.raises(NotAllowed):
        register_program(cast.acts(name), **values)
    assert register_program(cast.acts("kim"), **values).name == "x"


def test_only_who_answers_draws_the_secret(cast: Cast) -> None:
    program = program_of(cast)
    for name in ("kim", "sam", "root"):
        with pytest.raises(NotAllowed, match="Only whoever answers"):
            draw_secret(cast.acts(name), program)
    assert draw_secret(cast.acts("ana"), program)
    revoke_program(cast.acts("kim"), program)
    with pytest.raises(Conflict):
        draw_secret(cast.acts("ana"), program)


def test_a_former_secret_serves_for_a_while_and_the_one_before_it_no_more(
    cast: Cast,
) -> None:
    program = program_of(cast)
    first, second_, third = (draw_secret(cast.acts("ana"), program) for _ in range(3))
    answers = [token_answer(program.client_id, one).status_code for one in (first, second_, third)]
    assert answers == [401, 200, 200]
    Program.objects.update(former_until=days(-0.001))
    assert token_answer(program.client_id, second_).status_code == 401
    assert token_answer(program.client_id, third).status_code == 200


def test_a_program_that_drew_no_secret_yet_has_none(cast: Cast) -> None:
    program = program_of(cast)
    assert token_answer(program.client_id, "").status_code == 401


def test_handing_over_is_for_the_coordinator_and_within_the_agency(cast: Cast) -> None:
    program = program_of(cast)
    with pytest.raises(NotAllowed):
        hand_program_over(cast.acts("sam"), program, answerable=cast.sam)
    with pytest.raises(NotAllowed, match="another agency"):
        hand_program_over(cast.acts("kim"), program, answerable=cast.bo)
    handed = hand_program_over(cast.acts("kim"), program, answerable=cast.sam)
    assert handed.answerable_id == cast.sam.pk
    before = events()
    hand_program_over(cast.acts("kim"), program, answerable=cast.sam)
    assert events() == before
    assert token_of(program, draw_secret(cast.acts("sam"), program))


def test_revoking_is_for_those_who_may_restrict_and_happens_once(cast: Cast) -> None:
    program = program_of(cast)
    for name in ("ida", "bo", "bea"):
        with pytest.raises(NotAllowed):
            revoke_program(cast.acts(name), program)
    assert revoke_program(cast.root, program).revoked_at is not None
    before = events()
    revoke_program(cast.acts("sam"), program)
    assert events() == before


def test_a_programs_request_is_that_of_who_answers_for_it(cast: Cast) -> None:
    program = program_of(cast, answerable=cast.sam)
    both = {program.membership.person_id, cast.sam.person_id}
    assert people_behind(program.membership) == both
    assert people_behind(cast.sam) == {cast.sam.person_id}


def test_a_program_is_lent_to_nobody_and_has_no_personal_token(cast: Cast) -> None:
    program = program_of(cast)
    force = form_task_force(
        PORTAL,
        short_name="river",
        name="River",
        lead=cast.alpha,
        agreement=agreement(cast.alpha, cast.bravo),
    )
    with pytest.raises(Conflict, match="own agency"):
        second(PORTAL, force, program.membership)
    itself = program.membership.person
    with pytest.raises(Conflict, match="no personal token"):
        issue_token(itself, membership=program.membership, scopes=["read"], days=1)
    assert Membership.objects.people().filter(person=itself).exists() is False


def test_the_endpoint_is_throttled(cast: Cast, settings: Any) -> None:
    settings.PROGRAM_TOKENS_PER_MINUTE = 2
    program = program_of(cast)
    secret = draw_secret(cast.acts("ana"), program)
    for _ in range(2):
        assert token_answer(program.client_id, secret).status_code == 200
    answer = token_answer(program.client_id, secret)
    assert (answer.status_code, 1 <= int(answer["Retry-After"]) <= 60) == (429, True)
    for number in range(9):
        assert token_answer(f"n{number}", "x").status_code == 401
    assert token_answer("another", "x").status_code == 429


@pytest.mark.parametrize("plain", ["", "lit_", "lia_x", "lit_x\ud800"])
def test_what_is_no_token_stands_for_nobody(cast: Cast, plain: str) -> None:
    assert actor_for_program_token(plain) is None


def test_a_program_signs_in_to_no_page(cast: Cast) -> None:
    program = program_of(cast)
    itself = program.membership.person
    assert not itself.has_usable_password()
    assert itself.email == f"{program.pk}@programs.invalid"
    assert isinstance(acting_as(program.membership), Actor)
    assert Person.objects.filter(pk=itself.pk, is_staff=False).exists()
