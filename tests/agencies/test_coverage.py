"""Which agreements cover a release, and the words for what is missing."""

from __future__ import annotations

from typing import Any

import pytest

from agencies.codes import Level
from agencies.codetable import label
from agencies.coverage import covering_agreements, covers
from agencies.models import Agreement
from agencies.services import conclude_participation, join_agreement, leave_agreement
from tests.agencies.cast import PORTAL, Cast, agreement, days, on_board
from tests.agencies.test_effect import NOT_BOUND

ASKED: dict[str, Any] = {
    "category": "investigation",
    "purpose": "criminal_justice",
    "level": Level.VIEW,
}
WORDS = {
    "party has joined": "does not bind Bravo Police",
    "party has not left": "does not bind Bravo Police",
    "agreement has begun": "has not begun",
    "agreement has not expired": "has expired",
    "agreement is not terminated": "has been terminated",
    "agreement is not suspended": "is suspended",
    "party exchanges": "binds Bravo Police, which does not exchange at present",
}


def found(cast: Cast, **asked: Any) -> list[Agreement]:
    """Return what covers a release from Alpha to Bravo."""
    terms = ASKED | asked
    return list(covering_agreements(owner=cast.alpha.pk, recipient=cast.bravo.pk, **terms))


def missing(cast: Cast, made: Agreement, **asked: Any) -> list[str]:
    """Return what *made* fails by, without its number."""
    made.refresh_from_db()
    terms = ASKED | asked
    words = covers(made, owner=cast.alpha.pk, recipient=cast.bravo.pk, **terms)
    return [sentence.removeprefix(f"Agreement {made.number} ") for sentence in words]


def test_an_agreement_in_effect_covers_what_it_names_both_ways(cast: Cast) -> None:
    made = agreement(cast.alpha, cast.bravo)
    assert found(cast) == [made]
    assert missing(cast, made) == []
    back = covering_agreements(owner=cast.bravo.pk, recipient=cast.alpha.pk, **ASKED)
    assert list(back) == [made]


@pytest.mark.parametrize("name", NOT_BOUND)
def test_what_does_not_bind_does_not_cover_and_says_why(cast: Cast, name: str) -> None:
    made = agreement(cast.alpha, cast.bravo)
    NOT_BOUND[name](made.parties.get(agency=cast.bravo))
    assert found(cast) == []
    assert missing(cast, made) == [f"{WORDS[name]}."]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"category": "gang"}, "does not cover gang information."),
        ({"purpose": "exigent"}, f"is not for {label('purposes', 'exigent').lower()}."),
        ({"level": Level.CONTRIBUTE}, "goes no further than “full”."),
    ],
)
def test_what_goes_beyond_the_terms_is_not_covered(
    cast: Cast, asked: dict[str, Any], words: str
) -> None:
    made = agreement(cast.alpha, cast.bravo)
    assert found(cast, **asked) == []
    assert missing(cast, made, **asked) == [words]


def test_a_stranger_is_not_covered(cast: Cast) -> None:
    made = agreement(cast.alpha, cast.bravo)
    delta = on_board("delta")
    assert not covering_agreements(owner=cast.alpha.pk, recipient=delta.pk, **ASKED)
    words = covers(made, owner=delta.pk, recipient=cast.alpha.pk, **ASKED)
    assert words == [f"Agreement {made.number} does not bind Delta Police."]


def test_everything_that_fails_is_said(cast: Cast) -> None:
    made = agreement(cast.alpha, cast.bravo)
    leave_agreement(PORTAL, made, cast.bravo)
    assert missing(cast, made, purpose="exigent", level=Level.CONTRIBUTE) == [
        "does not bind Bravo Police.",
        f"is not for {label('purposes', 'exigent').lower()}.",
        "goes no further than “full”.",
    ]


def test_without_a_category_any_will_do(cast: Cast) -> None:
    made = agreement(cast.alpha, cast.bravo)
    assert found(cast, category=None) == [made]
    assert missing(cast, made, category=None) == []


def test_a_standing_release_takes_more_than_the_participation_agreement(cast: Cast) -> None:
    made = conclude_participation(PORTAL)
    assert found(cast) == [made]
    assert found(cast, standing=True) == []
    assert missing(cast, made, standing=True) == [
        "has each release signed, and no standing sharing."
    ]
    signed = agreement(cast.alpha, cast.bravo)
    assert found(cast, standing=True) == [signed]
    assert missing(cast, signed, standing=True) == []


def test_the_newest_comes_first(cast: Cast) -> None:
    oldest = agreement(cast.alpha, cast.bravo, effective_at=days(-90))
    newest = agreement(cast.alpha, cast.bravo, effective_at=days(-1))
    middle = agreement(cast.alpha, cast.bravo, effective_at=days(-9))
    assert found(cast) == [newest, middle, oldest]


def test_whoever_returns_is_covered_again(cast: Cast) -> None:
    made = agreement(cast.alpha, cast.bravo)
    leave_agreement(PORTAL, made, cast.bravo)
    assert found(cast) == []
    join_agreement(PORTAL, made, cast.bravo)
    assert found(cast) == [made]


def test_coverage_is_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    agreement(cast.alpha, cast.bravo)
    with django_assert_num_queries(1):
        assert len(found(cast)) == 1
