"""An ORI directory comes in once, however often it is read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agencies.directory_file import read_directory
from agencies.models import Agency
from agencies.refusals import NotAllowed
from agencies.services.directory import update_directory
from tests.agencies.cast import PORTAL, Cast, events, last_event, on_board

PUBLISHED = Path(__file__).parents[3] / "shared/data/agencies/fbi_agencies_by_state.json"

LENGTH = 23_706
"""Agencies in the published directory."""

STATES: dict[str, Any] = {
    "ZZ": {
        "ZZ0010000": {"agency_name": "Alpha", "agency_type_name": "City", "primary_county": "Lake"},
        "zz0020000": {"agency_name": "Lake  County", "agency_type_name": "County"},
        "ZZ003019E": {"agency_name": "Lake College", "agency_type_name": "University or College"},
        "ZZ0040000": {"agency_name": "Lake Park", "agency_type_name": "Unknown"},
        "ZZ005013A": {"agency_name": "District Attorney", "agency_type_name": "Other"},
        "ZZ0060000": {"agency_name": None, "agency_type_name": "Tribal"},
    }
}


def a_file(tmp_path: Path, content: Any, name: str = "directory.json") -> Path:
    """Return a file with that text or JSON."""
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def imported(
    path: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[dict[str, int], str]:
    """Return the summary that the command prints and what it says besides."""
    call_command("import_agencies", str(path), *options, verbosity=0)
    out, err = capsys.readouterr()
    return json.loads(out), err


def counts(**fields: int) -> dict[str, int]:
    """Return a summary with zero where nothing is said."""
    names = ("created", "updated", "unchanged", "skipped", "errors")
    return dict.fromkeys(names, 0) | fields


def rows() -> dict[str, tuple[str, str, str, str, str]]:
    """Return the agencies there are, by ORI."""
    fields = ("ori", "name", "kind", "state", "county", "status")
    return {row[0]: row[1:] for row in Agency.objects.values_list(*fields)}


def test_agencies_come_in_as_known_and_not_on_board(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported(a_file(tmp_path, STATES), capsys) == (counts(created=6), "")
    assert rows() == {
        "ZZ0010000": ("Alpha", "municipal", "ZZ", "Lake", "directory"),
        "ZZ0020000": ("Lake County", "county", "ZZ", "", "directory"),
        "ZZ003019E": ("Lake College", "campus", "ZZ", "", "directory"),
        "ZZ0040000": ("Lake Park", "other", "ZZ", "", "directory"),
        "ZZ005013A": ("District Attorney", "prosecutor", "ZZ", "", "directory"),
        "ZZ0060000": ("Agency ZZ0060000", "tribal", "ZZ", "", "directory"),
    }
    assert (last_event().kind, last_event().facts["created"]) == ("directory.updated", 6)


def test_a_second_run_changes_nothing(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, STATES)
    imported(path, capsys)
    before = (list(Agency.objects.order_by("pk").values()), events())
    assert imported(path, capsys) == (counts(unchanged=6), "")
    assert (list(Agency.objects.order_by("pk").values()), events()) == before


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = events()
    assert imported(a_file(tmp_path, STATES), capsys, "--dry-run") == (counts(created=6), "")
    assert (Agency.objects.count(), events()) == (0, before)


def test_a_rename_updates_the_same_row(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(a_file(tmp_path, STATES), capsys)
    was = Agency.objects.get(ori="ZZ0010000")
    renamed = {"ZZ": {"zz0010000": {**STATES["ZZ"]["ZZ0010000"], "agency_name": "New Alpha"}}}
    assert imported(a_file(tmp_path, renamed), capsys)[0] == counts(updated=1)
    now = Agency.objects.get(ori="ZZ0010000")
    assert (now.pk, now.name, now.version) == (was.pk, "New Alpha", was.version + 1)
    assert Agency.objects.count() == 6


def test_whoever_is_on_board_is_left_alone_and_reported(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    agency = on_board("alpha", ori="ZZ0010000", kind="county")
    summary, said = imported(a_file(tmp_path, STATES), capsys)
    assert summary == counts(created=5, skipped=1)
    assert said == "ZZ0010000 is on board and stays “Alpha Police” (the file says “Alpha”)\n"
    agency.refresh_from_db()
    assert (agency.name, agency.kind, agency.version) == ("Alpha Police", "county", 1)
    same = {"ZZ": {"ZZ0010000": {"agency_name": "Alpha Police", "agency_type_name": "City"}}}
    assert imported(a_file(tmp_path, same), capsys) == (counts(skipped=1), "")


def test_bad_rows_are_reported_and_good_ones_kept(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    states = {
        "ZZ": {
            "ZZ1": {"agency_name": "Short"},
            "ZZ0010000": {"agency_name": "Alpha"},
            "zz0010000": {"agency_name": "Alpha again"},
            "ZZ0020000": {"agency_name": "a\u0000b"},
            "ZZ0030000": {"agency_name": "x" * 201},
            "ZZ0040000": "nothing",
        }
    }
    summary, said = imported(a_file(tmp_path, states), capsys)
    assert summary == counts(created=1, errors=5)
    assert said.splitlines() == [
        "ZZ ZZ1: ori: An ORI has nine letters and digits.",
        "ZZ zz0010000: ori: The ORI ZZ0010000 stands in ZZ ZZ0010000 already.",
        "ZZ ZZ0020000: name: There are characters in it that cannot be shown.",
        "ZZ ZZ0030000: name: At most 200 characters.",
        "ZZ ZZ0040000: ori: This is needed.",
    ]
    assert set(rows()) == {"ZZ0010000"}


def test_a_csv_is_read_by_its_header(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '\ufeffORI,Agency Name,Type,State\nZZ0010000,"Alpha, City of",City,ZZ\n,Nobody,City,ZZ\n'
    summary, said = imported(a_file(tmp_path, text, "directory.csv"), capsys)
    assert (summary, said) == (
        counts(created=1, errors=1),
        "line 3: ori: This is needed.\n",
    )
    assert rows() == {"ZZ0010000": ("Alpha, City of", "municipal", "ZZ", "", "directory")}


@pytest.fixture
def short_fields() -> Iterator[None]:
    """Bound the fields of CSV, whose limit is one for the whole process."""
    before = csv.field_size_limit(100_000)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("short_fields")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "This is not JSON"),
        ("[" * 100_000, "This is not JSON"),
        ("[]", "not a directory by state"),
        ('{"ZZ": []}', "not a list of agencies"),
        ("name,kind\nAlpha,City\n", "no column “ori”"),
        ("", "no column “ori”"),
        ("ori,name\nZZ0010000," + "x" * 200_000 + "\n", "is not CSV"),
    ],
)
def test_a_file_that_is_no_directory_is_refused_whole(
    db: None, tmp_path: Path, content: str, words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("import_agencies", str(a_file(tmp_path, content)), verbosity=0)
    assert not Agency.objects.exists()


def test_a_file_that_cannot_be_read_is_refused(db: None, tmp_path: Path) -> None:
    (tmp_path / "bytes.csv").write_bytes(b"ori,name\n\xff\xfe")
    for name in ("absent.csv", "bytes.csv"):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("import_agencies", str(tmp_path / name), verbosity=0)


def test_only_an_administrator_updates_the_directory(cast: Cast, tmp_path: Path) -> None:
    path = a_file(tmp_path, STATES)
    with pytest.raises(NotAllowed):
        update_directory(cast.acts("kim"), read_directory(path))
    assert update_directory(cast.root, read_directory(path)).created == 6


def a_country(tmp_path: Path) -> Path:
    """Return the published directory, or one as long where that is not at hand."""
    if PUBLISHED.is_file():
        return PUBLISHED
    entry = {"agency_name": "Police", "agency_type_name": "City", "primary_county": "Lake"}
    made = {f"ZZ{number:07}": entry for number in range(LENGTH)}
    return a_file(tmp_path, {"ZZ": made}, "country.json")


@pytest.mark.slow
def test_a_country_s_directory_comes_in_whole_and_once(db: None, tmp_path: Path) -> None:
    path = a_country(tmp_path)
    first = update_directory(PORTAL, read_directory(path))
    assert (first.created, first.errors, Agency.objects.count()) == (LENGTH, [], LENGTH)
    again = update_directory(PORTAL, read_directory(path))
    assert (again.created, again.updated, again.unchanged) == (0, 0, LENGTH)
