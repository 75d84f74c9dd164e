"""Files as people send them: read within limits, and refused in words that say what to do."""

from __future__ import annotations

import csv
import zipfile
from typing import IO

from cases.imports.sheets import BadSheet, Sheet, SheetRow, is_blank, rows_of_csv, rows_of_xlsx

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
"""What a workbook may hold unpacked: more is no list of incidents but an attack."""

MOST_ROWS = 5_000
MOST_COLUMNS = 100
ZIPPED, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_upload(file: IO[bytes], *, size: int) -> Sheet:
    """Return the table in an uploaded CSV or XLSX file without its blank rows; BadSheet
    otherwise.
    """
    if size > MOST_BYTES:
        raise BadSheet("The file is larger than 5 MB. Split it, and import the parts.")
    try:
        lines = [row for row in _lines(file) if not is_blank(row.cells)]
    except (ValueError, KeyError, TypeError, csv.Error, zipfile.BadZipFile, SyntaxError) as error:
        raise BadSheet("The file is damaged, or is no table.") from error
    if len(lines) > MOST_ROWS + 1:
        raise BadSheet("The file has more than 5,000 rows. Split it, and import the parts.")
    if not lines:
        raise BadSheet("The file is empty.")
    return Sheet([cell.strip() for cell in lines[0].cells], lines[1:])


def _lines(file: IO[bytes]) -> list[SheetRow]:
    """Return the rows of a file that what it begins with says how to read."""
    head = file.read(4)
    file.seek(0)
    if head == ZIPPED:
        _refuse_bomb(file)
        reach = {"max_row": MOST_ROWS * 2, "max_col": MOST_COLUMNS}
        return [_cut(row) for row in rows_of_xlsx(file, **reach)]
    raw = file.read()
    if head == OLD_EXCEL:
        raise BadSheet("This is an old Excel file. Save it as XLSX or CSV, and choose that.")
    if b"\x00" in raw:
        raise BadSheet("This is neither a CSV nor an XLSX file.")
    return [row for row in rows_of_csv(raw) if len(row.cells) <= MOST_COLUMNS]


def _refuse_bomb(file: IO[bytes]) -> None:
    with zipfile.ZipFile(file) as packed:
        parts = packed.infolist()
    file.seek(0)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadSheet("This workbook unpacks to more than an import takes. Save the one sheet.")
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise BadSheet("This is neither a CSV nor an XLSX file.")


def _cut(row: SheetRow) -> SheetRow:
    """Return a row without the blank cells behind it, which spreadsheets keep for their looks."""
    cells = list(row.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    return SheetRow(row.number, cells)
