"""XForms expressions: text → syntax tree → closure. No eval."""

from surveys.xpath.context import Context, Document
from surveys.xpath.evaluate import Expression, compile_expression
from surveys.xpath.model import Model
from surveys.xpath.tree import TreeNode, read_tree

__all__ = [
    "Context",
    "Document",
    "Expression",
    "Model",
    "TreeNode",
    "compile_expression",
    "read_tree",
]
