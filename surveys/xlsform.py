"""XLSForm → XForm XML. The only importer of pyxform, which the running bot never loads."""

import re
from pathlib import Path
from typing import Any

from surveys.errors import FormError, FormRefused

SUFFIXES = {".md", ".xlsx", ".csv"}
PLACE = re.compile(r"\[row : (?P<row>\d+)\]\s*(?:On the '(?P<sheet>\w+)' sheet, )?")


def convert(path: Path) -> dict[str, Any]:
    """Convert an XLSForm file.

    Returns {"xform": XML, "warnings": [text], "rows": {question name: row}}.
    Raises FormRefused with pyxform's reasons, whatever it raised.
    """
    from pyxform.xls2xform import convert as pyxform_convert

    source: Any = path.read_text("utf-8-sig") if path.suffix == ".md" else path
    try:
        result = pyxform_convert(xlsform=source, file_type=path.suffix or None)
    except Exception as error:
        raise FormRefused((_refusal(error),)) from error
    return {"xform": result.xform, "warnings": list(result.warnings), "rows": _rows(source, path)}


def _refusal(error: Exception) -> FormError:
    """Give pyxform's message its place; anything but a PyXFormError means a file it can't read."""
    text = str(error)
    if type(error).__name__ != "PyXFormError":
        return FormError(
            "unreadable",
            f"The file can't be read as an XLSForm ({type(error).__name__}).",
            "Please save it as .xlsx, or as a Markdown table with survey, choices and settings.",
        )
    match = PLACE.search(text)
    if not match:
        return FormError("xlsform", text)
    rest = text[match.end() :]
    return FormError("xlsform", rest, sheet=match["sheet"] or "survey", row=int(match["row"]))


def _rows(source: Any, path: Path) -> dict[str, int]:
    """Return the row of each question in the survey sheet; the header is row 1."""
    from pyxform.xls2json_backends import get_xlsform

    survey = get_xlsform(source, path.suffix).survey
    return {row["name"]: at for at, row in enumerate(survey, 2) if "name" in row}
