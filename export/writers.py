"""Files: a workbook and a CSV, row by row, private to their owner. Text never becomes a formula."""

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from export.frames import Cell

WIDTH, WIDE = 16, 60


class WorkbookWriter:
    """An XLSX whose sheets grow row by row, in constant memory."""

    def __init__(self, path: Path) -> None:
        # No part of a text may become a formula, a link or a number.
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = Workbook(path, options)
        self._bold = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._wrap = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._next: dict[str, int] = {}
        self._sheets: dict[str, Any] = {}

    def sheet(self, name: str, header: Sequence[str], widths: Sequence[int] = ()) -> None:
        """Begin a sheet with its header, which stays in view."""
        sheet = self._sheets[name] = self._book.add_worksheet(name)
        sheet.set_column(0, max(len(header) - 1, 0), WIDTH)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width, self._wrap)
        sheet.freeze_panes(1, 0)
        for at, text in enumerate(header):
            sheet.write_string(0, at, text, self._bold)
        self._next[name] = 1

    def add(self, name: str, row: Sequence[Cell]) -> None:
        """Add a row to a sheet."""
        for at, cell in enumerate(row):
            if cell is not None:
                self._write(name, at, cell)
        self._next[name] += 1

    def _write(self, name: str, at: int, cell: Cell) -> None:
        sheet, row = self._sheets[name], self._next[name]
        if isinstance(cell, dt.date):
            sheet.write_datetime(row, at, dt.datetime.combine(cell, dt.time()), self._day)
        elif isinstance(cell, int):
            sheet.write_number(row, at, cell)
        else:
            sheet.write_string(row, at, cell)

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


class CsvWriter:
    """A CSV for programs: UTF-8 with a byte-order mark (so that Excel reads Khmer), exact texts."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file)
        self._csv.writerow(header)

    def add(self, row: Sequence[Cell]) -> None:
        """Add a row."""
        self._csv.writerow(["" if cell is None else cell for cell in row])

    def close(self) -> None:
        """Finish the file."""
        self._file.close()
