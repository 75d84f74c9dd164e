"""Rows of CSV and XLSX files as text, each with the number a spreadsheet shows beside it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, NamedTuple

ENCODINGS = ("utf-8-sig", "cp1252")
csv.field_size_limit(10_000_000)


class BadSheet(Exception):
    """A file that cannot be read as a table."""


class SheetRow(NamedTuple):
    """One row: its number, counted from 1 at the header, and its cells."""

    number: int
    cells: list[str]


class Sheet(NamedTuple):
    """A table: the names of its columns and its rows."""

    header: list[str]
    rows: list[SheetRow]


def read_sheet(path: Path) -> Sheet:
    """Return the table in a CSV file or in the first sheet of an XLSX file; BadSheet otherwise."""
    try:
        is_book = path.suffix.lower() in (".xlsx", ".xlsm")
        lines = list(rows_of_xlsx(path) if is_book else rows_of_csv(path.read_bytes()))
    except OSError as error:
        raise BadSheet(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, csv.Error, zipfile.BadZipFile) as error:
        raise BadSheet(f"{path} cannot be read as a table: {error}") from error
    if not lines:
        raise BadSheet(f"{path} is empty.")
    header, rows = lines[0], lines[1:]
    return Sheet([cell.strip() for cell in header.cells], rows)


def rows_of_csv(raw: bytes) -> Iterator[SheetRow]:
    """Yield the rows of a CSV file that are not empty."""
    reader = csv.reader(io.StringIO(_decoded(raw), newline=""))
    for number, cells in enumerate(reader, start=1):
        if cells:
            yield SheetRow(number, cells)


def _decoded(raw: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def rows_of_xlsx(
    file: Path | IO[bytes], *, max_row: int | None = None, max_col: int | None = None
) -> Iterator[SheetRow]:
    """Yield the rows of the first sheet of a workbook; of formulas, what they last came to."""
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=max_row, max_col=max_col, values_only=True)
        for number, values in enumerate(rows, start=1):
            yield SheetRow(number, [as_text(value) for value in values])
    finally:
        book.close()


def as_text(value: object) -> str:
    """Return a cell as a CSV file would hold it: whole numbers without a point, days in ISO."""
    if value is None:
        return ""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def is_blank(cells: Sequence[str]) -> bool:
    """Return whether nothing stands in any of *cells*."""
    return not any(cell.strip() for cell in cells)
