"""XForms expressions: text → syntax tree → closure. No eval."""

from surveys.xpath.evaluate import Context, Expression, compile_expression

__all__ = ["Context", "Expression", "compile_expression"]
