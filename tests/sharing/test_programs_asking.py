"""What a program asks for is asked by whoever answers for it: the two-person rule sees both."""

from __future__ import annotations

import pytest

from agencies.actors import acting_as
from agencies.codes import Sensitivity
from agencies.models import Program
from agencies.refusals import NotAllowed
from agencies.services import register_program
from ledger.models import Message
from sharing import services
from sharing.boxes import open_share_request
from sharing.services.deciding import deciding_post
from sharing.telling.delivery import audience
from tests.cast import Cast, a_case, terms, two_agencies

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """Alpha with a second supervisor, and Bravo."""
    made = two_agencies()
    made.person("sid", "alpha", "supervisor")
    return made


def program_of(cast: Cast, answerable: str) -> Program:
    """Return a program of Alpha that reads and writes, for which *answerable* answers."""
    return register_program(
        cast.actor("cora"),
        name="RMS",
        answerable=cast.posts[answerable],
        roles=["analyst"],
        ceiling=Sensitivity.SENSITIVE,
        scopes=["read", "write"],
    )


def test_nobody_approves_what_their_program_asked_for(cast: Cast) -> None:
    program = acting_as(program_of(cast, "sam").membership)
    case = a_case(program)
    offer = services.offer_record(
        program, record_id=case.pk, roster_id=cast.id("bravo"), terms=terms()
    )
    request = open_share_request(cast.actor("sam"), offer.pk)
    with pytest.raises(NotAllowed, match="their own request"):
        deciding_post(cast.actor("sam"), request)
    assert deciding_post(cast.actor("sid"), request) == cast.posts["sid"]


def test_nothing_is_told_to_a_program(cast: Cast) -> None:
    program = program_of(cast, "ana")
    case = a_case(cast.actor("ana"))
    services.offer_record(
        cast.actor("ana"), record_id=case.pk, roster_id=cast.id("bravo"), terms=terms()
    )
    for message in Message.objects.all():
        assert program.membership not in audience(message)
    told = Message(roster=cast.id("alpha"), role="", event=Message.objects.earliest("pk").event)
    posts = set(audience(told))
    assert (program.membership in posts, cast.posts["sam"] in posts) == (False, True)
