"""What happens by itself: values set when a form is opened, or when a question changes.

https://getodk.github.io/xforms-spec/#actions
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from surveys.definition import Action
from surveys.namespaces import XF, bare, local

if TYPE_CHECKING:
    from surveys.compiling import FormCompiler

FIRST_LOAD, LOAD = "odk-instance-first-load", "odk-instance-load"
CHANGED, NEW_REPEAT = "xforms-value-changed", "odk-new-repeat"
# The names of XForms 1.1 for the same.
OLDER = {"xforms-ready": FIRST_LOAD}
EVENTS = frozenset({FIRST_LOAD, LOAD, CHANGED, NEW_REPEAT})


def read_actions(compiler: "FormCompiler", model: Element, body: Element) -> tuple[Action, ...]:
    """Return the setvalues of a model and a body, in document order."""
    in_model = (_action(compiler, e, "", "") for e in model.findall(f"{XF}setvalue"))
    return tuple(action for action in (*in_model, *_below(compiler, body, "")) if action)


def _below(compiler: "FormCompiler", element: Element, place: str) -> Iterator[Action | None]:
    """Yield the setvalues in controls and repeats."""
    for child in element:
        here = bare(child.get("nodeset", "")) if local(child) == "repeat" else place
        for found in child.findall(f"{XF}setvalue"):
            trigger = bare(child.get("ref") or "")
            yield _action(compiler, found, trigger, here)
        yield from _below(compiler, child, here)


def _action(compiler: "FormCompiler", element: Element, trigger: str, place: str) -> Action | None:
    target = bare(element.get("ref", ""))
    # Only entities have attributes, and unsupported.py says that none are made.
    if "@" in target:
        return None
    if target not in compiler.model.slots:
        compiler.problems.note("reference", what=target)
        return None
    column = "trigger" if trigger else "default"
    source = element.get("value", "")
    value = compiler.expression(source, target, column) if source else None
    events = frozenset(OLDER.get(name, name) for name in element.get("event", "").split())
    return Action(events, target, value, (element.text or "").strip(), trigger, place)
