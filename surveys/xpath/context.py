"""What an expression runs in: a document, and the node it is asked about."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from surveys.xpath.tree import TreeNode


class Document(Protocol):
    """What an expression may ask of the whole form as it is filled in."""

    @property
    def now(self) -> dt.datetime:
        """The time, with its zone."""

    @property
    def language(self) -> str:
        """The language that labels are shown in."""

    @property
    def seed(self) -> int:
        """What all randomness of this interview is drawn from."""

    @property
    def root(self) -> TreeNode:
        """The root above the primary instance."""

    def instance(self, name: str) -> TreeNode | None:
        """Return the root above a secondary instance."""

    def choice_label(self, path: str, value: str) -> str:
        """Return the label of a choice of a question, or the value itself."""

    def text(self, text_id: str) -> str:
        """Return a text of the form by its id."""


class Context:
    """The context of XPath 1.0, 1: a node with its position and size, and the node outside.

    `current` is the node that the whole expression stands on, whatever predicate it is in.
    `slots` holds one node-set for each node of the form outside repeats, in a fixed order.
    """

    __slots__ = ("current", "document", "node", "position", "size", "slots")

    def __init__(
        self,
        document: Document,
        node: TreeNode,
        current: TreeNode | None = None,
        slots: Sequence[tuple[TreeNode, ...]] = (),
    ) -> None:
        self.document = document
        self.node = node
        self.position = 1
        self.size = 1
        self.current = current or node
        self.slots = slots
