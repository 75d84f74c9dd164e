"""Rows of a list as a CSV file or a workbook."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

import xlsxwriter

from agencies.cells import safe

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Rows = Sequence[Sequence[str]]


def as_csv(titles: Sequence[str], rows: Rows, words: Sequence[str]) -> bytes:
    """Return rows as UTF-8 with its mark, by which spreadsheets know it; *words* come last."""
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([safe(title) for title in titles])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    writer.writerows([safe(line)] for line in words)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(titles: Sequence[str], rows: Rows, words: Sequence[str]) -> bytes:
    """Return rows as a workbook of text, and *words* on a sheet of their own."""
    made = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(made, options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Cases")
        for place, title in enumerate(titles):
            sheet.write_string(0, place, safe(title), bold)
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                sheet.write_string(line, place, safe(cell))
        sheet.freeze_panes(1, 0)
        sheet.autofit()
        about = book.add_worksheet("About this file")
        for line, said in enumerate(words):
            about.write_string(line, 0, safe(said))
    return made.getvalue()


WRITERS = {CSV: as_csv, XLSX: as_xlsx}
