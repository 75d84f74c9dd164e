"""What runs beside the pages: figures, the sign of life, the key, the privileges."""

from __future__ import annotations

import io
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connections
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from portal import heartbeat, metrics
from portal.privileges import grant_to_application
from portal.secret import stored_secret


def test_the_generated_key_is_one_key_for_everyone_and_for_the_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with ThreadPoolExecutor(max_workers=8) as pool:
        keys = set(pool.map(lambda _: stored_secret(folder), range(24)))
    assert len(keys) == 1
    assert len(keys.pop()) > 50
    assert [path.name for path in folder.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600


def test_a_beat_is_alive_only_while_it_ticks(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    now = time.time()
    assert heartbeat.beats(now) is False
    (tmp_path / "beat.alive").touch()
    assert heartbeat.beats(now) is True
    assert heartbeat.beats(now + 61) is False


def test_a_tick_leaves_the_sign(settings: Any, tmp_path: Path) -> None:
    from portal.celery import app

    settings.DATA = tmp_path / "data"
    scheduler = heartbeat.BeatingScheduler(app, schedule={}, lazy=True)
    scheduler.tick()
    assert heartbeat.beats(time.time()) is True


@pytest.mark.parametrize(
    ("token", "given"),
    [("", ""), ("", "Bearer "), ("right", ""), ("right", "Bearer wrong"), ("right", "right")],
)
def test_figures_are_absent_for_whoever_has_no_token(settings: Any, token: str, given: str) -> None:
    settings.METRICS_TOKEN = token
    with pytest.raises(Http404):
        metrics.metrics(RequestFactory().get("/metrics", headers={"authorization": given}))


def test_figures_name_routes_and_never_addresses(settings: Any, rf: RequestFactory) -> None:
    settings.METRICS_TOKEN = "right"
    request = rf.get("/cases/4f1c/")
    request.resolver_match = None
    metrics.measure_answers(lambda _: HttpResponse(status=204))(request)
    answer = metrics.metrics(rf.get("/metrics", headers={"authorization": "Bearer right"}))
    text = answer.content.decode()
    assert 'liaison_answers_total{method="GET",route="none",status="204"} 1.0' in text
    assert "4f1c" not in text


def test_processes_that_share_a_folder_share_their_figures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    assert list(metrics.all_processes().collect()) == []


def test_a_strict_policy_is_on_every_answer(db: None, client: Client) -> None:
    policy = client.get("/nowhere/").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


def test_preparing_a_database_twice_changes_nothing(cloned_database: str) -> None:
    said = io.StringIO()
    call_command("prepare_database", verbosity=0, stdout=said)
    statement = (
        "SELECT array_agg(privilege_type::text ORDER BY privilege_type) "
        "FROM information_schema.role_table_grants WHERE grantee = %s AND table_name = %s"
    )
    role = connections["default"].settings_dict["USER"]
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, [role, "ledger_event"])
        assert cursor.fetchone() == (["INSERT", "SELECT"],)
        cursor.execute(statement, [role, "django_session"])
        assert cursor.fetchone() == (["DELETE", "INSERT", "SELECT", "UPDATE"],)
        cursor.execute(statement, [role, "guardian_groupobjectpermission"])
        assert cursor.fetchone() == (["SELECT"],)


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        ("postgres", "must not be a superuser"),
        ("liaison_owner", "use the same role"),
        ("nobody_of_that_name", "does not exist"),
    ],
)
def test_a_role_with_too_much_power_is_refused(
    cloned_database: str, role: str, reason: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=reason):
        grant_to_application(connections["owner"], role)


def test_the_command_says_why_it_refuses(cloned_database: str) -> None:
    settings = connections["default"].settings_dict
    user, settings["USER"] = settings["USER"], "liaison_owner"
    try:
        with pytest.raises(CommandError, match="use the same role"):
            call_command("prepare_database", verbosity=0)
    finally:
        settings["USER"] = user
