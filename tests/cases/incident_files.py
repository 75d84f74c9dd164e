"""Files of incidents for tests: the published ones where they are, else small ones made here."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from cases.imports.incidents import Parsed, parse
from cases.imports.mapping import read_mapping
from cases.imports.sheets import Sheet, SheetRow
from tests.databases import ROOT

SAMPLES = ROOT.parent / "shared" / "data" / "incidents"

PORTLAND = [
    "CATEGORY",
    "CALL_GROUP",
    "final_case",
    "CASE_DESC",
    "occ_date",
    "x_coordina",
    "y_coordina",
    "census_tra",
]
PORTLAND_SHEET = [
    "CATEGORY",
    "CALL GROUPS",
    "final_case_type",
    "CASE DESC",
    "occ_date",
    "x_coordinate",
    "y_coordinate",
    "census_tract",
]
PORTLAND_ROWS = [
    ["BURGLARY", "SUSPICIOUS", "PROWLP", "PROWLER", "2016-08-10", "7660085.0", "672910.0", "802.0"],
    ["OTHER", "DISORDER", "PARTY", "PARTY", "2016-08-11", "7640405.0", "684344.0", "0.0"],
    ["OTHER", "DISORDER", "PARTY", "PARTY", "2016-08-11", "7640405.0", "684344.0", "0.0"],
    ["OTHER", "DISORDER", "PARTY", "PARTY", "2016-08-11", "7640405.0", "684344.0", "100.0"],
    ["", "", "", "", "", "0.0", "0.0", "0.0"],
]
POLICE_UK = [
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
]
_FORCE = ["2018-01", "City Police", "City Police"]
POLICE_UK_ROWS = [
    ["a1", *_FORCE, "-0.106453", "51.518207", "On or near Charterhouse Street", "E0", "Camden",
     "Other theft", "Investigation complete; no suspect identified", ""],
    ["", *_FORCE, "-0.114954", "51.518632", "On or near Brownlow Street", "E1", "Camden",
     "Anti-social behaviour", "", ""],
    ["", *_FORCE, "-0.114954", "51.518632", "On or near Brownlow Street", "E1", "Camden",
     "Anti-social behaviour", "", ""],
    ["b2", *_FORCE, "-0.102647", "51.513721", "On or near Pilgrim Street", "E2", "City",
     "Vehicle crime", "Status update unavailable", ""],
    ["b2", *_FORCE, "", "", "No Location", "", "", "Vehicle crime", "Under investigation", ""],
    ["c3", *_FORCE, "", "", "No Location", "", "", "Robbery", "Offender sent to prison", ""],
]  # fmt: skip

TEMPLATE = ["Number", "Title", "Type", "Status", "From", "To", "Address", "City", "Summary"]
TEMPLATE_REST = ["", "2026-03-14 22:15", "", "5 Elm Street", "Alpha", "Two masked men."]


def of_template(*numbers: str, bad: int = 0) -> Parsed:
    """Return incidents of the template by their numbers, and rows that are none."""
    rows = [[number, f"Robbery {number}", "Robbery", *TEMPLATE_REST] for number in numbers]
    rows += [[f"bad-{one}", "Robbery", "Robery", *TEMPLATE_REST] for one in range(bad)]
    lines = [SheetRow(number, row) for number, row in enumerate(rows, start=2)]
    return parse(Sheet(TEMPLATE, lines), read_mapping("template"))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    """Write a CSV file and return its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def write_portland_sheet(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    """Write the rows as the spreadsheet has them: other headings, numbers, days, blanks for 0."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(PORTLAND_SHEET)
    for *texts, day, x, y, tract in rows:
        numbers = [int(float(value)) or None for value in (x, y, tract)]
        moment = datetime.fromisoformat(day) if day else None
        sheet.append([*(f"{text}  " for text in texts), moment, *numbers])
    book.save(path)
    return path


def portland(folder: Path) -> Path:
    """Return the published calls of Portland, or a few of their kind."""
    published = SAMPLES / "NIJ2016_AUG01_AUG31.csv"
    return (
        published
        if published.exists()
        else write_csv(folder / "portland.csv", PORTLAND, PORTLAND_ROWS)
    )


def police_uk(folder: Path) -> Path:
    """Return the published street crimes of a month, or a few of their kind."""
    published = SAMPLES / "police.uk_2018-01-city-of-london-street.csv"
    return (
        published
        if published.exists()
        else write_csv(folder / "street.csv", POLICE_UK, POLICE_UK_ROWS)
    )
