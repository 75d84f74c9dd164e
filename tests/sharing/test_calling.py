"""The one-time code of a telephone call: for one agency, once, for a quarter of an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from agencies.models import Agency, Membership
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible
from ledger.models import Event
from sharing import services
from sharing.models import PhoneCode, ShareRequest
from sharing.services.calling import ALPHABET, PER_HOUR, WRONG_AT_MOST, Caller
from tests.cast import Cast, in_days, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(cast: Cast) -> Cast:
    cast.agency("charlie")
    cast.person("ash", "charlie", "analyst", "supervisor")
    return cast


def asked(cast: Cast) -> ShareRequest:
    return services.ask_by_number(
        cast.actor("bo"), agency_id=cast.id("alpha"), own_number="24-1", terms=terms()
    )


def call(cast: Cast, who: str = "bo", to: str = "alpha", **about: Any) -> str:
    return services.announce_call(cast.actor(who), agency_id=cast.id(to), **about)


def identify(cast: Cast, code: str, by: str = "lee") -> Caller:
    return services.identify_caller(cast.actor(by), code)


def test_the_duty_desk_learns_who_is_calling_and_about_what(cast: Cast) -> None:
    request = asked(cast)
    code = call(cast, request_id=request.pk)
    assert (len(code), set(code) - set(ALPHABET)) == (8, set())
    expected = Caller("Bo", "Bravo Police", ("analyst",), request.number)
    assert identify(cast, f" {code[:4].lower()}-{code[4:]}") == expected


def test_a_code_without_a_request_names_none(cast: Cast) -> None:
    assert identify(cast, call(cast), by="sam").request == ""


def test_only_the_hash_of_a_code_is_kept(cast: Cast) -> None:
    code = call(cast)
    kept = PhoneCode.objects.values().get()
    assert code not in str(kept)
    assert kept["expires_at"] - kept["created_at"] == timedelta(minutes=15)


def test_both_sides_have_the_call_in_their_logs(cast: Cast) -> None:
    identify(cast, call(cast))
    events = Event.objects.filter(kind__startswith="call.").order_by("seq")
    both = {cast.id("alpha"), cast.id("bravo")}
    assert [(one.kind, set(one.concerns)) for one in events] == [
        ("call.announced", both),
        ("call.identified", both),
    ]


def used_already(cast: Cast, code: str) -> str:
    identify(cast, code)
    return code


def too_old(cast: Cast, code: str) -> str:
    PhoneCode.objects.update(created_at=in_days(-1), expires_at=in_days(-0.5))
    return code


def caller_gone(cast: Cast, code: str) -> str:
    Membership.objects.filter(pk=cast.posts["bo"].pk).update(ended_at=in_days(-0.1))
    return code


@pytest.mark.parametrize(
    "spoil", [used_already, too_old, caller_gone, lambda cast, code: "ABCDEFGH"]
)
def test_a_code_that_no_longer_works_is_refused_in_the_same_words(cast: Cast, spoil: Any) -> None:
    code = spoil(cast, call(cast))
    with pytest.raises(Invalid) as refused:
        identify(cast, code)
    assert refused.value.errors == {
        "code": [
            "No call is announced to your agency by this code. It may be mistyped, used or too old."
        ]
    }
    event = Event.objects.get(kind="call.refused")
    assert (event.outcome, event.concerns) == ("refused", [cast.id("alpha")])


def test_a_code_for_another_agency_is_refused_and_not_used_up(cast: Cast) -> None:
    code = call(cast)
    with pytest.raises(Invalid, match="No call is announced"):
        identify(cast, code, by="ash")
    assert identify(cast, code).name == "Bo"


def test_wrong_codes_are_throttled_for_a_while(cast: Cast) -> None:
    code = call(cast)
    for _ in range(WRONG_AT_MOST):
        with pytest.raises(Invalid):
            identify(cast, "ABCDEFGH")
    with pytest.raises(Conflict, match="Too many wrong codes"):
        identify(cast, code)
    assert identify(cast, code, by="sam").name == "Bo"


def test_codes_are_counted_by_the_hour(cast: Cast) -> None:
    for _ in range(PER_HOUR):
        call(cast)
    with pytest.raises(Conflict, match="wait a little"):
        call(cast)
    assert len(call(cast, who="stella")) == 8
    PhoneCode.objects.update(created_at=in_days(-1))
    assert len(call(cast)) == 8


@pytest.mark.parametrize("name", ["bo", "stella"])
def test_any_reader_announces_and_only_the_desk_identifies(cast: Cast, name: str) -> None:
    code = call(cast, who=name)
    with pytest.raises(NotAllowed):
        identify(cast, code, by="ana")
    assert identify(cast, code).agency == "Bravo Police"


def test_who_reads_no_cases_announces_no_call(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        call(cast, who="ida", to="bravo")


def test_only_another_agency_on_board_is_called(cast: Cast) -> None:
    Agency.objects.filter(pk=cast.id("charlie")).update(status="suspended")
    for to in ("bravo", "charlie"):
        with pytest.raises(Invalid, match="another agency"):
            call(cast, to=to)


def test_a_code_is_about_a_request_that_one_may_know_of_with_that_agency(cast: Cast) -> None:
    request = asked(cast)
    with pytest.raises(NotVisible):
        call(cast, who="ash", request_id=request.pk)
    with pytest.raises(NotVisible):
        call(cast, request_id=uuid4())
    with pytest.raises(Invalid, match="not with this agency"):
        call(cast, to="charlie", request_id=request.pk)
    assert len(call(cast, who="lee", to="bravo", request_id=request.pk)) == 8
