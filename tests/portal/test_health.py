"""Health: what a proxy is told, and that it is told nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from portal import health


def test_a_process_that_answers_is_live_even_without_its_database(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


def test_a_portal_that_is_well_is_ready(db: None, client: Client) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "reasons": []})


def test_a_portal_whose_outbox_is_not_well_says_why(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "outbox_health", lambda: ["outbox: dead letters: 1"])
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "reasons": ["outbox: dead letters: 1"]}


def test_a_portal_without_its_database_is_not_ready(cloned_database: str, client: Client) -> None:
    settings: dict[str, Any] = connection.settings_dict
    connection.close()
    host, settings["HOST"] = settings["HOST"], "/nowhere"
    try:
        answer = client.get("/health/ready")
    finally:
        settings["HOST"] = host
        connection.close()
    assert answer.status_code == 503
    assert answer.json()["reasons"] == ["database: it does not answer"]


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_is_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
