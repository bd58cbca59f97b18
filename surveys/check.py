"""What keeps a form from being asked in a chat, all at once, for the person who wrote it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import regex

from surveys.attachments import SHOWN, ending
from surveys.errors import FormError
from surveys.form import Form, compile_form
from surveys.instruments import WITH_CODE
from surveys.messages import form_error
from surveys.xlsform import placed

# pyxform takes a file's name where a form has no id; this is an upload's.
NO_ID = "a-form-without-id"
# As long as Telegram lets a link be that names a province too.
FORM_ID = regex.compile(r"[A-Za-z][A-Za-z0-9_-]{0,47}")
VERSION = regex.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
NAME = regex.compile(r"“(?P<name>[^”]+)”")
PATTERN = regex.compile(r"""regex\s*\([^,]+,\s*(?P<quote>["'])(?P<pattern>.*?)(?P=quote)\s*\)""")


def check(converted: Mapping[str, Any]) -> tuple[Form | None, tuple[FormError, ...]]:
    """Compile what `xlsform.convert` returned; return the form and its problems, placed."""
    form, problems = compile_form(converted["xform"], converted.get("attachments"))
    found = [*problems, *([*_unanchored(form), *_unshown(form)] if form else ())]
    warnings = [placed("warning.xlsform", text) for text in converted["warnings"]]
    return form, tuple(_placed(error, converted["rows"]) for error in [*found, *warnings])


def unnamed(form: Form) -> list[FormError]:
    """Return what an upload lacks of a name: a form's id and version stand in links and files."""
    found = []
    if not FORM_ID.fullmatch(form.form_id) or form.form_id == NO_ID:
        found.append(form_error("form_id", sheet="settings", column="form_id"))
    elif form.form_id in WITH_CODE:
        found.append(form_error("form_id:ours", sheet="settings", what=form.form_id))
    if not VERSION.fullmatch(form.version):
        found.append(form_error("version", sheet="settings", column="version"))
    return found


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


def _unshown(form: Form) -> list[FormError]:
    """Return the pictures and sounds that a form names and that aren't there, or can't be sent."""
    found = []
    for file in form.files:
        if file.kind not in SHOWN:
            continue
        place = {"at": file.at, "sheet": file.sheet, "column": file.column}
        if file.name not in form.attached:
            found.append(form_error("chat.file", **place, what=file.name))
        elif ending(file.name) not in SHOWN[file.kind]:
            kinds = ", ".join(SHOWN[file.kind])
            found.append(form_error("chat.file:kind", **place, what=file.name, kinds=kinds))
    return found
