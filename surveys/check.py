"""What keeps a form from being asked in a chat, all at once, for the person who wrote it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import regex

from surveys.errors import FormError
from surveys.form import Form, compile_form
from surveys.messages import form_error
from surveys.xlsform import placed

NAME = regex.compile(r"“(?P<name>[^”]+)”")
PATTERN = regex.compile(r"""regex\s*\([^,]+,\s*(?P<quote>["'])(?P<pattern>.*?)(?P=quote)\s*\)""")


def check(converted: Mapping[str, Any]) -> tuple[Form | None, tuple[FormError, ...]]:
    """Compile what `xlsform.convert` returned; return the form and its problems, placed."""
    form, problems = compile_form(converted["xform"], converted.get("attachments"))
    found = [*problems, *(_unanchored(form) if form else ())]
    warnings = [placed("warning.xlsform", text) for text in converted["warnings"]]
    return form, tuple(_placed(error, converted["rows"]) for error in [*found, *warnings])


def is_warning(error: FormError) -> bool:
    """Tell whether a form can be used all the same."""
    return error.code.startswith("warning.")


def _placed(error: FormError, rows: Mapping[str, int]) -> FormError:
    match = NAME.match(error.problem)
    return replace(error, row=rows.get(match["name"])) if match and not error.row else error


def _unanchored(form: Form) -> list[FormError]:
    """Warn of patterns that a part of an answer satisfies: regex() searches, not matches."""
    return [
        form_error("warning.regex", node.path, column="constraint", what=match["pattern"])
        for node in form.nodes.values()
        if node.constraint
        for match in PATTERN.finditer(node.constraint.source)
        if not (match["pattern"].startswith("^") and match["pattern"].endswith("$"))
    ]
