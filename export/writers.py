"""Files: a workbook and a CSV, row by row, private to their owner. Text never becomes a formula."""

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xlsxwriter import Workbook

from export.frames import Cell
from surveys.khmer import cut, utf16_length

WIDTH, WIDE = 16, 60
# Excel's limits: rows of a sheet, UTF-16 units of a cell, significant digits of a number, and the
# first day on which it counts days as the calendar does.
MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
MOST_DIGITS = 15
FIRST_DAY = dt.date(1900, 3, 1)


class DoesNotFit(Exception):
    """A sheet can't hold so many columns. Please export the form as CSV."""


@dataclass(slots=True)
class Sheet:
    """A sheet that grows, and the one it is continued in when it is full."""

    name: str
    header: Sequence[str]
    widths: Sequence[int]
    to: Any = None
    row: int = 0
    part: int = 1


class WorkbookWriter:
    """An XLSX whose sheets grow row by row, in constant memory.

    `cut` counts the texts that were too long for a cell; `continued` names the sheets that go on
    where another was full.
    """

    def __init__(self, path: Path, most_rows: int = MOST_ROWS) -> None:
        # No part of a text may become a formula, a link or a number.
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._rows_so_far = TemporaryDirectory(prefix="samleng-")
        self._book = Workbook(path, {**options, "tmpdir": self._rows_so_far.name})
        self._bold = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._wrap = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._most_rows = most_rows
        self._sheets: dict[str, Sheet] = {}
        self.cut = 0
        self.continued: tuple[str, ...] = ()

    def sheet(self, name: str, header: Sequence[str], widths: Sequence[int] = ()) -> None:
        """Begin a sheet with its header, which stays in view."""
        self._sheets[name] = Sheet(name, header, widths)
        self._begin(self._sheets[name], name)

    def _begin(self, sheet: Sheet, name: str) -> None:
        sheet.to = self._book.add_worksheet(name)
        sheet.to.set_column(0, max(len(sheet.header) - 1, 0), WIDTH)
        for at, width in enumerate(sheet.widths):
            sheet.to.set_column(at, at, width, self._wrap)
        sheet.to.freeze_panes(1, 0)
        sheet.row = 0
        for at, text in enumerate(sheet.header):
            self._write(sheet, at, text, self._bold)
        sheet.row = 1

    def add(self, name: str, row: Sequence[Cell]) -> None:
        """Add a row to a sheet, or to its continuation where it is full."""
        sheet = self._sheets[name]
        if sheet.row == self._most_rows:
            sheet.part += 1
            self.continued += (f"{name}_{sheet.part}",)
            self._begin(sheet, self.continued[-1])
        for at, cell in enumerate(row):
            if cell is not None:
                self._write(sheet, at, cell)
        sheet.row += 1

    def _write(self, sheet: Sheet, at: int, cell: Cell, form: Any = None) -> None:
        if isinstance(cell, dt.date) and cell >= FIRST_DAY:
            day = dt.datetime.combine(cell, dt.time())
            failed = sheet.to.write_datetime(sheet.row, at, day, self._day)
        elif isinstance(cell, int | Decimal) and _is_exact(cell):
            failed = sheet.to.write_number(sheet.row, at, float(cell))
        else:
            failed = sheet.to.write_string(sheet.row, at, self._fitting(plain(cell)), form)
        if failed:
            raise DoesNotFit(str(DoesNotFit.__doc__))

    def _fitting(self, text: str) -> str:
        if len(text) <= LONGEST_TEXT // 2 or utf16_length(text) <= LONGEST_TEXT:
            return text
        self.cut += 1
        return cut(text, LONGEST_TEXT)

    def close(self) -> None:
        """Finish the file."""
        try:
            self._book.close()
        finally:
            self._rows_so_far.cleanup()


def _is_exact(number: int | Decimal) -> bool:
    """Tell whether a spreadsheet, which counts in floats, holds a number as it is."""
    return len(Decimal(number).as_tuple().digits) <= MOST_DIGITS


def plain(cell: Cell) -> str:
    """Return a cell as text; never a number in scientific notation."""
    if cell is None:
        return ""
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


class CsvWriter:
    """A CSV for programs: UTF-8 with a byte-order mark (so that Excel reads Khmer), exact texts."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file)
        self._csv.writerow(header)

    def add(self, row: Sequence[Cell]) -> None:
        """Add a row."""
        self._csv.writerow([plain(cell) for cell in row])

    def close(self) -> None:
        """Finish the file."""
        self._file.close()
