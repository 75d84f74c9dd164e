"""The spreadsheet to fill in: what each column takes, and its values to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from agencies.codetable import codes, label
from cases.imports.uploads import MOST_ROWS

NAME = "liaison-import-template.xlsx"
STATUSES = (
    *("Open", "Suspended", "Prosecution", "Closed"),
    *("Closed by arrest", "Closed by exceptional means", "Unfounded"),
)
COLUMNS: tuple[tuple[str, int, str], ...] = (
    ("Number", 16, "Help: this row is not imported. Your own case number, once per case. Needed."),
    ("Title", 32, "What happened and where, in a few words; no name of a victim. Needed."),
    ("Type", 22, "Choose from the list, or copy from the sheet Values. Needed."),
    ("Status", 16, "Choose from the list. Empty: open."),
    ("From", 18, "Day or day and time: 2026-03-14 or 2026-03-14 22:15. Needed."),
    ("To", 18, "When it was over or found, where that is known."),
    ("Address", 28, "Street and number, or the crossing."),
    ("City", 16, "City or place."),
    ("Latitude", 12, "Degrees north, such as 41.2565."),
    ("Longitude", 12, "Degrees east, such as -95.9345."),
    ("Call", 16, "Code or words of the call for service."),
    ("Outcome", 18, "How it ended, as your system says."),
    ("Summary", 48, "What is known, in plain text."),
)
ABOUT = (
    "Fill in the sheet Incidents, one row for each case; leave the headings as they are.",
    "Each row becomes a case of your agency with an event and a place.",
    "A number that was imported before is left as it is: importing a file twice changes nothing.",
    "Columns that you add are kept with the case as received.",
    "You see what the file would make before anything is imported, and can take an import back.",
    f"At most {MOST_ROWS:,} rows and 5 MB; save as XLSX or CSV.",
)


def template() -> bytes:
    """Return the workbook."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Incidents")
        bold = book.add_format({"bold": True, "bottom": 1})
        help_ = book.add_format({"italic": True, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        for place, (title, width, said) in enumerate(COLUMNS):
            is_plain = title not in ("From", "To", "Latitude", "Longitude")
            sheet.set_column(place, place, width, text if is_plain else None)
            sheet.write_string(0, place, title, bold)
            sheet.write_string(1, place, said, help_)
        sheet.freeze_panes(2, 1)
        values = book.add_worksheet("Values")
        types = [label("case_types", code) for code in codes("case_types")]
        _choices(sheet, values, 0, "Type", types)
        _choices(sheet, values, 1, "Status", STATUSES)
        about = book.add_worksheet("About this file")
        for line, words in enumerate(ABOUT):
            about.write_string(line, 0, words)
    return made.getvalue()


def _choices(sheet: Any, values: Any, place: int, title: str, known: Sequence[str]) -> None:
    """List the values that a column takes, and let its cells be chosen from them."""
    values.set_column(place, place, 32)
    values.write_string(0, place, title)
    for line, value in enumerate(known, start=1):
        values.write_string(line, place, value)
    column = [name for name, *_ in COLUMNS].index(title)
    letter = "AB"[place]
    source = f"=Values!${letter}$2:${letter}${len(known) + 1}"
    sheet.data_validation(2, column, MOST_ROWS + 1, column, {"validate": "list", "source": source})
