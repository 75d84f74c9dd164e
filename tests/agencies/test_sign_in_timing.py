"""How long an answer takes tells nothing of a name: 1,000 interleaved pairs, compared by rank.

No time is asserted.  Each pair is two failed sign-ins in random order, one under each sort of name;
what is asserted is how often one took longer than the other over all pairs of both samples (the
Mann-Whitney statistic as a probability; 0.5 where nothing can be told).  What is timed is all that
depends on the name, from counting the try to writing its failure; the page is the same for all.  A
password is hashed with fewer rounds than in use, so that whatever else differs stands out more than
it would there.
"""

from __future__ import annotations

import gc
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from random import Random
from time import perf_counter

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.test import RequestFactory

from agencies.accounts import PortalAccounts
from agencies.models import SignInName, SignInTry
from tests.agencies.cast import Cast
from tests.agencies.test_sign_in_tries import fail

PAIRS = 1000
TELLS_NOTHING, TELLS = 0.1, 0.25
"""How far from one half the probability may be, and is where something gives a name away."""

KNOWN, UNKNOWN, LOCKED = "ana@example.org", "nobody@example.org", "bo@example.org"


class QuickPBKDF2(PBKDF2PasswordHasher):
    """The hasher in use, with fewer rounds."""

    iterations = 20_000


@pytest.fixture(autouse=True)
def _as_in_use(settings: object, cast: Cast) -> Iterator[None]:
    settings.PASSWORD_HASHERS = [f"{__name__}.QuickPBKDF2"]  # type: ignore[attr-defined]
    for post in (cast.ana, cast.bo):
        post.person.set_password("a long walk by the river")
        post.person.save(update_fields=["password"])
    fail(LOCKED, 5, cast.bo.person)
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def seconds(name: str) -> float:
    """Return how long a failed sign-in takes; the name has the count it had before."""
    SignInTry.objects.all().delete()
    request = RequestFactory().post("/account/login/")
    with context.request_context(request):
        accounts = PortalAccounts()
        began = perf_counter()
        found = accounts.authenticate(request, email=name, password="not it")
        took = perf_counter() - began
    assert found is None
    return took


def told_apart(first: str, second: str, *, pairs: int) -> float:
    """Return how far from one half the chance is that *first* takes longer than *second*."""
    random = Random(5)  # noqa: S311  (only the order of a pair)
    samples: dict[str, list[float]] = {first: [], second: []}
    for pair in range(pairs + 5):
        cache.clear()
        for name in random.sample([first, second], 2):
            samples[name].append(seconds(name))
        if pair < 5:
            samples = {first: [], second: []}
    return abs(chance(samples[first], samples[second]) - 0.5)


def chance(longer: list[float], shorter: list[float]) -> float:
    """Return the share of all pairs in which the one of *longer* is longer; a tie is half."""
    ranked = sorted(shorter)
    wins = sum((bisect_left(ranked, one) + bisect_right(ranked, one)) / 2 for one in longer)
    return wins / (len(longer) * len(shorter))


def test_the_statistic_is_that_of_mann_and_whitney() -> None:
    assert chance([1, 2, 3], [1, 2, 3]) == 0.5
    assert chance([4, 5], [1, 2, 3]) == 1.0
    assert chance([1], [1, 2]) == 0.25


@pytest.mark.slow
@pytest.mark.parametrize(("first", "second"), [(KNOWN, UNKNOWN), (LOCKED, UNKNOWN)])
def test_known_unknown_and_locked_names_cannot_be_told_apart(first: str, second: str) -> None:
    assert told_apart(first, second, pairs=PAIRS) < TELLS_NOTHING
    assert SignInName.objects.filter(locked_at__isnull=False).count() == 1


def test_they_would_be_if_no_password_were_hashed_for_unknown_names(
    monkeypatch: pytest.MonkeyPatch, cast: Cast
) -> None:
    monkeypatch.setattr(QuickPBKDF2, "iterations", 200_000)  # heard above a busy machine
    cast.ana.person.set_password("a long walk by the river")
    cast.ana.person.save(update_fields=["password"])
    monkeypatch.setattr(AuthenticationBackend, "_mitigate_timing_attack", lambda *_: None)
    assert told_apart(KNOWN, UNKNOWN, pairs=60) > TELLS
