"""XLSForm → XForm XML. The only importer of pyxform, which the running bot never loads."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from surveys.errors import FormError, FormRefused
from surveys.messages import form_error

# More is no form that anybody answers in a chat.
MOST_ROWS = {"survey": 5_000, "choices": 50_000}
MOST_COLUMNS = 300
SUFFIXES = {".md", ".xlsx", ".csv"}
PLACE = re.compile(r"\[row : (?P<row>\d+)\]\s*(?:On the '(?P<sheet>\w+)' sheet, )?")
# How pyxform names a row where it doesn't say its number.
NAMED = re.compile(r"(?:named|type) '(?P<word>[^']+)'")


def convert(path: Path) -> dict[str, Any]:
    """Convert an XLSForm file.

    Returns {"xform": XML, "warnings": [text], "rows": {name of a question, or list/choice: row}}.
    Raises FormRefused with pyxform's reasons, whatever it raised.
    """
    from pyxform.errors import PyXFormError, PyXFormReadError
    from pyxform.xls2xform import convert as pyxform_convert

    if path.suffix not in SUFFIXES:
        raise FormRefused((_unreadable(f"a file {path.suffix or 'without an ending'}"),))
    try:
        source: Any = path.read_text("utf-8-sig") if path.suffix == ".md" else path
        if path.suffix == ".xlsx":
            _skim(path)
        rows = dict(_rows(source, path))
        result = pyxform_convert(xlsform=source, file_type=path.suffix)
    except FormRefused:
        raise
    except PyXFormReadError as error:
        raise FormRefused((_unreadable(type(error).__name__),)) from error
    except PyXFormError as error:
        raise FormRefused((_refusal(str(error), source, path),)) from error
    except Exception as error:
        raise FormRefused((_unreadable(type(error).__name__),)) from error
    return {"xform": result.xform, "warnings": list(result.warnings), "rows": rows}


def placed(code: str, text: str) -> FormError:
    """Return pyxform's message with the sheet and row that it begins with."""
    match = PLACE.search(text)
    if not match:
        return form_error(code, text=text)
    rest = (text[: match.start()] + text[match.end() :]).strip()
    error = form_error(code, sheet=match["sheet"] or "survey", text=rest)
    return replace(error, row=int(match["row"]))


def _unreadable(what: str) -> FormError:
    return form_error("unreadable", what=what)


def _refusal(text: str, source: Any, path: Path) -> FormError:
    """Give pyxform's message its place, or say that there is no form in the file."""
    if text.startswith("Argument "):
        return _unreadable("no survey sheet")
    error, match = placed("xlsform", text), NAMED.search(text)
    if error.row or not match:
        return error
    rows = [at for at, row in _sheet(source, path, "survey") if match["word"] in row.values()]
    return replace(error, sheet="survey", row=rows[0]) if rows else error


def _rows(source: Any, path: Path) -> Iterator[tuple[str, int]]:
    """Yield the row of each question, and of each choice as list/name; the header is row 1.

    What is larger than any form is refused, before pyxform spends its time on it.
    """
    from pyxform.xls2json_backends import get_xlsform

    sheets = get_xlsform(source, path.suffix)
    for at, row in _numbered(sheets, "survey"):
        if "name" in row:
            yield row["name"], at
    for at, row in _numbered(sheets, "choices"):
        yield f"{row.get('list_name', row.get('list name'))}/{row.get('name')}", at


def _sheet(source: Any, path: Path, sheet: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows of a sheet with their numbers, by headings in lower case."""
    from pyxform.xls2json_backends import get_xlsform

    return _numbered(get_xlsform(source, path.suffix), sheet)


def _numbered(sheets: Any, sheet: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    rows = getattr(sheets, sheet) or []
    headings = getattr(sheets, f"{sheet}_header", None) or [{}]
    if len(rows) > MOST_ROWS[sheet]:
        raise FormRefused((_too_large("rows", sheet, MOST_ROWS[sheet]),))
    if max(map(len, [*headings, *rows[:1]])) > MOST_COLUMNS:
        raise FormRefused((_too_large("columns", sheet, MOST_COLUMNS),))
    for at, row in enumerate(rows, 2):
        yield at, {str(heading).strip().lower(): value for heading, value in row.items()}


def _skim(path: Path) -> None:
    """Refuse a workbook with more rows than any form, without reading it all."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    try:
        for sheet, most in MOST_ROWS.items():
            if sheet in book.sheetnames:
                filled = (row for row in book[sheet].iter_rows(values_only=True) if any(row))
                if next(islice(filled, most + 1, None), None):
                    raise FormRefused((_too_large("rows", sheet, most),))
    finally:
        book.close()


def _too_large(what: str, sheet: str, most: int) -> FormError:
    return form_error(f"too_large:{what}", sheet=sheet, sheet_name=sheet, most=most)
