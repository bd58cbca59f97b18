"""The fixed order in which a form is computed: each node after all it depends on."""

import graphlib
from collections.abc import Iterable, Mapping

from surveys.parts import Node, Question, Repeat
from surveys.problems import Problems


def ordered(
    nodes: Mapping[str, Node],
    questions: Iterable[Question],
    repeats: Mapping[str, Repeat],
    problems: Problems,
) -> tuple[str, ...]:
    """Return the paths of nodes in that order; note where they run in a circle."""
    graph = {path: _depends_on(node, nodes) for path, node in nodes.items()}
    for question in questions:
        if question.itemset:
            graph[question.node.path] |= question.itemset.nodes.references & nodes.keys()
    for path, repeat in repeats.items():
        if repeat.count:
            graph[path] |= repeat.count.references & nodes.keys()
    try:
        return tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        circle = error.args[1]
        names = ", ".join(path.rsplit("/", 1)[-1] for path in circle)
        problems.note("cycle", circle[0], what=names)
        return tuple(nodes)


def _depends_on(node: Node, nodes: Mapping[str, Node]) -> set[str]:
    """Return what must be known before a node's value and relevance are."""
    rules = [rule for rule in (node.relevant, node.calculate) if rule]
    read = {path for rule in rules for path in rule.references}
    return (read | {node.parent}) & nodes.keys()
