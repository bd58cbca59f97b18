"""A form as the engine runs it: XForm XML → Form, with every expression compiled once.

The XForm is the contract (https://getodk.github.io/xforms-spec/); whatever this client can't run
is a FormError, never a surprise while somebody is answering.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from surveys.compiling import FormCompiler
from surveys.controls import KINDS
from surveys.definition import Choice, Form, Label, Node, Question, Repeat
from surveys.errors import FormError, FormRefused
from surveys.messages import form_error

# Elements within each other: more would exhaust Python's stack.
DEEPEST = 100
__all__ = [
    "KINDS",
    "Choice",
    "Form",
    "Label",
    "Node",
    "Question",
    "Repeat",
    "compile_form",
    "load",
]


def load(xform: str, attachments: Mapping[str, bytes] | None = None) -> Form:
    """Compile an XForm; raise FormRefused with everything that keeps it from being asked."""
    form, problems = compile_form(xform, attachments)
    errors = tuple(p for p in problems if not p.code.startswith("warning."))
    if form is None or errors:
        raise FormRefused(errors)
    return form


def compile_form(
    xform: str, attachments: Mapping[str, bytes] | None = None
) -> tuple[Form | None, tuple[FormError, ...]]:
    """Compile an XForm; return the form, or None, and all errors and warnings.

    `attachments` are the files it names (CSV, GeoJSON, XML), by name.
    """
    try:
        document = fromstring(xform)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        # ValueError: a character that XML hasn't.
        return None, (form_error("xml", why=error),)
    if _depth(document) > DEEPEST:
        return None, (form_error("too_deep", most=DEEPEST),)
    compiler = FormCompiler(document, attachments or {})
    form = compiler.form()
    return form, tuple(dict.fromkeys(compiler.problems.found))


def _depth(document: Element) -> int:
    """Count how many elements stand within each other at most."""
    deepest, waiting = 0, [(document, 1)]
    while waiting:
        element, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in element]
    return deepest
