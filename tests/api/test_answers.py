"""Which answer follows from which refusal, whatever layer it was that refused."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions

from agencies.models import Agreement
from agencies.refusals import Conflict, Invalid, NotAllowed, NotVisible, Refusal, Stale
from portal.api.parsing import TooLarge, read_object
from portal.api.permissions import Nobody
from portal.api.problems import PreconditionRequired, Unavailable, answer_problem
from portal.api.shapes.agencies import agreement_state
from portal.api.strict import Recipient
from portal.api.throttling import PerPerson
from sharing.disclosure import LedgerUnavailable
from tests.api.conftest import API, Caller, post, refused
from tests.api.worlds import a_case, a_grant, an_item, made, terms
from tests.cast import Cast, in_days

ANSWERS: list[tuple[Exception, int, set[str]]] = [
    (NotVisible(), 404, set()),
    (Http404(), 404, set()),
    (exceptions.NotFound(), 404, set()),
    (NotAllowed("No.", code="role"), 403, {"reason", "code"}),
    (NotAllowed("No."), 403, {"reason"}),
    (PermissionDenied(), 403, {"reason"}),
    (exceptions.PermissionDenied("No."), 403, {"reason"}),
    (Conflict("No.", code="state"), 409, {"reason", "code"}),
    (IntegrityError(), 409, {"reason"}),
    (Stale(current=3), 412, {"current_version"}),
    (Invalid({"a": "b"}), 400, {"errors"}),
    (
        exceptions.ValidationError({"a": [{"b": ["c"]}], "d": {"non_field_errors": ["e"]}}),
        400,
        {"errors"},
    ),
    (exceptions.ParseError("No."), 400, {"errors"}),
    (SuspiciousOperation(), 400, {"errors"}),
    (UnreadablePostError(), 400, {"errors"}),
    (DataError(), 400, {"errors"}),
    (RequestDataTooBig(), 413, set()),
    (TooLarge(), 413, set()),
    (exceptions.UnsupportedMediaType("text/plain"), 415, set()),
    (PreconditionRequired(), 428, set()),
    (exceptions.Throttled(wait=7.5), 429, set()),
    (OperationalError(), 503, set()),
    (InterfaceError(), 503, set()),
    (LedgerUnavailable(), 503, set()),
    (Unavailable(), 503, set()),
]
ALWAYS = {"type", "title", "status", "detail"}


@pytest.mark.parametrize(("failure", "status", "more"), ANSWERS, ids=lambda one: type(one).__name__)
def test_a_refusal_has_its_answer(failure: Exception, status: int, more: set[str]) -> None:
    answer = answer_problem(failure, {})
    assert answer is not None
    assert (answer.status_code, answer.data["status"]) == (status, status)
    assert set(answer.data) == ALWAYS | more
    if isinstance(failure, Refusal):
        assert answer.data["detail"] == failure.reason


def test_a_fault_of_ours_is_no_refusal() -> None:
    assert answer_problem(KeyError("a"), {}) is None


def test_errors_are_named_by_the_path_of_their_field() -> None:
    failure = exceptions.ValidationError(
        {"a": [{"b": ["c"]}, {}], "d": {"non_field_errors": ["e"]}, "non_field_errors": ["f"]}
    )
    answer = answer_problem(failure, {})
    assert answer is not None
    assert answer.data["errors"] == {"a.0.b": ["c"], "d": ["e"], "body": ["f"]}


def test_a_view_that_declares_nothing_is_open_to_nobody() -> None:
    everyone = SimpleNamespace(user=SimpleNamespace(scopes={"read", "write"}))
    assert Nobody().has_permission(everyone, None) is False


def test_numbers_are_those_that_every_reader_keeps() -> None:
    assert read_object(b'{"a": 9007199254740992, "b": 1.5}') == {"a": 2**53, "b": 1.5}
    for text in (b'{"a": 9007199254740993}', b'{"a": -9007199254740993}', b'{"a": 1e309}'):
        with pytest.raises(Invalid):
            read_object(text)


def test_a_cache_that_is_away_counts_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(key: str) -> int:
        raise ValueError(key)

    someone: Any = SimpleNamespace(user=SimpleNamespace(pk=1))
    monkeypatch.setattr(cache, "incr", away)
    assert PerPerson().allow_request(someone, None) is True
    assert PerPerson().allow_request(SimpleNamespace(user=None), None) is True


def test_a_recipient_is_shown_as_it_was_said() -> None:
    assert Recipient().to_representation("bravo") == "bravo"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "in_effect"),
        ({"effective_at": in_days(1)}, "not_begun"),
        ({"suspended_at": in_days(0)}, "suspended"),
        ({"expires_at": in_days(-1), "suspended_at": in_days(-2)}, "expired"),
        ({"terminated_at": in_days(0), "expires_at": in_days(-1)}, "terminated"),
    ],
)
def test_an_agreement_says_where_it_stands(changes: dict[str, Any], state: str) -> None:
    agreement = Agreement(**{"effective_at": in_days(-2), "expires_at": in_days(2), **changes})
    assert agreement_state(agreement) == state


def test_an_ask_for_a_record_one_knows_of_goes_to_its_owner(caller: Caller) -> None:
    ana, bo = caller("ana"), caller("bo")
    case = a_case(ana)
    ask = {"direction": "ask", "record": case, **terms()}
    assert refused(post(bo, "share-requests", ask)) == (404, None)
    a_grant(caller, case, level="pointer")
    row = made(post(bo, "share-requests", ask))
    assert (row["record"], row["from_agency"]["short_name"]) == (case, "bravo")
    both = post(bo, "share-requests", {**ask, "own_number": "24-1"})
    assert refused(both) == (400, {"record": ["A record is named, or a number, not both."]})
    assert refused(post(ana, "share-requests", ask))[0] == 409


@pytest.mark.parametrize(
    "to",
    [
        "nobody",
        "nobody@bravo.example",
        {"id": "not-an-id"},
        {"id": "00000000-0000-0000-0000-000000000000"},
        {"kind": "task_force", "id": "bravo"},
        {"kind": "task_force", "short_name": "bravo"},
        {"email": "bo@bravo.example", "agency": "alpha"},
    ],
)
def test_whoever_is_not_there_receives_nothing(cast: Cast, caller: Caller, to: Any) -> None:
    if isinstance(to, dict) and to.get("id") == "bravo":
        to = {**to, "id": str(cast.id("bravo"))}
    ana = caller("ana")
    offer = {"direction": "offer", "record": a_case(ana), "to": to, **terms()}
    nobody = {"to": ["There is nobody on board of that name."]}
    assert refused(post(ana, "share-requests", offer)) == (400, nobody)


def test_an_item_is_answered_from_memory_only_to_its_owner(caller: Caller) -> None:
    ana, bo = caller("ana"), caller("bo")
    case = a_case(ana)
    item = an_item(ana, case)
    a_grant(caller, case)
    headers = {"If-None-Match": 'W/"1", "7"'}
    assert ana.get(f"{API}items/{item}", headers=headers).status_code == 304
    assert bo.get(f"{API}items/{item}", headers=headers).status_code == 200
