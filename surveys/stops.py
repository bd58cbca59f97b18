"""Where an interview stops: at each question that is asked, and behind a repeat. Pure.

A stop is a path: of a question, or of a repeat without its own position (/data/member).
"""

from collections.abc import Iterator

from surveys.definition import Form, plain
from surveys.instance import Instance
from surveys.xpath import Context, TreeNode


def is_repeat(form: Form, stop: str) -> bool:
    """Tell whether a stop asks for one more instance of a repeat."""
    return plain(stop) in form.repeats


def stops(instance: Instance) -> list[str]:
    """Return the stops of this respondent, in the order of the form."""
    asked = [question.path for question in instance.asked()]
    if not instance.form.repeats:
        return asked
    return list(_below(instance, instance.root, frozenset(asked)))


def _below(instance: Instance, node: TreeNode, asked: frozenset[str]) -> Iterator[str]:
    form = instance.form
    children: dict[str, list[TreeNode]] = {}
    for child in node.children:
        children.setdefault(plain(child.path), []).append(child)
    for path in form.children.get(plain(node.path), ()):
        for child in children.get(path, ()):
            if child.path in asked:
                yield child.path
            yield from _below(instance, child, asked)
        if path in form.repeats and _is_offered(instance, node, path, children.get(path, [])):
            yield f"{node.path}/{path.rpartition('/')[2]}"


def _is_offered(instance: Instance, holder: TreeNode, path: str, instances: list[TreeNode]) -> bool:
    """Tell whether one more can be added by hand, of a repeat that asks anything."""
    form = instance.form
    asks = any(question.node.path.startswith(path + "/") for question in form.asked)
    if form.repeats[path].is_fixed or not (asks and holder.relevant):
        return False
    if instances:
        return any(node.relevant for node in instances)
    rule = form.nodes[path].relevant
    # Of a repeat that has no instance, its relevance is that of the one it would get.
    node = TreeNode(path.rpartition("/")[2], "", holder)
    return rule is None or rule.boolean(Context(instance, node, node, instance.slots))
