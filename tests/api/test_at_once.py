"""One key sent many times at the same moment does one thing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from cases.models import Case
from tests.api.conftest import a_caller, post
from tests.api.worlds import CASE
from tests.cast import two_agencies

AT_ONCE = 6


def test_one_key_at_the_same_moment_opens_one_case(cloned_database: str) -> None:
    cast = two_agencies()
    clients = [a_caller(cast, "ana") for _ in range(AT_ONCE)]
    start = Barrier(AT_ONCE)

    def send(number: int) -> tuple[int, str]:
        start.wait()
        try:
            answer = post(clients[number], "cases", CASE, **{"Idempotency-Key": "one"})
            return answer.status_code, answer.json()["id"]
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = set(pool.map(send, range(AT_ONCE)))
    assert len(answers) == 1
    assert {status for status, _ in answers} == {201}
    assert Case.objects.unrestricted("a test counts").count() == 1
