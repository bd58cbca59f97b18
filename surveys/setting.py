"""What a form sets by itself: preloads, dynamic defaults, triggers, values computed only once.

https://getodk.github.io/xforms-spec/#actions and #preload-attributes. Values in, values out.
"""

from collections.abc import Iterable, Mapping

from surveys.actions import CHANGED, FIRST_LOAD, LOAD, NEW_REPEAT
from surveys.datatypes import stored
from surveys.definition import Action, Form, plain
from surveys.instance import Instance, World

Values = Mapping[str, str]


def at_first(form: Form, values: Values, world: World) -> dict[str, str]:
    """Return the values of a new interview: what is known already goes before what is set."""
    opened = {**_preloaded(form, world), **values}
    for action in form.actions:
        if action.events & {FIRST_LOAD, LOAD} and action.target not in values:
            opened = _act(form, opened, world, action, "")
    return remembered(form, opened, world)


def _preloaded(form: Form, world: World) -> dict[str, str]:
    """Return the metadata that is known when an interview begins; a device has none here."""
    now = world.now.isoformat(timespec="milliseconds")
    known = {("timestamp", "start"): now, ("date", "today"): world.now.date().isoformat()}
    nodes = (node for node in form.nodes.values() if node.preload)
    return {n.path: known[n.preload] for n in nodes if n.preload and n.preload in known}


def at_last(form: Form, values: Values, world: World) -> dict[str, str]:
    """Return the values with the time of the end, where the form asks for it."""
    now = world.now.isoformat(timespec="milliseconds")
    ends = (n.path for n in form.nodes.values() if n.preload == ("timestamp", "end"))
    return {**values, **dict.fromkeys(ends, now)}


def after_change(form: Form, values: Values, world: World, path: str) -> dict[str, str]:
    """Return the values after what the change of a question sets off."""
    changed = dict(values)
    for action in form.actions:
        if CHANGED in action.events and action.trigger == plain(path):
            changed = _act(form, changed, world, action, path)
    return remembered(form, changed, world)


def after_growth(form: Form, values: Values, world: World, new: Iterable[str]) -> dict[str, str]:
    """Return the values after new instances of repeats, given by their paths, were filled."""
    grown = dict(values)
    for path in new:
        for action in form.actions:
            if NEW_REPEAT in action.events and action.target.startswith(plain(path) + "/"):
                grown = _act(form, grown, world, action, path + "/")
    return remembered(form, grown, world)


def remembered(form: Form, values: Values, world: World) -> dict[str, str]:
    """Keep what stays although its reason may go: what once() computed, how many a count asked for.

    https://getodk.github.io/xforms-spec/#fn:once; a count that is blank again changes nothing, as
    in ODK Web Forms.
    """
    counted = [repeat.path for repeat in form.repeats.values() if repeat.count]
    if not (form.once or counted):
        return dict(values)
    instance = Instance(form, values, world)
    nodes = [node for path in form.once for node in instance.nodes(path)]
    once = {node.path: node.text for node in nodes if node.text != ""}
    return {**values, **once, **instance.counts(counted)}


def _act(form: Form, values: Values, world: World, action: Action, near: str) -> dict[str, str]:
    """Set the target of an action, in the instance of the repeat that it happens in."""
    instance = Instance(form, values, world)
    targets = [node for node in instance.nodes(action.target) if _is_near(form, node.path, near)]
    type_ = form.nodes[action.target].type
    found = {}
    for node in targets:
        context = instance.at(node.path)
        text = action.value.string(context) if action.value else action.text
        found[node.path] = stored(type_, text)
    return {**values, **found}


def _is_near(form: Form, target: str, near: str) -> bool:
    """Tell whether a node stands in the same instances of repeats as a path, as far as it can."""
    shared = form.model.shared_repeat(plain(target), plain(near).rstrip("/"))
    steps = shared.count("/") + 1 if shared else 0
    return target.split("/")[:steps] == near.split("/")[:steps]
