"""The trees that expressions read: the primary instance and the secondary ones.

XPath 1.0, 5 Data Model, as far as forms need it: elements with text, and their attributes.
"""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

NO_ATTRIBUTES: Mapping[str, str] = {}


class TreeNode:
    """An element, an attribute or the root of a tree; `text` is its own, without its children's."""

    __slots__ = ("attributes", "children", "name", "parent", "path", "relevant", "text")

    def __init__(
        self,
        name: str,
        text: str = "",
        parent: "TreeNode | None" = None,
        attributes: Mapping[str, str] = NO_ATTRIBUTES,
        path: str = "",
    ) -> None:
        self.name = name
        self.text = text
        self.parent = parent
        self.attributes = attributes
        self.children: list[TreeNode] = []
        # What the primary instance adds: where the node stands, and whether it is relevant.
        self.path = path
        self.relevant = True

    def child(self, name: str) -> "TreeNode | None":
        """Return the first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def add(self, name: str, text: str = "") -> "TreeNode":
        """Append a child and return it."""
        child = TreeNode(name, text, self)
        self.children.append(child)
        return child

    def string(self) -> str:
        """Return the string-value: the text of the node and of all below it (XPath 1.0, 5.2)."""
        if not self.children:
            return self.text
        return self.text + "".join(child.string() for child in self.children)

    def walk(self) -> Iterator["TreeNode"]:
        """Yield the node and all below it in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def place(self) -> tuple[int, ...]:
        """Return where the node stands in its tree, so that nodes can be put in order."""
        steps: list[int] = []
        node = self
        while node.parent is not None:
            siblings = node.parent.children
            steps.append(next((n for n, s in enumerate(siblings) if s is node), -1))
            node = node.parent
        return tuple(reversed(steps))


def read_tree(element: Element) -> TreeNode:
    """Return an XML element as a tree below a root without a name; namespaces are left out."""
    root = TreeNode("")
    root.children.append(_read(element, root))
    return root


def _read(element: Element, parent: TreeNode) -> TreeNode:
    attributes = {local(name): value for name, value in element.attrib.items()}
    node = TreeNode(local(element.tag), element.text or "", parent, attributes)
    for child in element:
        node.children.append(_read(child, node))
        node.text += child.tail or "" if (child.tail or "").strip() else ""
    if node.children and not node.text.strip():
        node.text = ""
    return node


def local(name: str) -> str:
    """Return an XML name without its namespace."""
    return name.rpartition("}")[2]
